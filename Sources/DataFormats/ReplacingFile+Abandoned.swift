import Foundation

extension ReplacingFile {
  /// Removes what writers of the file `name` that were killed have left in `folder`.
  static func removeAbandoned(name: String, folder: String) {
    let prefix = temporaryPrefix(for: name)
    removeAbandoned(in: folder) { $0.hasPrefix(prefix) }
  }

  /// Removes what killed writers of any files have left in `folder`, in which nothing else may be called as they are.
  package static func removeAbandoned(in folder: String) {
    removeAbandoned(in: folder) { $0.hasPrefix(".") && $0.contains(".tmp-") }
  }

  /// A living writer holds a lock on its temporary file, which the system lifts when a process ends, however
  /// it ends. Where locks do not work nothing is removed.
  private static func removeAbandoned(in folder: String, where isTemporary: (String) -> Bool) {
    for found in FilePath.names(in: folder) ?? [] where isTemporary(found) {
      let path = folder + "/" + found
      let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { _ = unlink(path) }
      close(descriptor)
    }
  }
}
