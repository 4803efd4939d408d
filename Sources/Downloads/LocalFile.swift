internal import DataFormats
internal import Foundation

/// A file of this machine that is read from its beginning to its end.
///
/// It is read, not mapped: gigabytes that are mapped count as this process's memory.
final class LocalFile {
  /// What was read.
  struct Digest {
    var bytes: Int
    var sha256: String
  }

  let path: String
  let count: Int
  /// Open for reading until this object goes.
  private let descriptor: Int32

  /// The number of bytes that are read at once.
  private static let pieceSize = 1 << 20

  /// Opens the file; throws when it cannot be read, or is a folder, a pipe or a device.
  init(path: String) throws(DownloadError) {
    self.path = path
    // Without O_NONBLOCK, opening a named pipe waits for its writer, maybe for ever.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .file(FileError(code: errno, path: path, operation: .open)) }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    count = Int(status.st_size)
    guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
      _ = close(descriptor)
      throw .file(status.st_mode & S_IFMT == S_IFDIR ? .isFolder(path: path) : .notRegularFile(path: path))
    }
  }

  deinit { _ = close(descriptor) }

  /// Looks at the beginning and the end.
  /// - Parameter place: where the file is from, for the message.
  /// - Throws: `DownloadError.wrongContent` when it is not what it should be.
  func check(is published: PublishedFile, from place: String) throws(DownloadError) {
    let content = published.content
    let leading = try bytes(at: 0, count: PublishedContent.leadingCount)
    let begins = content.accepts(leading)
    guard begins, content.canEnd(with: try bytes(at: max(0, count - 1), count: 1).last) else {
      throw .wrongContent(
        place: place, fileName: published.fileName, expected: content.name,
        found: begins ? "the beginning of one" : PublishedContent.described(leading))
    }
  }

  /// - Parameter kept: the bytes that are kept when this is stopped, for the message.
  func hash(_ monitor: DownloadMonitor, kept: Int) throws(DownloadError) -> Digest {
    var sha256 = SHA256()
    try read(monitor, kept: kept) { bytes, done throws(DownloadError) in
      sha256.update(bytes)
      monitor.report(.hashed(done, total: count))
    }
    return Digest(bytes: count, sha256: sha256.finalized())
  }

  /// Copies the file, which is seen at `destination` when it is whole.
  func copy(to destination: String, _ monitor: DownloadMonitor) throws(DownloadError) -> Digest {
    let copy = try withDownloadErrors { () throws(FileError) in try ReplacingFile(path: destination) }
    var sha256 = SHA256()
    try read(monitor, kept: 0) { bytes, done throws(DownloadError) in
      try withDownloadErrors { () throws(FileError) in try copy.write(bytes) }
      sha256.update(bytes)
      monitor.report(.copied(done, total: count))
    }
    try withDownloadErrors { () throws(FileError) in try copy.commit() }
    return Digest(bytes: count, sha256: sha256.finalized())
  }

  /// Calls `body` with the bytes piece by piece, and with how many were given until then.
  private func read(
    _ monitor: DownloadMonitor, kept: Int,
    _ body: (_ bytes: UnsafeRawBufferPointer, _ done: Int) throws(DownloadError) -> Void
  ) throws(DownloadError) {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
    defer { piece.deallocate() }
    var done = 0
    while done < count {
      try monitor.check(kept: kept)
      let got = try read(into: UnsafeMutableRawBufferPointer(rebasing: piece.prefix(count - done)), at: done)
      done += got
      try body(UnsafeRawBufferPointer(rebasing: piece.prefix(got)), done)
    }
  }

  private func bytes(at offset: Int, count: Int) throws(DownloadError) -> [UInt8] {
    guard offset < self.count else { return [] }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { buffer.deallocate() }
    return Array(buffer.prefix(try read(into: buffer, at: offset)))
  }

  /// Reads at least one byte of those that the file had when it was opened.
  private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DownloadError) -> Int {
    while true {
      let got = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
      if got > 0 { return got }
      guard got < 0, errno == EINTR else {
        // Another program has shortened it meanwhile.
        throw .file(FileError(code: got < 0 ? errno : EIO, path: path, operation: .open))
      }
    }
  }
}
