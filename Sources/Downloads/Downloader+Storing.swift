internal import DataFormats
internal import Foundation

extension Downloader {
  /// Puts a file that is not unpacked in its place.
  func storeFile(
    _ file: PublishedFile, _ destination: String, _ monitor: DownloadMonitor
  ) throws(DownloadError) -> StoredDownload {
    let digest: LocalFile.Digest
    let place: String
    switch try supply(of: file) {
    case .web(let address):
      let partial = try fetch(file, address: address, target: destination, copies: 1, monitor)
      let arrived = try LocalFile(path: partial.path)
      place = DownloadOrigin.withoutPassword(partial.record.address)
      do throws(DownloadError) {
        try arrived.check(is: file, from: place)
        digest = try arrived.hash(monitor, kept: partial.count)
        try digest.check(is: file, from: place)
      } catch {
        // What is not the file is of no use to a later run; what was only stopped is.
        if error.isOfContent { partial.remove() }
        throw error
      }
      try partial.move(to: destination)
    case .local(let path):
      place = path
      let original = try LocalFile(path: path)
      try original.check(is: file, from: quoted(path))
      monitor.report(.using(path: path))
      digest = try original.copy(to: destination, monitor) { digest throws(DownloadError) in
        try digest.check(is: file, from: quoted(path))
      }
    }
    return StoredDownload(
      path: destination, files: 1, bytes: digest.bytes, keptFiles: [], source: place, sha256: digest.sha256,
      sourceBytes: digest.bytes, archive: nil)
  }

  /// Unpacks an archive that is here, or fetches it first.
  func storeArchive(
    _ file: PublishedFile, _ destination: String, _ monitor: DownloadMonitor
  ) throws(DownloadError) -> StoredDownload {
    switch try supply(of: file) {
    case .web(let address): return try storeFetchedArchive(file, address, destination, monitor)
    case .local(let path):
      monitor.report(.using(path: path))
      var stored = try unpack(path, file, destination, monitor)
      stored.archive = path
      return stored
    }
  }

  private func storeFetchedArchive(
    _ file: PublishedFile, _ address: String, _ destination: String, _ monitor: DownloadMonitor
  ) throws(DownloadError) -> StoredDownload {
    let target = path(file.fileName)
    let partial = try fetch(file, address: address, target: target, copies: 2, monitor)
    // A run before this one may have fetched it from elsewhere.
    let origin = DownloadOrigin(address: partial.record.address, fileName: file.fileName, folder: folder)
    do throws(DownloadError) {
      var stored = try unpack(partial.path, file, destination, monitor)
      stored.source = origin.address
      if keepsArchives {
        try partial.move(to: target)
        stored.archive = target
      } else {
        partial.remove()
      }
      return stored
    } catch {
      guard case .unpacking(let reason) = error, reason.isOfArchive else { throw error }
      partial.remove()
      throw .unpackingFetched(reason, origin)
    }
  }

  private enum Supply {
    case web(address: String)
    case local(path: String)
  }

  /// Where a file is taken from. An archive that is where it would be fetched to goes before any source.
  private func supply(of file: PublishedFile) throws(DownloadError) -> Supply {
    let place = path(file.fileName)
    if file.content == .zip, FileManager.default.fileExists(atPath: place) { return .local(path: place) }
    switch source {
    case .published: return .web(address: file.address)
    case .web(let base): return .web(address: Self.joined(base, file.fileName))
    case .folder(let folder):
      let path = Self.joined(folder, file.fileName)
      guard FileManager.default.fileExists(atPath: path) else { throw .notInMirror(path: path) }
      return .local(path: path)
    }
  }

  private func unpack(
    _ path: String, _ file: PublishedFile, _ destination: String, _ monitor: DownloadMonitor
  ) throws(DownloadError) -> StoredDownload {
    let archive: ZipArchive
    do { archive = try ZipArchive(path: path) } catch { throw .unpacking(.zip(error)) }
    let whole: UnpackingPlan
    do throws(UnpackingError) {
      whole = try UnpackingPlan(
        archive.entries, archive: path, archiveBytes: archive.file.count, limits: limits)
      let missing = file.missing(from: whole.files.map(\.path))
      guard missing.isEmpty else { throw .incomplete(archive: path, missing: missing) }
    } catch {
      throw .unpacking(error)
    }
    let plan = whole.dropping {
      !overwrites && FileManager.default.fileExists(atPath: destination + "/" + $0)
    }
    let digest = try LocalFile(path: path).hash(monitor, kept: archive.file.count)
    try Unpacker(
      archive: archive, plan: plan, destination: destination, monitor: monitor, kept: archive.file.count
    ).run()
    let written = Set(plan.files.map(\.path))
    return StoredDownload(
      path: destination, files: plan.files.count, bytes: plan.bytes,
      keptFiles: whole.files.map(\.path).filter { !written.contains($0) }, source: path,
      sha256: digest.sha256, sourceBytes: digest.bytes, archive: nil)
  }
}
