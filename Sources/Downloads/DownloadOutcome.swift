/// How a download ended.
public enum DownloadOutcome: Sendable, Equatable {
  /// Nothing was done: it is all there.
  case alreadyPresent(path: String)
  /// It was fetched and stored.
  case stored(StoredDownload)
}

/// What a download has put in its place.
public struct StoredDownload: Sendable, Equatable {
  /// The folder or the file.
  public var path: String
  /// The files that were put there.
  public var files: Int
  /// Their bytes.
  public var bytes: Int
  /// Files of the archive that were there before and stay as they were, relative to `path`.
  public var keptFiles: [String]
  /// Where the archive or file came from: an address, or a path of this machine.
  public var source: String
  /// The SHA-256 of the archive or file, 64 hexadecimal digits.
  public var sha256: String
  /// The number of its bytes.
  public var sourceBytes: Int
  /// Where the archive is, when it is kept.
  public var archive: String?
}
