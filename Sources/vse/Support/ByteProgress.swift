import Downloads

/// Progress of one kind of work on many bytes, on standard error, with the rate of the last seconds and the time
/// that is left at that rate.
struct ByteProgress {
  let work: String
  private let name: String
  private let total: Int?
  private let clock = ContinuousClock()
  /// When how many bytes were done, for some seconds, the oldest first.
  private var marks: [(time: ContinuousClock.Instant, done: Int)]
  private var last: ContinuousClock.Instant
  /// As `RowProgress` has it.
  private let interval: Duration = Terminal.isInteractive ? .milliseconds(200) : .seconds(10)
  /// Networks go up and down: shorter, and the time left jumps; longer, and it is always late.
  private static let window: Duration = .seconds(8)

  init(name: String, work: String, done: Int, total: Int?) {
    self.name = name
    self.work = work
    self.total = total
    last = clock.now
    marks = [(last, done)]
  }

  mutating func show(_ done: Int) {
    let now = clock.now
    guard now - last >= interval else { return }
    last = now
    marks.append((now, done))
    while marks.count > 2, now - marks[1].time >= Self.window { marks.removeFirst() }
    let perSecond = Double(done - marks[0].done) / ((now - marks[0].time) / .seconds(1))
    Terminal.progress(
      "\(name): \(work) \(amount(done))  \(byteText(Int(max(0, perSecond))))/s\(timeLeft(done, perSecond))")
  }

  private func amount(_ done: Int) -> String {
    guard let total, total > 0 else { return byteText(done) }
    return "\(byteText(done)) of \(byteText(total)) (\(Int(Double(done) / Double(total) * 100)) %)"
  }

  private func timeLeft(_ done: Int, _ perSecond: Double) -> String {
    guard let total, perSecond > 0 else { return "" }
    return "  \(Terminal.duration(Double(total - done) / perSecond)) left"
  }
}
