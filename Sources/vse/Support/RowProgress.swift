import ArgumentParser

/// Progress of work on many rows, on standard error, a few times a second; Ctrl-C ends the work.
final class RowProgress {
  private let rows: Int
  private let unit: String
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant
  /// A terminal's line is renewed often, a log gets few lines.
  private let interval: Duration = Terminal.isInteractive ? .milliseconds(200) : .seconds(10)

  init(rows: Int, unit: String) {
    self.rows = rows
    self.unit = unit
    start = clock.now
    last = start
  }

  /// Shows how far the work is.
  /// - Throws: `ExitCode` after Ctrl-C.
  func report(done: Int) throws {
    if Interruption.isRequested {
      Terminal.note("stopped after \(done) of \(rows) \(unit); nothing was written")
      throw ExitCode(130)
    }
    let now = clock.now
    guard now - last >= interval, done < rows else {
      if done == rows { Terminal.clearProgress() }
      return
    }
    last = now
    let perSecond = Double(done) / ((now - start) / .seconds(1))
    Terminal.progress(
      "\(done)/\(rows) \(unit)  \(Int(perSecond))/s  \(Terminal.duration(Double(rows - done) / perSecond)) left"
    )
  }
}
