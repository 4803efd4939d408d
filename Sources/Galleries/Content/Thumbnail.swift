/// A small JPEG of a photo.
package struct Thumbnail: Sendable, Equatable {
  package var jpeg: [UInt8]
  package var width: Int
  package var height: Int

  package init(jpeg: [UInt8], width: Int, height: Int) {
    self.jpeg = jpeg
    self.width = width
    self.height = height
  }
}

/// What makes thumbnails; galleries themselves know no format of photos.
package protocol ThumbnailMaker {
  /// A thumbnail of the photo at `path`.
  /// - Throws: `ThumbnailFailure` when there is none of this photo; any other error ends the work.
  func thumbnail(ofPhotoAt path: String) throws -> Thumbnail
}

/// A photo of which there is no thumbnail, and why, in a few words.
package struct ThumbnailFailure: Error, Equatable, Sendable {
  package let reason: String

  package init(reason: String) { self.reason = reason }
}
