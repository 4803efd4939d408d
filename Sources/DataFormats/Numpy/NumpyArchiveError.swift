public import Foundation

/// Why a .npz archive, or an array in it, cannot be read or written.
public enum NumpyArchiveError: Error, Equatable, Sendable {
  /// The zip archive cannot be read or written.
  case zip(ZipError)
  /// An array of the archive cannot be read or written; the path of the error ends with the member's name.
  case array(NumpyError)
  /// The archive has no array of this name.
  case noArray(path: String, name: String)
}

extension NumpyArchiveError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .zip(let error): error.description
    case .array(let error): error.description
    case .noArray(let path, let name):
      "\(quoted(path)) has no array \(quoted(name, limit: 80)); see what it has with vse info"
    }
  }
}
