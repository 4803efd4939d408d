#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension TrainingOptions {
  /// The learning rate in an epoch, counted from 0.
  package func learningRate(epoch: Int) -> Float {
    guard learningRateDecay > 0 else { return learningRate }
    return learningRate * Float(pow(0.1, Double(epoch / learningRateDecay)))
  }

  /// The terms of the loss that count at `position`, in epochs since the start of training.
  ///
  /// During the warm-up of `w` epochs the k largest of a row or column count, k = (B − 1)^(1 − position / w):
  /// a geometric way from the sum to the hardest negative. Starting with the hardest alone collapses: all
  /// vectors go to one point, where the loss is 2 · B · α and its gradient gives no way out.
  package func contrastiveTerms(at position: Double) -> ContrastiveTerms {
    guard loss == .max else { return .all }
    guard position < hardNegativeWarmup else { return .hardest(1) }
    let others = Double(max(batchSize - 1, 1))
    return .hardest(max(1, Int(pow(others, 1 - position / hardNegativeWarmup).rounded())))
  }
}
