public import Foundation

/// An option out of its range.
public struct TrainingOptionError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// The option's name on the command line.
  public var option: String
  /// What its value must be.
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
    try checkModel(require)
    try checkLoss(require)
    try checkOptimization(require)
    try checkMinibatches(require)
    try checkNoise(require)
    try require(maximumLength.map { $0 >= 2 } ?? true, "max-length", "2 or more words")
    try require(minimumCount >= 1, "min-count", "1 or more")
    try require(validateEvery >= 1, "validate-every", "1 update or more")
    try require(patience >= 0, "patience", "0 (never) or a number of scorings")
  }

  /// Throws unless the condition holds: of which option, and what it must be.
  private typealias Requirement = (
    _ condition: Bool, _ option: String, _ requirement: String
  ) throws(TrainingOptionError) -> Void

  private func checkModel(_ require: Requirement) throws(TrainingOptionError) {
    try require((1...65_536).contains(dim), "dim", "1 to 65536")
    try require((1...65_536).contains(wordDim), "word-dim", "1 to 65536")
    try require(encoder == .lstm || !peepholes, "peepholes", "left out without --encoder lstm")
    try require(encoder == .gru || !hiddenBias, "hidden-bias", "left out without --encoder gru")
    let isRecurrent = encoder != .bow
    try require(isRecurrent || !bidirectional, "bidirectional", "left out with --encoder bow")
    let largest = ModelConfiguration.maximumLayers
    try require(
      (1...(isRecurrent ? largest : 1)).contains(layers), "layers", "1 to \(largest), 1 with --encoder bow")
    try require(isRecurrent || pooling == .last, "pooling", "left out with --encoder bow, which sums")
    try require((0...65_536).contains(imageHidden), "image-hidden", "0 (none) to 65536")
  }

  private func checkLoss(_ require: Requirement) throws(TrainingOptionError) {
    try require(margin.isFinite && margin >= 0, "margin", "0 or more")
    try require(
      hardNegativeWarmup.isFinite && hardNegativeWarmup >= 0, "hard-negative-warmup", "0 epochs or more")
    try require(
      normalizeImages || !loss.learnsScale, "normalize-images", "on with --loss infonce or sigmoid")
    let largest = TrainingObjective.largestScale
    try require(
      initialScale.map { $0 > 0 && $0 <= largest } ?? true, "initial-scale",
      "more than 0 and at most \(Int(largest))")
    try require(loss.learnsScale || initialScale == nil, "initial-scale", "left out with --loss sum or max")
    try require(initialBias.isFinite, "initial-bias", "a number")
  }

  private func checkOptimization(_ require: Requirement) throws(TrainingOptionError) {
    try require(learningRate.isFinite && learningRate > 0, "learning-rate", "more than 0")
    try require(
      rateSchedule == .step ? learningRateDecay >= 1 : learningRateDecay == 0, "learning-rate-decay",
      "a number of epochs with --rate-schedule step, and else left out or 0")
    try require(warmup.isFinite && warmup >= 0, "warmup", "0 epochs or more")
    try require((1...1_000_000).contains(epochs), "epochs", "1 to 1000000")
    try require(gradientClip.isFinite && gradientClip >= 0, "grad-clip", "0 (never) or more")
    try require(weightDecay.isFinite && weightDecay >= 0, "weight-decay", "0 or more")
    try require(
      weightDecay == 0 || adam == .decoupled || !freezesWordVectors, "freeze-word-vectors",
      "left out with --weight-decay, which moves them, but with --adam adamw")
    try require(averageDecay >= 0 && averageDecay < 1, "ema", "0 (none) or more, and less than 1")
  }

  private func checkMinibatches(_ require: Requirement) throws(TrainingOptionError) {
    try require((2...65_536).contains(batchSize), "batch-size", "2 to 65536: the others are the contrast")
    try require((0...1 << 24).contains(batchTokens), "batch-tokens", "0 (none) to \(1 << 24)")
    try require((0...65_536).contains(chunkSize), "chunk-size", "0 (all of one length) to 65536")
  }

  private func checkNoise(_ require: Requirement) throws(TrainingOptionError) {
    for (rate, name) in [
      (wordDropout, "word-dropout"), (dropoutWords, "dropout-words"), (dropoutLayers, "dropout-layers"),
      (dropoutOutput, "dropout-output"), (dropoutFeatures, "dropout-features"),
    ] {
      try require((0..<1).contains(rate), name, "0 or more and less than 1")
    }
    try require(layers > 1 || dropoutLayers == 0, "dropout-layers", "left out with one layer")
    try require((0...100).contains(featureNoise), "feature-noise", "0 to 100 times the features' size")
    try require((1...10_000).contains(crops), "crops", "1 to 10000 rows an image")
    try require(crops > 1 || !samplesCrops, "sample-crops", "left out without --crops")
  }
}
