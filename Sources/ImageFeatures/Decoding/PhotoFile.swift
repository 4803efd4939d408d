internal import DataFormats
internal import Foundation

/// Reading the files of photos.
///
/// They are read and not mapped: a mapped file that another program shortens meanwhile would end the process, and
/// with it a run over thousands.
enum PhotoFile {
  /// All bytes of the file at `path`.
  static func bytes(of path: String, limits: PhotoLimits) throws(PhotoError) -> [UInt8] {
    guard !path.utf8.contains(0) else { throw .unreadable(.notFound(path: path)) }
    // Without O_NONBLOCK, opening a named pipe waits for its writer, maybe for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw .unreadable(FileError(code: errno, path: path, operation: .open))
    }
    defer { _ = close(descriptor) }
    let size = try size(of: descriptor, path: path)
    guard size <= limits.fileBytes else {
      throw .fileTooLarge(path: path, bytes: size, limit: limits.fileBytes)
    }
    let (bytes, code) = OpenFile.read(size, from: descriptor)
    guard code == 0 else { throw .unreadable(FileError(code: code, path: path, operation: .open)) }
    return bytes
  }

  /// The size of a file and when it was changed, to tell whether it is still the same; empty when there is none.
  static func version(of path: String) -> String {
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else { return "" }
    #if canImport(Darwin)
      let changed = status.st_mtimespec
    #else
      let changed = status.st_mtim
    #endif
    return "\(status.st_size) \(changed.tv_sec).\(changed.tv_nsec)"
  }

  private static func size(of descriptor: Int32, path: String) throws(PhotoError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(FileError(code: errno, path: path, operation: .open))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFDIR: throw .unreadable(.isFolder(path: path))
    default: throw .unreadable(.notRegularFile(path: path))
    }
  }
}
