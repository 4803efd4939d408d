import Foundation

/// Fills a folder of files beside its place and puts it there with one rename: what is at `path` is whole.
///
/// Until `commit` everything lies in the hidden folder `.NAME.tmp-PID-RANDOM`, which is removed when this object
/// goes; what a killed writer left is removed by the next one with the same name. An existing folder is moved away
/// first: a crash between the two renames leaves nothing at `path`, and the old folder as `.NAME.old-…`.
package final class ReplacingFolder {
  /// The path as it was given.
  package let path: String
  /// The folder to write files into, without folders in it.
  package let temporary: String
  private let target: String
  /// Open, and with the lock that says that the writer lives, until committed or cancelled, then -1.
  private var descriptor: Int32

  /// Makes the temporary folder.
  package init(path: String) throws(FileError) {
    guard !path.utf8.contains(0) else { throw .notFound(path: path) }
    self.path = path
    target = try FilePath.resolvingLinks(Self.withoutSlash(path))
    let (folder, name) = (FilePath.folder(of: target), FilePath.name(of: target))
    guard !name.isEmpty, name != ".", name != ".." else { throw .isFolder(path: path) }
    Self.removeAbandoned(name: name, folder: folder)
    temporary = folder + "/" + Self.hiddenName(name, "tmp")
    guard mkdir(temporary, 0o777) == 0 else {
      let code = errno
      throw code == ENOENT || code == ENOTDIR
        ? .missingFolder(folder: folder, path: path) : FileError(code: code, path: path, operation: .write)
    }
    descriptor = open(temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(code: errno, path: path, operation: .write) }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit { cancel() }

  /// Flushes the folder, whose files must have been flushed, and puts it in its place, instead of the folder that
  /// is there.
  ///
  /// A folder that is replaced must hold files only; they are removed.
  package func commit() throws(FileError) {
    guard descriptor >= 0 else { throw .alreadyClosed(path: path) }
    let code = OpenFile.synchronize(descriptor)
    guard code == 0 else { throw FileError(code: code, path: path, operation: .synchronize) }
    var status = stat()
    let replaced = stat(target, &status) == 0 ? Self.sibling(of: target, "old") : nil
    if let replaced, rename(target, replaced) != 0 {
      throw FileError(code: errno, path: path, operation: .replace)
    }
    guard rename(temporary, target) == 0 else {
      let code = errno
      if let replaced { _ = rename(replaced, target) }
      throw FileError(code: code, path: path, operation: .replace)
    }
    _ = close(descriptor)
    descriptor = -1
    let folderCode = OpenFile.synchronizeFolder(FilePath.folder(of: target))
    if let replaced { Self.remove(replaced) }
    guard folderCode == 0 else { throw FileError(code: folderCode, path: path, operation: .synchronize) }
  }

  /// Gives up: removes the temporary folder. Does nothing after `commit()`.
  package func cancel() {
    guard descriptor >= 0 else { return }
    Self.remove(temporary)
    _ = close(descriptor)
    descriptor = -1
  }

  private static func withoutSlash(_ path: String) -> String {
    let bytes = path.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed()
    return String(decoding: Array(bytes), as: UTF8.self)
  }

  private static func sibling(of target: String, _ kind: String) -> String {
    FilePath.folder(of: target) + "/" + hiddenName(FilePath.name(of: target), kind)
  }

  private static func hiddenName(_ name: String, _ kind: String) -> String {
    "\(hiddenPrefix(name, kind))\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
  }

  /// A long name is cut, as file systems allow 255 bytes.
  private static func hiddenPrefix(_ name: String, _ kind: String) -> String {
    ".\(String(decoding: name.utf8.prefix(190), as: UTF8.self)).\(kind)-"
  }

  /// Removes the temporary folders of writers that have ended; a living one holds a lock on its own.
  private static func removeAbandoned(name: String, folder: String) {
    let prefix = hiddenPrefix(name, "tmp")
    for found in FilePath.names(in: folder) ?? [] where found.hasPrefix(prefix) {
      let path = folder + "/" + found
      let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { remove(path) }
      _ = close(descriptor)
    }
  }

  /// Removes a folder and the files in it; one that holds folders stays, without its files.
  private static func remove(_ folder: String) {
    for name in FilePath.names(in: folder) ?? [] { _ = unlink(folder + "/" + name) }
    _ = rmdir(folder)
  }
}
