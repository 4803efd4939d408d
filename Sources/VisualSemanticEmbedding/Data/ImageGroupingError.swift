public import Foundation

/// Why captions cannot be grouped into images.
public enum ImageGroupingError: Error, Equatable, Sendable {
  /// The captions are no multiple of the number for each image.
  case notAMultiple(captions: Int, captionFile: String, captionsPerImage: Int)
  /// The captions are no multiple of the rows of image features.
  case countsDoNotMatch(captions: Int, captionFile: String, imageRows: Int, imageFile: String)
  /// There are more or fewer identifiers than captions.
  case identifiersDoNotMatch(identifiers: Int, identifierFile: String, captions: Int, captionFile: String)
  /// A line names no image.
  case blankIdentifier(file: String, line: Int)
}

extension ImageGroupingError: CustomStringConvertible, LocalizedError {
  /// The same message as `description`.
  public var errorDescription: String? { description }

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .notAMultiple(let captions, let captionFile, let captionsPerImage):
      "\(captionFile): \(captions) captions are no multiple of \(captionsPerImage) captions an image; "
        + "check that the file is whole"
    case .countsDoNotMatch(let captions, let captionFile, let imageRows, let imageFile):
      "\(captionFile) has \(captions) captions, \(imageFile) has \(imageRows) rows; the captions should be as "
        + "many as the rows or a multiple of them (with several rows for each image, give --crops)"
    case .identifiersDoNotMatch(let identifiers, let identifierFile, let captions, let captionFile):
      "\(identifierFile) has \(identifiers) lines, \(captionFile) has \(captions) captions; there should be "
        + "a line for each caption"
    case .blankIdentifier(let file, let line):
      "\(file), line \(line): no identifier here; every line should name the image of its caption"
    }
  }
}
