internal import DataFormats
internal import Foundation

/// A temporary folder in which an archive is unpacked, locked while this object lives.
///
/// What a killed process has left in it is removed by the next one.
final class UnpackingFolder {
  let path: String
  /// Open, and with the lock, until this object goes.
  private let descriptor: Int32

  init(_ path: String) throws(DownloadError) {
    self.path = path
    if mkdir(path, 0o777) != 0, errno != EEXIST {
      throw .file(FileError(code: errno, path: path, operation: .write))
    }
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(FileError(code: errno, path: path, operation: .write)) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      _ = close(descriptor)
      throw .busy(path: path)
    }
    removeContents()
  }

  deinit { _ = close(descriptor) }

  /// Makes a file in it, and the folders that the file needs, and returns its descriptor.
  func create(_ name: String) throws(DownloadError) -> Int32 {
    try Self.makeFolders(for: name, in: path)
    let place = path + "/" + name
    let file = open(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .file(FileError(code: errno, path: place, operation: .write)) }
    return file
  }

  /// Makes it the folder at `destination`, where nothing is.
  func rename(to destination: String) throws(DownloadError) {
    guard Foundation.rename(path, destination) == 0 else {
      throw .file(FileError(code: errno, path: destination, operation: .replace))
    }
    try Self.synchronize(FilePath.folder(of: destination))
  }

  /// Moves the files into the folder at `destination`, in place of those that are there, and removes itself.
  func move(_ names: [String], into destination: String) throws(DownloadError) {
    for name in names {
      try Self.makeFolders(for: name, in: destination)
      let place = destination + "/" + name
      guard Foundation.rename(path + "/" + name, place) == 0 else {
        throw .file(FileError(code: errno, path: place, operation: .replace))
      }
    }
    for folder in Set(names.map { FilePath.folder(of: destination + "/" + $0) }) {
      try Self.synchronize(folder)
    }
    remove()
  }

  func remove() {
    removeContents()
    _ = rmdir(path)
  }

  private func removeContents() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names { try? FileManager.default.removeItem(atPath: path + "/" + name) }
  }

  /// Makes those folders above `name` that are not there.
  private static func makeFolders(for name: String, in folder: String) throws(DownloadError) {
    var place = folder
    for component in name.split(separator: "/").dropLast() {
      place += "/" + component
      if mkdir(place, 0o777) != 0, errno != EEXIST {
        throw .file(FileError(code: errno, path: place, operation: .write))
      }
    }
  }

  private static func synchronize(_ folder: String) throws(DownloadError) {
    let code = OpenFile.synchronizeFolder(folder)
    guard code == 0 else { throw .file(FileError(code: code, path: folder, operation: .synchronize)) }
  }
}
