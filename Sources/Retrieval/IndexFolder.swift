internal import DataFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The files of an index: `catalogue.sqlite`, `vectors-GENERATION.bin`, `lock`, and the graphs.
struct IndexFolder {
  let path: String

  var catalogue: String { path + "/catalogue.sqlite" }
  func vectors(generation: Int) -> String { path + "/vectors-\(generation).bin" }
  func graph(_ kind: IndexItem.Kind, generation: Int) -> String {
    path + "/\(kind.rawValue)s-\(generation).graph"
  }

  /// Whether there is an index.
  var exists: Bool { access(catalogue, F_OK) == 0 }

  /// Makes the folder where nothing is; an empty folder, or one where the making of an index broke off, will do.
  func make() throws {
    if mkdir(path, 0o777) == 0 {
      _ = OpenFile.synchronizeFolder(FilePath.folder(of: path))
      return
    }
    let code = errno
    guard code == EEXIST else { throw FileError(code: code, path: path, operation: .write) }
    guard let names = FilePath.names(in: path) else { throw IndexError.folderIsTaken(path: path) }
    guard exists || names.allSatisfy({ $0 == "lock" || $0.hasPrefix("vectors-") }) else {
      throw IndexError.folderIsTaken(path: path)
    }
  }

  /// Removes files of other generations, which a compaction that was killed may have left; needs the lock.
  func removeLeftovers(generation: Int) {
    let kept = Set(
      [vectors(generation: generation)] + IndexItem.Kind.allCases.map { graph($0, generation: generation) })
    for name in FilePath.names(in: path) ?? []
    where name.hasPrefix("vectors-") || name.hasSuffix(".graph") || name.hasSuffix(".new") {
      if !kept.contains(path + "/" + name) { unlink(path + "/" + name) }
    }
  }
}

/// The right to change an index, which one process at a time has; the system takes it back when the process ends,
/// however it ends.
final class IndexLock {
  private let descriptor: Int32

  /// Waits for the lock; `waiting` is called when somebody else has it.
  init(_ folder: IndexFolder, waiting: () throws -> Void) throws {
    let path = folder.path + "/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(code: errno, path: path, operation: .write) }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
    guard errno == EWOULDBLOCK else { throw FileError(code: errno, path: path, operation: .write) }
    try waiting()
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw FileError(code: errno, path: path, operation: .write) }
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
