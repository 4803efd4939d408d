internal import CImaging
public import Foundation

/// A small JPEG of a photo, without EXIF or profile.
public struct PhotoThumbnail: Sendable, Equatable {
  /// The bytes of the file.
  public let jpeg: [UInt8]
  /// Pixels of a row.
  public let width: Int
  /// Rows.
  public let height: Int
}

/// Why no thumbnail could be made of a decoded photo.
public enum ThumbnailError: Error, Equatable, Sendable {
  /// This machine's libvips cannot write JPEGs.
  case noEncoder
  /// The picture could not be made smaller or written.
  case failed
}

extension Photo {
  /// A small JPEG of the photo.
  ///
  /// - Parameters:
  ///   - longestSide: the most pixels of its longer side, 1 to 4096.
  ///   - quality: 1 to 100.
  public func thumbnail(longestSide: Int, quality: Int) throws(ThumbnailError) -> PhotoThumbnail {
    precondition((1...Int(CIMAGING_LONGEST_THUMBNAIL)).contains(longestSide), "no such size")
    precondition((1...100).contains(quality), "no such quality")
    var picture = picture
    var jpeg = cimaging_jpeg()
    let status = cimaging_thumbnail(&picture, longestSide, Int32(quality), &jpeg)
    guard status == CIMAGING_OK else { throw status == CIMAGING_NO_ENCODER ? .noEncoder : .failed }
    defer { cimaging_jpeg_release(&jpeg) }
    return PhotoThumbnail(
      jpeg: Array(UnsafeBufferPointer(start: jpeg.bytes, count: jpeg.count)), width: jpeg.width,
      height: jpeg.height)
  }
}

extension ThumbnailError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .noEncoder: "this machine's libvips cannot write JPEGs; install one that has libjpeg"
    case .failed: "no thumbnail could be made of the photo; is there enough memory?"
    }
  }
}
