import Foundation

/// Writes a file beside its place and puts it there with one rename: a crash leaves the old file or the new
/// one, never a part.
///
/// Nothing is visible at `path` until `commit()`; without it the temporary file `.NAME.tmp-PID-RANDOM` is
/// removed when this object goes. A symbolic link stays and what it points to is replaced, an existing file's
/// permissions are kept. A pipe or a device is written directly. After an error the writer is closed. What a
/// killed writer of the same file left is removed by the next one.
public final class ReplacingFile {
  /// The path as it was given.
  public let path: String
  /// The temporary file and the place it goes to; nil when `path` is a pipe or a device, written directly.
  private let replacement: (temporary: String, target: String)?
  /// Open for writing from `init` on, and -1 once committed, cancelled or failed.
  private var descriptor: Int32

  /// Opens a temporary file in the folder of `path`, or `path` itself when that is a pipe or a device.
  public init(path: String) throws(FileError) {
    guard !path.utf8.contains(0) else { throw .notFound(path: path) }
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = status.st_mode & S_IFMT
    if exists && kind != S_IFREG {
      guard kind != S_IFDIR else { throw .isFolder(path: path) }
      replacement = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(code: errno, path: path, operation: .write) }
      return
    }
    let target = try FilePath.resolvingLinks(path)
    let name = FilePath.name(of: target)
    guard !name.isEmpty else {
      if path.isEmpty { throw .notFound(path: path) }
      throw .isFolder(path: path)
    }
    Self.removeAbandoned(name: name, folder: FilePath.folder(of: target))
    let temporary = FilePath.folder(of: target) + "/" + Self.temporaryName(for: name)
    // A private file's replacement must not be readable by others even for a moment.
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, exists ? 0o600 : 0o666)
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT || code == ENOTDIR
        ? .missingFolder(folder: FilePath.folder(of: target), path: path)
        : FileError(code: code, path: path, operation: .write)
    }
    replacement = (temporary, target)
    _ = flock(descriptor, LOCK_EX | LOCK_NB)  // says that the writer lives; see removeAbandoned
    if exists {
      // The owner can be kept only by root, and need not be.
      _ = fchown(descriptor, status.st_uid, status.st_gid)
      _ = fchmod(descriptor, status.st_mode & 0o7777)
    }
  }

  deinit { cancel() }

  /// `.NAME.tmp-PID-RANDOM`, where a long NAME is cut, as file systems allow 255 bytes.
  private static func temporaryName(for name: String) -> String {
    "\(temporaryPrefix(for: name))\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
  }

  static func temporaryPrefix(for name: String) -> String {
    ".\(String(decoding: name.utf8.prefix(190), as: UTF8.self)).tmp-"
  }

  /// Appends all of `bytes`; on an error nothing of the new file is kept.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    guard descriptor >= 0 else { throw .alreadyClosed(path: path) }
    let code = OpenFile.write(bytes, to: descriptor)
    guard code == 0 else { throw failure(.write, code: code) }
  }

  /// Writes all of `bytes` at `offset`, where something may have been written before; on an error nothing of the
  /// new file is kept.
  ///
  /// For formats whose beginning tells what is known only at the end. A pipe has no places: this throws.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileError) {
    guard descriptor >= 0 else { throw .alreadyClosed(path: path) }
    let code = OpenFile.write(bytes, to: descriptor, at: offset)
    guard code == 0 else { throw failure(.write, code: code) }
  }

  /// Appends all of `bytes`.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FileError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Flushes what has been written to disk, which is what may fail or take long in `commit()`.
  ///
  /// Whoever replaces several files that belong together writes and flushes all of them first, so that a crash
  /// can come between their renames only.
  package func flush() throws(FileError) {
    guard descriptor >= 0 else { throw .alreadyClosed(path: path) }
    let code = OpenFile.synchronize(descriptor)
    guard code == 0 else { throw failure(.synchronize, code: code) }
  }

  /// Flushes the new file to disk, puts it in its place and flushes the folder.
  public func commit() throws(FileError) {
    try flush()
    let closing = descriptor
    descriptor = -1
    let isClosed = close(closing) == 0 || errno == EINTR
    guard let (temporary, target) = replacement else {
      if !isClosed { throw FileError(code: errno, path: path, operation: .write) }
      return
    }
    guard isClosed, rename(temporary, target) == 0 else {
      let code = errno
      _ = unlink(temporary)
      throw FileError(code: code, path: path, operation: .replace)
    }
    let folderCode = OpenFile.synchronizeFolder(FilePath.folder(of: target))
    guard folderCode == 0 else { throw FileError(code: folderCode, path: path, operation: .synchronize) }
  }

  /// Gives up: removes the temporary file and leaves what was at `path`. Does nothing after `commit()`.
  public func cancel() {
    guard descriptor >= 0 else { return }
    _ = close(descriptor)
    descriptor = -1
    if let replacement { _ = unlink(replacement.temporary) }
  }

  /// The error for a code of `errno`, after having given up.
  private func failure(_ operation: FileError.Operation, code: Int32) -> FileError {
    cancel()
    return FileError(code: code, path: path, operation: operation)
  }
}
