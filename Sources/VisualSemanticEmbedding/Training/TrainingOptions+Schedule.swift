internal import Foundation

extension TrainingOptions {
  /// The learning rate of an update, counted from 0.
  package func learningRate(update: Int, updatesPerEpoch: Int) -> Float {
    let updatesPerEpoch = max(updatesPerEpoch, 1)
    let warmupUpdates = warmup * Double(updatesPerEpoch)
    let done = Double(update + 1)
    let rate = learningRate * Float(rateFactor(update, updatesPerEpoch, warmupUpdates))
    return done < warmupUpdates ? rate * Float(done / warmupUpdates) : rate
  }

  /// What the schedule leaves of the rate.
  private func rateFactor(_ update: Int, _ updatesPerEpoch: Int, _ warmupUpdates: Double) -> Double {
    switch rateSchedule {
    case .constant: return 1
    case .step: return pow(0.1, Double(update / updatesPerEpoch / max(learningRateDecay, 1)))
    case .cosine:
      let fall = Double(epochs) * Double(updatesPerEpoch) - warmupUpdates
      let position = Double(update) - warmupUpdates
      guard position > 0 else { return 1 }
      return position < fall ? 0.5 * (1 + cos(.pi * position / fall)) : 0
    }
  }

  /// The terms of the loss that count at `position`, in epochs since the start of training, in a minibatch of `captions`.
  ///
  /// During the warm-up of `w` epochs the k largest of a row or column count, k = (B − 1)^(1 − position / w):
  /// a geometric way from the sum to the hardest negative. Starting with the hardest alone collapses: all
  /// vectors go to one point, where the loss is 2 · B · α and its gradient gives no way out. B is `batchSize` also for the
  /// few minibatches that are smaller; where minibatches are of so many tokens, it is that of each.
  package func contrastiveTerms(at position: Double, captions: Int) -> ContrastiveTerms {
    guard loss == .max else { return .all }
    guard position < hardNegativeWarmup else { return .hardest(1) }
    let others = Double(max((batchTokens > 0 ? captions : batchSize) - 1, 1))
    return .hardest(max(1, Int(pow(others, 1 - position / hardNegativeWarmup).rounded())))
  }
}
