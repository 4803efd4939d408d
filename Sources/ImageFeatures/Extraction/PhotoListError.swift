public import DataFormats
public import Foundation

/// Why there is no list of photos.
public enum PhotoListError: Error, Equatable, Sendable {
  /// A file or a folder cannot be read.
  case unreadable(FileError)
  /// A folder holds no file with the ending of a photo.
  case noPhotos(folder: String)
  /// There is no photo at all.
  case nothing
  /// Two photos have one name.
  case namedTwice(name: String)
  /// A name has a line break.
  case nameOfSeveralLines(name: String)
  /// The list is not UTF-8.
  case notText(path: String)
}

extension PhotoListError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .noPhotos(let folder):
      "\(quoted(folder)) holds no photos (\(PhotoNaming.endings.sorted().joined(separator: ", "))); check the path"
    case .nothing: "there are no photos; name files or folders, or a list of them"
    case .namedTwice(let name): "\(quoted(name)) is named twice; leave one out"
    case .nameOfSeveralLines(let name):
      "the name \(quoted(name)) has a line break, which the list of names cannot hold; rename the file"
    case .notText(let path): "\(quoted(path)) is not a list in UTF-8, a name a line; save it as one"
    }
  }
}
