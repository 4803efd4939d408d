internal import DataFormats
internal import Foundation

extension Downloader {
  /// Puts a file that is not unpacked in its place.
  func storeFile(
    _ file: PublishedFile, _ destination: String, _ monitor: DownloadMonitor
  ) throws(DownloadError) -> StoredDownload {
    let digest: LocalFile.Digest
    let place: String
    if let address = source.address(of: file) {
      let partial = try fetch(file, address: address, target: destination, copies: 1, monitor)
      let arrived = try LocalFile(path: partial.path)
      place = DownloadOrigin.withoutPassword(partial.record.address)
      do throws(DownloadError) {
        try arrived.check(is: file, from: place)
      } catch {
        partial.remove()
        throw error
      }
      digest = try arrived.hash(monitor, kept: partial.count)
      try partial.move(to: destination)
    } else {
      place = try original(of: file)
      let original = try LocalFile(path: place)
      try original.check(is: file, from: quoted(place))
      monitor.report(.using(path: place))
      digest = try original.copy(to: destination, monitor)
    }
    return StoredDownload(
      path: destination, files: 1, bytes: digest.bytes, keptFiles: [], source: place, sha256: digest.sha256,
      sourceBytes: digest.bytes, archive: nil)
  }

  /// Unpacks an archive that is here, or fetches it first.
  func storeArchive(
    _ file: PublishedFile, _ destination: String, _ monitor: DownloadMonitor
  ) throws(DownloadError) -> StoredDownload {
    guard let address = try addressToFetch(file) else {
      let path = try original(of: file)
      monitor.report(.using(path: path))
      var stored = try unpack(path, file, destination, monitor)
      stored.archive = path
      return stored
    }
    let target = path(file.fileName)
    let partial = try fetch(file, address: address, target: target, copies: 2, monitor)
    do throws(DownloadError) {
      var stored = try unpack(partial.path, file, destination, monitor)
      stored.source = DownloadOrigin.withoutPassword(partial.record.address)
      if keepsArchives {
        try partial.move(to: target)
        stored.archive = target
      } else {
        partial.remove()
      }
      return stored
    } catch {
      guard case .unpacking(let reason) = error else { throw error }
      partial.remove()
      throw .unpackingFetched(
        reason, DownloadOrigin(address: partial.record.address, fileName: file.fileName, folder: folder))
    }
  }

  /// The address to fetch an archive from; nil when it is on this machine.
  private func addressToFetch(_ file: PublishedFile) throws(DownloadError) -> String? {
    FileManager.default.fileExists(atPath: path(file.fileName)) ? nil : source.address(of: file)
  }

  /// The path of a copy on this machine: in the mirror, or where the archive would be fetched to.
  private func original(of file: PublishedFile) throws(DownloadError) -> String {
    guard case .folder(let mirror) = source else { return path(file.fileName) }
    let path = mirror.hasSuffix("/") ? mirror + file.fileName : mirror + "/" + file.fileName
    guard FileManager.default.fileExists(atPath: path) else { throw .notInMirror(path: path) }
    return path
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
