public import DataFormats
public import Foundation

/// Why an archive is not unpacked. Nothing of it is kept then.
public enum UnpackingError: Error, Equatable, Sendable {
  /// The archive, or one of its entries, is damaged or of a kind that is not understood.
  case zip(ZipError)
  /// The name of an entry is no plain path within the archive's folder.
  case unsafeName(archive: String, entry: String, reason: String)
  /// An entry is a symbolic link, a device or anything else that is neither file nor folder.
  case notFile(archive: String, entry: String)
  /// Two entries would be one file, on some system at least.
  case clashingNames(archive: String, entry: String, other: String)
  /// More entries than any published archive has.
  case tooManyEntries(archive: String, count: Int, limit: Int)
  /// The archive would become more than it can hold honestly.
  case bomb(archive: String, bytes: Int, archiveBytes: Int)
  /// The archive lacks what it is fetched for.
  case incomplete(archive: String, missing: [String])
}

extension UnpackingError {
  /// Whether the archive is to blame and not this machine, so that only another copy can help.
  var isOfArchive: Bool {
    switch self {
    case .zip(.file), .zip(.outOfMemory): false
    default: true
    }
  }
}

extension UnpackingError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .zip(let error): error.description
    case .unsafeName(let archive, let entry, let reason):
      "\(quoted(archive)) is not unpacked: its entry \(quoted(entry, limit: 80)) \(reason), as no honest archive's "
        + "does; get it elsewhere"
    case .notFile(let archive, let entry):
      "\(quoted(archive)) is not unpacked: its entry \(quoted(entry, limit: 80)) is a link or a device, not a file; "
        + "get it elsewhere"
    case .clashingNames(let archive, let entry, let other):
      "\(quoted(archive)) is not unpacked: its entries \(quoted(other, limit: 80)) and "
        + "\(quoted(entry, limit: 80)) would be one file; get it elsewhere"
    case .tooManyEntries(let archive, let count, let limit):
      "\(quoted(archive)) is not unpacked: it has \(count) entries where at most \(limit) are expected; "
        + "get it elsewhere"
    case .bomb(let archive, let bytes, let archiveBytes):
      "\(quoted(archive)) is not unpacked: its \(byteText(archiveBytes)) would become \(byteText(bytes)), as no "
        + "honest archive's do; get it elsewhere"
    case .incomplete(let archive, let missing):
      "\(quoted(archive)) holds no \(missing.joined(separator: ", ")); check that it is the right archive"
    }
  }
}
