import DataFormats
import Downloads
import Foundation

/// Shows what a download reports: events as lines, progress with rate and time left.
final class DownloadDisplay {
  private let name: PublishedFile
  private var progress: ByteProgress?

  init(_ name: PublishedFile) { self.name = name }

  func show(_ event: DownloadEvent) {
    switch event {
    case .received(let done, let total): track("fetching", done, total)
    case .copied(let done, let total): track("copying", done, total)
    case .hashed(let done, let total): track("computing SHA-256", done, total)
    case .unpacked(let done, let total): track("unpacking", done, total)
    default:
      progress = nil
      if let text = event.text { Terminal.note("\(name.rawValue): \(text)") }
    }
  }

  private func track(_ work: String, _ done: Int, _ total: Int?) {
    if progress?.work != work {
      progress = ByteProgress(name: name.rawValue, work: work, done: done, total: total)
    }
    progress?.show(done)
  }
}

extension DownloadEvent {
  /// An event for people; nil where progress shows it.
  fileprivate var text: String? {
    switch self {
    case .fetching(let address, let kept, let total):
      if kept > 0 {
        "going on after \(byteText(kept))\(total.map { " of " + byteText($0) } ?? ""), from \(address)"
      } else {
        "fetching \(total.map(byteText) ?? "a file of unknown size") from \(address)"
      }
    case .redirected(let address): "it has moved to \(address)"
    case .startingOver(let reason): "starting over: \(reason.text)"
    case .retrying(let reason, let attempt, let limit, let pause):
      "\(reason); trying again\(pause > .zero ? " in \(Terminal.duration(pause / .seconds(1)))" : "") "
        + "(\(attempt) of \(limit))"
    case .using(let path): "taking \(path)"
    case .unpacking(let files, let bytes): "unpacking \(files) files, \(byteText(bytes))"
    case .received, .copied, .hashed, .unpacked: nil
    }
  }
}

extension DownloadEvent.StartingOver {
  fileprivate var text: String {
    switch self {
    case .changed: "the host has another version of the file now"
    case .unsupported: "the host cannot go on within a file"
    case .otherAddress(let address): "what was kept came from \(quoted(address))"
    case .unmarked: "the host gave nothing by which to tell that its file is still the same"
    }
  }
}
