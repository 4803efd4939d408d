import Foundation

/// What a photo in a folder is: the one rule of all that looks for photos by their names.
///
/// A file with the usual ending of a format that is read, in the folder or in folders within it. Names that begin with
/// a dot are left out, such as the `._x.jpg` in which macOS keeps what other file systems cannot. Links to folders are
/// not followed, other than the folder itself: they may lead round in circles.
package enum PhotoNaming {
  /// The usual endings, in lower case, without the dot.
  package static let endings: Set<String> = [
    "jpg", "jpeg", "jpe", "png", "webp", "gif", "tif", "tiff", "heic", "heif", "avif",
  ]

  /// The photos in a folder and those within it, relative to it, in the order of their bytes.
  package static func photos(below folder: String) throws(FileError) -> [String] {
    try files(below: folder).filter { endings.contains(ending(of: $0)) }
  }

  /// All files, whatever their endings.
  package static func files(below folder: String) throws(FileError) -> [String] {
    var files: [String] = []
    try add(folder, prefix: "", to: &files)
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What follows the last dot of a name, small; empty where there is none.
  package static func ending(of path: String) -> String {
    let name = FilePath.name(of: path)
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return name[name.utf8.index(after: dot)...].lowercased()
  }

  private static func add(_ folder: String, prefix: String, to files: inout [String]) throws(FileError) {
    guard let names = FilePath.names(in: folder) else {
      throw FileError(code: errno, path: folder, operation: .open)
    }
    for name in names where name.utf8.first != UInt8(ascii: ".") {
      let path = folder + "/" + name
      if isFolder(path, followingLinks: false) {
        try add(path, prefix: prefix + name + "/", to: &files)
      } else if !isFolder(path, followingLinks: true) {
        files.append(prefix + name)
      }
    }
  }

  private static func isFolder(_ path: String, followingLinks: Bool) -> Bool {
    var status = stat()
    guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFDIR
  }
}
