import ArgumentParser
import DataFormats
import Foundation
import ImageFeatures

/// Progress of an extraction on standard error, with the rate of the last seconds and the time that is left at that
/// rate; Ctrl-C ends the work.
final class PhotoProgress {
  private let clock = ContinuousClock()
  /// When how many photos were done, for some seconds, the oldest first.
  private var marks: [(time: ContinuousClock.Instant, done: Int)] = []
  private var last: ContinuousClock.Instant
  /// As `RowProgress` has it.
  private let interval: Duration = Terminal.isInteractive ? .milliseconds(200) : .seconds(10)
  private static let window: Duration = .seconds(10)

  init() { last = clock.now }

  /// Shows how far the work is.
  /// - Throws: `ExitCode` after Ctrl-C.
  func report(_ progress: FeatureExtraction.Progress) throws {
    if Interruption.isRequested {
      Terminal.note(
        "stopped after \(progress.done) of \(counted(progress.total, "photo")); the same command goes on from there"
      )
      throw ExitCode(130)
    }
    let now = clock.now
    if marks.isEmpty {
      if progress.resumed > 0 {
        Terminal.note(
          "going on after \(progress.resumed) of \(counted(progress.total, "photo")), which are done")
      }
      marks.append((last, progress.resumed))
    }
    guard now - last >= interval, progress.done < progress.total else {
      if progress.done == progress.total { Terminal.clearProgress() }
      return
    }
    last = now
    marks.append((now, progress.done))
    while marks.count > 2, now - marks[1].time >= Self.window { marks.removeFirst() }
    let perSecond = Double(progress.done - marks[0].done) / ((now - marks[0].time) / .seconds(1))
    let left = Terminal.duration(Double(progress.total - progress.done) / perSecond)
    let failed = progress.failed > 0 ? ", \(progress.failed) unreadable" : ""
    Terminal.progress(
      "\(progress.done)/\(progress.total) photos\(failed)  \(String(format: "%.1f", perSecond)) images/s  \(left) left"
    )
  }
}
