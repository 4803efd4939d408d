/// Sets of options: published ones, and our own.
public enum Recipe: String, Codable, Sendable, CaseIterable {
  /// ryankiros/visual-semantic-embedding's train.py in every detail.
  case kiros
  /// VSE++ (Faghri et al. 2018) with a gated recurrent unit, and a schedule of its own.
  ///
  /// With the published schedule (the hardest negatives from the start, 30 epochs, the rate ÷ 10 after 15) the
  /// loss collapses on Flickr8k; with a warm-up alone it overfits before the rate falls. See
  /// Benchmarks/RESULTS.md.
  case vsepp = "vse++"
  /// InfoNCE and a bidirectional encoder, with dropout. Not tuned yet.
  case best
  /// The same losses with a plain encoder, for about a minute of training. Not tuned yet.
  case fast

  /// The options of the recipe.
  public var options: TrainingOptions {
    var options = TrainingOptions()
    options.recipe = self
    switch self {
    case .kiros:
      options.vocabularySource = .trainAndDev
      options.rarestWordsAreUnknown = true
    case .vsepp:
      options.hiddenBias = true
      options.loss = .max
      options.hardNegativeWarmup = 12
      options.normalizeImages = true
      options.adam = .standard
      options.rateSchedule = .step
      options.learningRateDecay = 8
      options.epochs = 12
      options.maximumLength = nil
      options.minimumCount = 4
      options.tokenScheme = .vsepp
      options.validateEvery = 500
      options.validatesEachEpoch = true
    case .best:
      options.useContrastiveDefaults()
      options.bidirectional = true
      options.pooling = .mean
      options.learningRateDecay = 8
      options.epochs = 12
    case .fast:
      options.useContrastiveDefaults()
      options.learningRateDecay = 3
      options.epochs = 4
    }
    return options
  }
}

extension TrainingOptions {
  /// What our own recipes share.
  fileprivate mutating func useContrastiveDefaults() {
    hiddenBias = true
    loss = .infoNCE
    excludesSameImage = true
    normalizeImages = true
    adam = .standard
    learningRate = 0.0005
    rateSchedule = .step
    warmup = 0.25
    dropoutWords = 0.3
    dropoutFeatures = 0.3
    dropoutOutput = 0.3
    maximumLength = nil
    validateEvery = 500
    validatesEachEpoch = true
  }
}
