public import Foundation

/// What the file system refused, with the path it was about.
public enum FileError: Error, Equatable, Sendable {
  /// What was being done to the file.
  public enum Operation: String, Sendable {
    /// To open it.
    case open
    /// To map it into memory.
    case map
    /// To write to it.
    case write
    /// To put a new file in its place.
    case replace
    /// To wait until it is on disk.
    case synchronize = "flush to disk"
  }

  /// There is no such file.
  case notFound(path: String)
  /// The folder that is to hold `path` does not exist or is not a folder.
  case missingFolder(folder: String, path: String)
  /// The file or its folder may not be read or written by this user.
  case permissionDenied(path: String, operation: Operation)
  /// The path names a folder where a file is needed.
  case isFolder(path: String)
  /// The path names a pipe, socket or device where a file that can be mapped is needed.
  case notRegularFile(path: String)
  /// The disk, or this user's share of it, is full.
  case diskFull(path: String)
  /// The file system is mounted read-only.
  case readOnlyFileSystem(path: String)
  /// The writer was already committed, cancelled or stopped by an earlier error.
  case alreadyClosed(path: String)
  /// Any other failure, with the system's error code (`errno`).
  case system(path: String, operation: Operation, code: Int32)

  /// Turns `errno` into the case that fits it.
  package init(code: Int32, path: String, operation: Operation) {
    switch (code, operation) {
    case (ENOENT, .open), (ENOENT, .map), (ENOTDIR, .open): self = .notFound(path: path)
    case (ENOENT, _), (ENOTDIR, _): self = .missingFolder(folder: FilePath.folder(of: path), path: path)
    case (EACCES, _), (EPERM, _): self = .permissionDenied(path: path, operation: operation)
    case (EISDIR, _): self = .isFolder(path: path)
    case (ENOSPC, _), (EDQUOT, _): self = .diskFull(path: path)
    case (EROFS, _): self = .readOnlyFileSystem(path: path)
    default: self = .system(path: path, operation: operation, code: code)
    }
  }
}

extension FileError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .notFound(let path): "there is no file \(quoted(path)); check the path"
    case .missingFolder(let folder, let path):
      "cannot write \(quoted(path)): there is no folder \(quoted(folder)); make it first (mkdir -p)"
    case .permissionDenied(let path, .open), .permissionDenied(let path, .map):
      "cannot read \(quoted(path)): permission denied; make it readable for this user (chmod u+r)"
    case .permissionDenied(let path, let operation):
      "cannot \(operation.rawValue) \(quoted(path)): permission denied; choose a place this user may write to"
    case .isFolder(let path): "\(quoted(path)) is a folder; name a file"
    case .notRegularFile(let path):
      "\(quoted(path)) is a pipe or device where a file is needed; save it as a file first"
    case .diskFull(let path):
      "cannot write \(quoted(path)): the disk or quota is full; free some space or choose another disk"
    case .readOnlyFileSystem(let path):
      "cannot write \(quoted(path)): the file system is read-only; choose another place"
    case .alreadyClosed(let path):
      "cannot write \(quoted(path)): its writer is already closed; begin again with a new one"
    case .system(let path, let operation, let code):
      "cannot \(operation.rawValue) \(quoted(path)): \(String(cString: strerror(code))) (error \(code)); "
        + "check the path and the disk"
    }
  }
}
