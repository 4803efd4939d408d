internal import DataFormats
internal import Foundation

/// A text file to which a line is added for each scoring of the development set.
///
/// The descriptor is owned by this object and closed with it. As long as it is open the file is locked: two
/// runs of one output would write each other's files. The system lifts the lock when a process ends.
final class HistoryFile {
  let path: String
  private let descriptor: Int32
  private(set) var byteCount = 0

  /// Opens or creates the file, whose bytes stay as they are.
  /// - Throws: `TrainingError.runInProgress` while another object has it open, and `FileError`.
  init(path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    self.path = path
    guard descriptor >= 0 else { throw FileError(code: errno, path: path, operation: .write) }
    // Where locks do not work (some network file systems) the run goes on without one.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw TrainingError.runInProgress(history: path)
    }
  }

  /// Cuts the file to its first `byteCount` bytes, after which lines are added.
  func keep(byteCount: Int) throws(FileError) {
    let length = lseek(descriptor, 0, SEEK_END)
    self.byteCount = min(byteCount, max(0, Int(length)))
    guard length < 0 || ftruncate(descriptor, off_t(self.byteCount)) == 0,
      length < 0 || lseek(descriptor, off_t(self.byteCount), SEEK_SET) >= 0
    else { throw FileError(code: errno, path: path, operation: .write) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Adds a line and waits until it is on the disk.
  func append(_ line: String) throws(FileError) {
    let bytes = Array((line + "\n").utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        _ = ftruncate(descriptor, off_t(byteCount))  // no part of a line stays
        throw FileError(code: code, path: path, operation: .write)
      }
      written += count
    }
    byteCount += written
    fsync(descriptor)
  }
}
