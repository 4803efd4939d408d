import Foundation
import Testing
import VisualSemanticEmbedding

@Suite struct RateScheduleTests {
  private func options(_ change: (inout TrainingOptions) -> Void) -> TrainingOptions {
    var options = TrainingOptions()
    options.learningRate = 0.001
    options.epochs = 6
    change(&options)
    return options
  }

  /// Over 6 epochs of 50 updates: the factor of the rate from the formula, update by update.
  private func check(_ options: TrainingOptions, _ factor: (Double) -> Double) {
    for update in 0..<300 {
      let expected = 0.001 * factor(Double(update))
      let found = Double(options.learningRate(update: update, updatesPerEpoch: 50))
      #expect(abs(found - expected) <= 1e-6 * expected, "update \(update): \(found), not \(expected)")
    }
  }

  @Test func constant() {
    let options = options { _ in }
    for update in 0..<300 { #expect(options.learningRate(update: update, updatesPerEpoch: 50) == 0.001) }
  }

  @Test func warmup() {
    check(options { $0.warmup = 0.5 }) { min(1, ($0 + 1) / 25) }
    check(options { $0.warmup = 0.01 }) { _ in 1 }  // half an update
    check(options { $0.warmup = 9 }) { ($0 + 1) / 450 }  // longer than the run
  }

  @Test func steps() {
    let options = options {
      $0.rateSchedule = .step
      $0.learningRateDecay = 2
      $0.warmup = 3
    }
    check(options) { update in min(1, (update + 1) / 150) * pow(0.1, (update / 100).rounded(.down)) }
  }

  @Test func cosine() {
    check(options { $0.rateSchedule = .cosine }) { 0.5 * (1 + cos(.pi * $0 / 300)) }
    let warm = options {
      $0.rateSchedule = .cosine
      $0.warmup = 1
    }
    check(warm) { $0 < 50 ? ($0 + 1) / 50 : 0.5 * (1 + cos(.pi * ($0 - 50) / 250)) }
    // Past the end, and with a warm-up that leaves no time to fall, no rate is negative or a NaN.
    #expect(warm.learningRate(update: 300, updatesPerEpoch: 50) == 0)
    #expect(warm.learningRate(update: 10_000, updatesPerEpoch: 50) == 0)
    let all = options {
      $0.rateSchedule = .cosine
      $0.warmup = 6
    }
    check(all) { ($0 + 1) / 300 }
  }
}
