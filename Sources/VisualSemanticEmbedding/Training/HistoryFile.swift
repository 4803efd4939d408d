internal import DataFormats

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A text file to which a line is added for each scoring of the development set.
///
/// The descriptor is owned by this object and closed with it.
final class HistoryFile {
  let path: String
  private let descriptor: Int32
  private(set) var byteCount: Int

  /// Opens or creates the file and cuts it to its first `byteCount` bytes.
  init(path: String, keeping byteCount: Int) throws(FileError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    self.path = path
    guard descriptor >= 0 else { throw FileError(code: errno, path: path, operation: .write) }
    let length = lseek(descriptor, 0, SEEK_END)
    self.byteCount = min(byteCount, max(0, Int(length)))
    guard length < 0 || ftruncate(descriptor, off_t(self.byteCount)) == 0,
      length < 0 || lseek(descriptor, off_t(self.byteCount), SEEK_SET) >= 0
    else {
      let code = errno
      close(descriptor)
      throw FileError(code: code, path: path, operation: .write)
    }
  }

  deinit { close(descriptor) }

  /// Adds a line and waits until it is on the disk.
  func append(_ line: String) throws(FileError) {
    let bytes = Array((line + "\n").utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(code: errno, path: path, operation: .write)
      }
      written += count
    }
    byteCount += written
    fsync(descriptor)
  }
}
