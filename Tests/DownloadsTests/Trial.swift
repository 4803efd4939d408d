import DataFormats
import Downloads
import Foundation
import Synchronization
import TestSupport

/// A download from a scripted server into a folder of its own, without pauses.
struct Trial {
  let folder: TemporaryFolder
  let server: ScriptedServer
  var downloader: Downloader

  init(_ script: @escaping ScriptedServer.Script) throws {
    folder = try TemporaryFolder()
    server = try ScriptedServer(script)
    downloader = Downloader(folder: folder.url.path, source: try DownloadSource(mirror: server.address))
    downloader.policy.pauses = [.zero, .zero, .zero]
  }

  /// A server that gives one file.
  init(_ file: ServedFile) throws { try self.init { file.answer($0) } }

  /// What happened in a download.
  struct Run {
    let result: Result<DownloadOutcome, DownloadError>
    let events: [DownloadEvent]

    var error: DownloadError? {
      if case .failure(let error) = result { error } else { nil }
    }

    var stored: StoredDownload? {
      if case .success(.stored(let stored)) = result { stored } else { nil }
    }

    /// Why attempts failed.
    var reasons: [String] {
      events.compactMap { if case .retrying(let reason, _, _, _) = $0 { reason } else { nil } }
    }

    var startingOver: [DownloadEvent.StartingOver] {
      events.compactMap { if case .startingOver(let reason) = $0 { reason } else { nil } }
    }
  }

  /// Downloads; stops when an event fulfils `stopsAt`.
  func run(_ file: PublishedFile = .vgg19, stopsAt: @escaping (DownloadEvent) -> Bool = { _ in false }) -> Run
  {
    var events: [DownloadEvent] = []
    var isStopped = false
    let result = Result { () throws(DownloadError) in
      try downloader.download(file, shouldStop: { isStopped }) { event in
        events.append(event)
        isStopped = isStopped || stopsAt(event)
      }
    }
    return Run(result: result, events: events)
  }

  /// The part of a request's header "Range: bytes=5-" that is its number, for each request.
  var starts: [Int?] {
    server.requests.map { $0.headers["range"].flatMap { Int($0.dropFirst(6).dropLast()) } }
  }

  func origin(_ file: PublishedFile = .vgg19) -> (address: String, folder: String) {
    ("\(server.address)/\(file.fileName)", folder.url.path)
  }
}

enum Pickle {
  /// Bytes that begin and end as a pickle does, of which no part looks like another.
  static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    let middle = (0..<count - 3).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    return [0x80, 2] + middle + [UInt8(ascii: ".")]
  }
}
