import DataFormats
import Galleries
import ImageFeatures

/// Makes the thumbnails of a gallery of photos in files.
struct PhotoThumbnails: ThumbnailMaker {
  /// Fits a phone's half and a card's side, and takes some 10 KB.
  private static let longestSide = 224
  private static let quality = 75

  func thumbnail(ofPhotoAt path: String) throws -> Thumbnail {
    do {
      let photo = try Photo(contentsOf: path, smallestSide: Self.longestSide)
      let thumbnail = try photo.thumbnail(longestSide: Self.longestSide, quality: Self.quality)
      return Thumbnail(jpeg: thumbnail.jpeg, width: thumbnail.width, height: thumbnail.height)
    } catch let error as PhotoError where !error.concernsAllPhotos {
      throw ThumbnailFailure(reason: error.shortReason)
    } catch ThumbnailError.failed {
      throw ThumbnailFailure(reason: "no thumbnail could be made of the photo")
    }
  }
}

extension PhotoError {
  /// Why there is nothing to be seen, without the path.
  fileprivate var shortReason: String {
    switch self {
    case .unreadable(.notFound(path: _)): "there is no such photo"
    case .unreadable: "the photo cannot be read"
    case .empty: "the file is empty"
    case .fileTooLarge, .tooManyPixels, .tooManyScans: "the photo is too large"
    case .unknownFormat, .formatNotInstalled: "a format that is not read here"
    case .damaged, .mostlyMissing: "the photo is damaged"
    case .unsupportedColours: "colours that are not known"
    case .outOfMemory: "the photo does not fit into memory"
    case .noDecoder: "photos cannot be decoded here"
    }
  }
}
