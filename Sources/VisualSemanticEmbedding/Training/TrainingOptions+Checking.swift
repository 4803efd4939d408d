public import Foundation

/// An option out of its range.
public struct TrainingOptionError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// The option's name on the command line, and what it must be.
  public var option: String
  public var requirement: String

  public var errorDescription: String? { description }
  public var description: String { "--\(option) must be \(requirement)" }
}

extension TrainingOptions {
  /// Throws at the first option that training could not work with.
  public func check() throws(TrainingOptionError) {
    func require(_ condition: Bool, _ option: String, _ requirement: String) throws(TrainingOptionError) {
      guard condition else { throw TrainingOptionError(option: option, requirement: requirement) }
    }
    try require((1...65_536).contains(dim), "dim", "1 to 65536")
    try require((1...65_536).contains(wordDim), "word-dim", "1 to 65536")
    try require(encoder == .lstm || !peepholes, "peepholes", "left out without --encoder lstm")
    try require(encoder == .gru || !hiddenBias, "hidden-bias", "left out without --encoder gru")
    try require(margin.isFinite && margin >= 0, "margin", "0 or more")
    try require(
      hardNegativeWarmup.isFinite && hardNegativeWarmup >= 0, "hard-negative-warmup", "0 epochs or more")
    try require(learningRate.isFinite && learningRate > 0, "learning-rate", "more than 0")
    try require(learningRateDecay >= 0, "learning-rate-decay", "0 (never) or a number of epochs")
    try require((2...65_536).contains(batchSize), "batch-size", "2 to 65536: the others are the contrast")
    try require((1...1_000_000).contains(epochs), "epochs", "1 to 1000000")
    try require(gradientClip.isFinite && gradientClip >= 0, "grad-clip", "0 (never) or more")
    try require(weightDecay.isFinite && weightDecay >= 0, "weight-decay", "0 or more")
    try require(maximumLength.map { $0 >= 2 } ?? true, "max-length", "2 or more words")
    try require(minimumCount >= 1, "min-count", "1 or more")
    try require(validateEvery >= 1, "validate-every", "1 update or more")
  }
}
