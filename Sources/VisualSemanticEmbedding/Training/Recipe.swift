internal import Tensors

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
  /// The best that we have measured, and the default of `vse train`; chosen on Flickr8k's development split.
  ///
  /// What each part gains stands in Benchmarks/RESULTS.md. The parts: InfoNCE with a learned temperature (CLIP,
  /// Radford et al. 2021, arXiv:2103.00020); captions of one image not each other's negatives; a gated recurrent
  /// unit of both directions, averaged, and the mean over time (VSE∞ pools alike, Chen et al. 2021,
  /// arXiv:2011.15037); dropout of word vectors, features and sentences; AdamW (Loshchilov and Hutter 2019,
  /// arXiv:1711.05101) at twenty times the original's rate, with half a cosine (arXiv:1608.03983).
  case best
  /// The same with one direction, less dropout and fewer epochs: a minute of training on Flickr8k.
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
      options.drop(0.3)
      options.epochs = 6
    case .fast:
      options.useContrastiveDefaults()
      options.drop(0.2)
      options.epochs = 4
    }
    return options
  }
}

extension TrainingOptions {
  /// What our own recipes share.
  fileprivate mutating func useContrastiveDefaults() {
    hiddenBias = true
    pooling = .mean
    loss = .infoNCE
    excludesSameImage = true
    normalizeImages = true
    adam = .decoupled
    learningRate = 0.004
    weightDecay = 0.05
    rateSchedule = .cosine
    warmup = 0.25
    maximumLength = nil
    validateEvery = 500
    validatesEachEpoch = true
    precision = .bfloat16
  }

  /// The same dropout of word vectors, features and sentences.
  fileprivate mutating func drop(_ rate: Float) {
    dropoutWords = rate
    dropoutFeatures = rate
    dropoutOutput = rate
  }
}
