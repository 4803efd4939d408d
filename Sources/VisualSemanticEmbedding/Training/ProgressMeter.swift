/// Rate, mean cost and time left of a run.
struct ProgressMeter {
  private let clock = ContinuousClock()
  private let updates: Int
  private let updatesAtStart: Int
  private let start: ContinuousClock.Instant
  private var lastReport: ContinuousClock.Instant
  private var lastCheckpoint: ContinuousClock.Instant
  private var captions = 0
  private var minibatches = 0
  private var cost = 0.0

  /// Half a minute of work is what a crash may cost, and little beside it what checkpoints cost.
  private static let secondsBetweenCheckpoints = 30.0

  init(updates: Int, done: Int) {
    self.updates = updates
    updatesAtStart = done
    start = clock.now
    lastReport = start
    lastCheckpoint = start
  }

  mutating func add(captions: Int, cost: Double) {
    self.captions += captions
    minibatches += 1
    self.cost += cost
  }

  /// The figures since the last report.
  mutating func report(_ position: Checkpoint, options: TrainingOptions) -> TrainingProgress {
    let now = clock.now
    let elapsed = seconds(now - lastReport)
    let perUpdate = seconds(now - start) / Double(max(1, position.update - updatesAtStart))
    let progress = TrainingProgress(
      epoch: position.epoch + 1, epochs: options.epochs, update: position.update, updates: updates,
      cost: cost / Double(max(minibatches, 1)), captionsPerSecond: Double(captions) / max(elapsed, 1e-9),
      secondsLeft: perUpdate * Double(updates - position.update))
    lastReport = now
    captions = 0
    minibatches = 0
    cost = 0
    return progress
  }

  var isCheckpointDue: Bool { seconds(clock.now - lastCheckpoint) >= Self.secondsBetweenCheckpoints }

  mutating func checkpointWritten() { lastCheckpoint = clock.now }

  private func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }
}
