import Foundation

/// The few questions about paths that reading and replacing files need.
///
/// Paths are cut at bytes, not Characters: a slash followed by a combining accent is still a slash.
package enum FilePath {
  /// The folder that holds `path`: "." when the path names none.
  package static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }

  /// What comes after the last slash.
  package static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// The path from the root on, without "." and "..", so that a file has one name wherever it is named from; links
  /// are not followed. The path as it is where the current folder is gone.
  package static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    if path.utf8.first != UInt8(ascii: "/") {
      guard let current = getcwd(nil, 0) else { return path }
      defer { free(current) }
      parts = components(of: String(cString: current))
    }
    for part in components(of: path) {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  private static func components(of path: String) -> [Substring] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
  }

  /// Whether two paths lead to one file, which is there.
  package static func isSameFile(_ first: String, _ second: String) -> Bool {
    var (one, other) = (stat(), stat())
    guard stat(first, &one) == 0, stat(second, &other) == 0 else { return false }
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  /// Removes the file, if it is there and may be removed.
  package static func remove(_ path: String) { _ = unlink(path) }

  /// The path at the end of a chain of symbolic links, which need not exist.
  static func resolvingLinks(_ path: String) throws(FileError) -> String {
    var current = path
    for _ in 0..<40 {
      guard let destination = destinationOfLink(current) else { return current }
      current =
        destination.utf8.first == UInt8(ascii: "/")
        ? destination : folder(of: current) + "/" + destination
    }
    throw .system(path: path, operation: .replace, code: ELOOP)
  }

  /// Where the symbolic link at `path` points, or nil when there is no link there.
  private static func destinationOfLink(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard let base = buffer.baseAddress else { return nil }
      let length = readlink(path, base, buffer.count)
      guard length > 0, length < buffer.count else { return nil }
      return String(decoding: UnsafeRawBufferPointer(start: base, count: length), as: UTF8.self)
    }
  }
}
