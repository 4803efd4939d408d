public import DataFormats

/// Why a published file could not be had.
public enum DownloadError: Error, Equatable, Sendable {
  /// A file of this machine cannot be read or written.
  case file(FileError)
  /// An archive that was on this machine is not unpacked.
  case unpacking(UnpackingError)
  /// An archive that was fetched is not unpacked; it was removed.
  case unpackingFetched(UnpackingError, DownloadOrigin)
  /// The text is neither an address of http, https or a file, nor a folder's path.
  case badMirror(String)
  /// A mirror in a folder of this machine does not hold the file.
  case notInMirror(path: String)
  /// No answer, or not whole, after all attempts; so many bytes are kept for the next run.
  case transfer(DownloadOrigin, TransferFailure, kept: Int)
  /// The host answers that it has no such file any more.
  case gone(DownloadOrigin, status: Int)
  /// The host does not give the file to just anybody.
  case forbidden(DownloadOrigin, status: Int)
  /// The host could not answer, also not after all attempts.
  case hostFailed(DownloadOrigin, status: Int, kept: Int)
  /// An answer that no request for a file should get.
  case unexpectedStatus(DownloadOrigin, status: Int)
  /// A redirect that leads to no address of the web.
  case badRedirect(DownloadOrigin, location: String)
  /// A redirect from https to http.
  case insecureRedirect(DownloadOrigin, location: String)
  /// More redirects in a row than any honest host needs.
  case tooManyRedirects(DownloadOrigin)
  /// The host sends parts of the file that do not fit together, after all attempts.
  case inconsistentParts(DownloadOrigin)
  /// The host sends the file in an encoding that was not asked for.
  case encoded(DownloadOrigin, encoding: String)
  /// What comes is something else, such as a page that says that the file is gone.
  case wrongContent(place: String, fileName: String, expected: String, found: String)
  /// The SHA-256 of what came does not begin as the published file's does.
  case wrongChecksum(place: String, fileName: String, expected: String, found: String)
  /// The folder that files are to go to is not there and cannot be made.
  case noFolder(path: String)
  /// A file stands where a folder is to go, or the other way round.
  case blocked(path: String)
  /// The file system has too little room.
  case noRoom(folder: String, needed: Int, free: Int)
  /// Another process is at the same download.
  case busy(path: String)
  /// Stopped as asked; so many bytes are kept for the next run.
  case interrupted(kept: Int)

  /// Whether what came is something else than the published file.
  var isOfContent: Bool {
    switch self {
    case .wrongContent, .wrongChecksum: true
    default: false
    }
  }
}

/// What `body` returns; what it throws becomes an error of a download.
func withDownloadErrors<Result>(_ body: () throws(FileError) -> Result) throws(DownloadError) -> Result {
  do { return try body() } catch { throw .file(error) }
}
