internal import DataFormats
internal import Foundation

/// Brings published files to this machine: fetches them, or takes copies that are here, and puts them where the
/// rest of the toolkit reads them.
///
/// A download that was interrupted in any way, be it by a crash of the machine, goes on where it was. Nothing that is
/// there is replaced unless `overwrites` says so, and what is put in a place is whole.
public struct Downloader: Sendable {
  /// The folder that files go to, made when it is not there.
  public var folder: String
  /// Where they come from.
  public var source: DownloadSource
  /// Whether what is there is replaced.
  public var overwrites = false
  /// Whether fetched archives are kept beside what they were unpacked to.
  public var keepsArchives = false
  package var policy = FetchPolicy()
  package var limits = UnpackingLimits()

  /// Stores into `folder` what comes from `source`, from the published hosts unless told otherwise.
  public init(folder: String, source: DownloadSource = .published) {
    self.folder = folder.isEmpty ? "." : folder
    self.source = source
  }

  /// Downloads one file, and blocks until it is in its place.
  ///
  /// - Parameters:
  ///   - shouldStop: is asked often, from this thread, whether to end early.
  ///   - report: is called from this thread with what happens.
  /// - Throws: `DownloadError`, also when it was stopped; what was fetched is kept.
  public func download(
    _ file: PublishedFile, shouldStop: @escaping () -> Bool = { false },
    report: @escaping (DownloadEvent) -> Void = { _ in }
  ) throws(DownloadError) -> DownloadOutcome {
    let destination = path(file.destinationName)
    let isPresent = try isPresent(file, at: destination)
    if isPresent, !overwrites { return .alreadyPresent(path: destination) }
    try makeFolder()
    let monitor = DownloadMonitor(shouldStop: shouldStop, report: report)
    switch file.content {
    case .zip: return .stored(try storeArchive(file, destination, monitor))
    case .pickle, .pyTorch: return .stored(try storeFile(file, destination, monitor))
    }
  }

  /// The path of a name in the folder.
  package func path(_ name: String) -> String { Self.joined(folder, name) }

  static func joined(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  private func makeFolder() throws(DownloadError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .noFolder(path: folder)
    }
  }

  /// Whether the destination has what it needs.
  private func isPresent(_ file: PublishedFile, at destination: String) throws(DownloadError) -> Bool {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: destination, isDirectory: &isFolder) else { return false }
    guard isFolder.boolValue == (file.content == .zip) else { throw .blocked(path: destination) }
    let names = try? FileManager.default.subpathsOfDirectory(atPath: destination)
    return file.isComplete(names ?? [])
  }

  /// Fetches a file to beside `target`, where it is put in its place or unpacked from.
  /// - Parameter copies: how many times the file must fit on the disk.
  func fetch(
    _ file: PublishedFile, address: String, target: String, copies: Int, _ monitor: DownloadMonitor
  ) throws(DownloadError) -> PartialFile {
    let partial = try PartialFile(target: target)
    let origin = DownloadOrigin(address: address, fileName: file.fileName, folder: folder)
    let fetch = FileFetch(
      origin: origin, address: address, content: file.content, partial: partial, copies: copies,
      policy: policy, monitor: monitor)
    try fetch.run()
    return partial
  }
}
