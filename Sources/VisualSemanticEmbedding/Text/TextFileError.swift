public import Foundation

/// Why a text file of a dataset could not be read.
public enum TextFileError: Error, Equatable, Sendable {
  /// What a text file holds, so that a message can say what to put there.
  public enum Contents: Sendable {
    /// A caption a line.
    case captions
    /// A word a line.
    case vocabulary
    /// The image of each caption, one a line.
    case imageIdentifiers
    /// Images and captions, in one of the formats that `vse prepare` reads.
    case captionSource
    /// The name of a photo a line.
    case photoNames
  }

  /// There is no such file.
  case missing(file: String, contents: Contents)
  /// The system refuses to open or read the file, for the given reason.
  case unreadable(file: String, reason: String)
  /// The file has no bytes.
  case empty(file: String, contents: Contents)
  /// The file has lines, but all of them are blank.
  case blank(file: String, lines: Int, contents: Contents)
  /// The file is longer than the given number of bytes.
  case tooLarge(file: String, byteLimit: Int)
}

extension TextFileError: CustomStringConvertible, LocalizedError {
  /// The same message as `description`.
  public var errorDescription: String? { description }

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .missing(let file, let contents):
      "\(file): no such file; check the name, it should hold \(contents.remedy)"
    case .unreadable(let file, let reason):
      "\(file): cannot be read (\(reason)); check that it is a file and that you may read it"
    case .empty(let file, let contents):
      "\(file): the file is empty; it should hold \(contents.remedy)"
    case .blank(let file, let lines, let contents):
      "\(file): all of its lines (\(lines)) are blank; it should hold \(contents.remedy)"
    case .tooLarge(let file, let byteLimit):
      "\(file): longer than \(byteLimit) bytes; split it into smaller files"
    }
  }
}

extension TextFileError.Contents {
  fileprivate var remedy: String {
    switch self {
    case .captions: "a caption a line, its words parted by spaces"
    case .vocabulary: "a word a line"
    case .imageIdentifiers: "the identifier of each caption's image, one a line"
    case .captionSource: "images and their captions"
    case .photoNames: "the name of a photo a line"
    }
  }
}
