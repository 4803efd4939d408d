/// How long calls of a piece of work took.
package struct BenchmarkTiming: Sendable {
  package let medianSeconds: Double
  package let minimumSeconds: Double

  /// Calls `work` so many times unmeasured, then measured, at least once.
  package init(_ work: BenchmarkWork, steps: Int? = nil) {
    for _ in 0..<work.warmups { work.run() }
    let clock = ContinuousClock()
    let seconds = (0..<max(1, steps ?? work.steps)).map { _ in clock.measure(work.run) / .seconds(1) }
      .sorted()
    let middle = seconds.count / 2
    medianSeconds = seconds.count % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2
    minimumSeconds = seconds[0]
  }
}
