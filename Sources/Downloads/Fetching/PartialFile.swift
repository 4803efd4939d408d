internal import DataFormats
internal import Foundation

/// A file on its way: `NAME.part`, and beside it `NAME.part.json`, which says what its bytes are.
///
/// Bytes count as kept when the record says so, and it is written after they were flushed: a crash of the
/// machine cannot leave a hole among kept bytes. While this object lives, it holds a lock, which the system lifts
/// however the process ends.
final class PartialFile {
  /// The path of `NAME.part`.
  let path: String
  /// What is known of the bytes; as on disk, but for `bytes`, which runs ahead between checkpoints.
  private(set) var record: PartialFileRecord
  private let recordPath: String
  /// Open and standing at the end of the kept bytes, until this object goes.
  private let descriptor: Int32

  /// The number of bytes that are here.
  var count: Int { record.bytes }

  /// Opens what is kept of the file to be at `target`, or begins it.
  init(target: String) throws(DownloadError) {
    path = target + ".part"
    recordPath = path + ".json"
    descriptor = try Self.openLocked(path)
    record = PartialFileRecord(path: recordPath) ?? PartialFileRecord()
    do throws(DownloadError) {
      // What lies beyond the record was not flushed, and what the record has and the file has not is lost.
      let size = lseek(descriptor, 0, SEEK_END)
      if size < record.bytes { record = PartialFileRecord() }
      try truncate()
    } catch {
      _ = close(descriptor)
      throw error
    }
  }

  deinit { _ = close(descriptor) }

  /// Appends bytes, which become kept with the next checkpoint.
  func append(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
    let code = OpenFile.write(bytes, to: descriptor)
    guard code == 0 else { throw failure(code, .write) }
    record.bytes += bytes.count
  }

  /// Makes what is here last.
  func checkpoint() throws(DownloadError) {
    let code = OpenFile.synchronize(descriptor)
    guard code == 0 else { throw failure(code, .synchronize) }
    try writeRecord()
  }

  /// Notes how many bytes the whole file has.
  func note(total: Int) { record.total = total }

  /// Drops all bytes and begins anew with what `record` says.
  func restart(_ record: PartialFileRecord) throws(DownloadError) {
    // In this order, so that no crash leaves a record of bytes that are of another file.
    self.record = record
    self.record.bytes = 0
    try writeRecord()
    try truncate()
  }

  /// Notes that nothing is missing.
  func markComplete() throws(DownloadError) {
    record.isComplete = true
    try checkpoint()
  }

  /// Puts the file, which is complete, in its place.
  func move(to target: String) throws(DownloadError) {
    guard rename(path, target) == 0 else {
      throw .file(FileError(code: errno, path: target, operation: .replace))
    }
    _ = unlink(recordPath)
    let code = OpenFile.synchronizeFolder(FilePath.folder(of: target))
    guard code == 0 else { throw .file(FileError(code: code, path: target, operation: .synchronize)) }
  }

  /// Removes the file and its record.
  func remove() {
    _ = unlink(recordPath)
    _ = unlink(path)
  }

  private func writeRecord() throws(DownloadError) {
    try withDownloadErrors { () throws(FileError) in try record.write(to: recordPath) }
  }

  private func truncate() throws(DownloadError) {
    guard ftruncate(descriptor, off_t(record.bytes)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw failure(errno, .write)
    }
  }

  private func failure(_ code: Int32, _ operation: FileError.Operation) -> DownloadError {
    .file(FileError(code: code, path: path, operation: operation))
  }

  /// Opens or makes the file, and locks it.
  private static func openLocked(_ path: String) throws(DownloadError) -> Int32 {
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard descriptor >= 0 else {
        throw .file(FileError(code: errno, path: path, operation: .write))
      }
      // Where locks do not work, two processes are the user's affair.
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
        _ = close(descriptor)
        throw .busy(path: path)
      }
      // Another process may have moved the file to its place just before it let go of the lock.
      var opened = stat()
      var named = stat()
      if fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino,
        opened.st_dev == named.st_dev
      {
        return descriptor
      }
      _ = close(descriptor)
    }
  }
}
