internal import DataFormats
internal import Foundation

/// Unpacks an archive into a folder, which appears at once or, where it is there already, file by file.
struct Unpacker {
  let archive: ZipArchive
  /// What is to be written, see `UnpackingPlan`.
  let plan: UnpackingPlan
  /// The folder that the archive becomes.
  let destination: String
  let monitor: DownloadMonitor
  /// The bytes that are kept when this is stopped, for the message.
  let kept: Int

  /// Blocks until the files are in their places.
  ///
  /// - Throws: `DownloadError`; nothing is changed then, but for a failure while finished files are moved.
  func run() throws(DownloadError) {
    let exists = FileManager.default.fileExists(atPath: destination)
    // Beside the destination or within it, so that moving is renaming, also where it is a link to another disk.
    let temporary = exists ? destination + "/.unpacking" : Self.temporaryFolder(for: destination)
    let folder = try UnpackingFolder(temporary)
    do throws(DownloadError) {
      try checkRoom(in: temporary)
      monitor.report(.unpacking(files: plan.files.count, bytes: plan.bytes))
      var done = 0
      for file in plan.files { try unpack(file, into: folder, done: &done) }
      if exists {
        try folder.move(plan.files.map(\.path), into: destination)
      } else {
        try folder.rename(to: destination)
      }
    } catch {
      folder.remove()
      throw error
    }
  }

  static func temporaryFolder(for destination: String) -> String {
    FilePath.folder(of: destination) + "/." + FilePath.name(of: destination) + ".unpacking"
  }

  private func checkRoom(in folder: String) throws(DownloadError) {
    guard let free = freeSpace(in: folder), plan.bytes > free else { return }
    throw .noRoom(folder: FilePath.folder(of: folder), needed: plan.bytes, free: free)
  }

  private func unpack(
    _ file: UnpackingPlan.File, into folder: UnpackingFolder, done: inout Int
  ) throws(DownloadError) {
    let descriptor = try folder.create(file.path)
    defer { _ = close(descriptor) }
    let place = folder.path + "/" + file.path
    do {
      // An archive gives no more bytes than its directory says, of which the plan was made.
      try archive.extract(archive.entries[file.entry]) { bytes in
        try monitor.check(kept: kept)
        let code = OpenFile.write(bytes, to: descriptor)
        guard code == 0 else {
          throw DownloadError.file(FileError(code: code, path: place, operation: .write))
        }
        done += bytes.count
        monitor.report(.unpacked(done, total: plan.bytes))
      }
    } catch let error as DownloadError {
      throw error
    } catch let error as ZipError {
      throw .unpacking(.zip(error))
    } catch {
      preconditionFailure("extracting throws what the archive and the closure throw")
    }
    let code = OpenFile.synchronize(descriptor)
    guard code == 0 else { throw .file(FileError(code: code, path: place, operation: .synchronize)) }
  }
}
