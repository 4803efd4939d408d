import Foundation

extension ReplacingFile {
  /// Removes what writers of the file `name` that were killed have left in `folder`.
  ///
  /// A living writer holds a lock on its temporary file, which the system lifts when a process ends, however
  /// it ends. Where locks do not work nothing is removed.
  static func removeAbandoned(name: String, folder: String) {
    let prefix = temporaryPrefix(for: name)
    for found in FilePath.names(in: folder) ?? [] where found.hasPrefix(prefix) {
      let path = folder + "/" + found
      let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { _ = unlink(path) }
      close(descriptor)
    }
  }
}
