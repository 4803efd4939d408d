internal import DataFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The files of an index: `catalogue.sqlite`, `vectors-GENERATION.bin`, `lock`, and the graphs
/// `photos-GENERATION.graph` and `captions-GENERATION.graph`. Nothing else in the folder is ever touched.
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
  ///
  /// Whether the catalogue of a folder that has one is an index's is for `Catalogue` to say.
  func make() throws {
    if mkdir(path, 0o777) == 0 {
      _ = OpenFile.synchronizeFolder(FilePath.folder(of: path))
      return
    }
    let code = errno
    guard code == EEXIST else { throw FileError(code: code, path: path, operation: .write) }
    guard exists || hasNothingElse else { throw IndexError.folderIsTaken(path: path) }
  }

  /// Whether it is a folder, and all that is in it is an index's.
  var hasNothingElse: Bool {
    FilePath.names(in: path)?.allSatisfy {
      $0 == "lock" || $0.hasPrefix("catalogue.sqlite") || Self.isGenerated($0)
    } ?? false
  }

  /// Whether a file is one of a generation: vectors, or a graph, which is written under `ReplacingFile`'s names.
  private static func isGenerated(_ name: String) -> Bool {
    name.wholeMatch(of: /vectors-[0-9]+\.bin|(photos|captions)-[0-9]+\.graph/) != nil
      || name.wholeMatch(of: /\.(photos|captions)-[0-9]+\.graph\.tmp-[0-9a-z-]+/) != nil
  }

  /// Removes files of other generations, which a compaction that was killed may have left; needs the lock.
  func removeLeftovers(generation: Int) {
    let kept = Set(
      [vectors(generation: generation)] + IndexItem.Kind.allCases.map { graph($0, generation: generation) })
    for name in FilePath.names(in: path) ?? [] where Self.isGenerated(name) {
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
