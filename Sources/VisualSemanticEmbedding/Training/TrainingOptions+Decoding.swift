extension TrainingOptions {
  /// Reads options; those that the file's version of the program did not have yet get their defaults.
  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(
      _ key: CodingKeys, into path: WritableKeyPath<TrainingOptions, Value>, of options: inout TrainingOptions
    ) throws {
      if let value = try values.decodeIfPresent(Value.self, forKey: key) { options[keyPath: path] = value }
    }
    // An optional that is absent is nil, whatever its default.
    recipe = try values.decodeIfPresent(Recipe.self, forKey: .recipe)
    maximumLength = try values.decodeIfPresent(Int.self, forKey: .maximumLength)
    initialScale = try values.decodeIfPresent(Float.self, forKey: .initialScale)
    try read(.encoder, into: \.encoder, of: &self)
    try read(.peepholes, into: \.peepholes, of: &self)
    try read(.hiddenBias, into: \.hiddenBias, of: &self)
    try read(.dim, into: \.dim, of: &self)
    try read(.wordDim, into: \.wordDim, of: &self)
    try read(.margin, into: \.margin, of: &self)
    try read(.loss, into: \.loss, of: &self)
    try read(.excludesSameImage, into: \.excludesSameImage, of: &self)
    try read(.initialBias, into: \.initialBias, of: &self)
    try read(.hardNegativeWarmup, into: \.hardNegativeWarmup, of: &self)
    try read(.normalizeImages, into: \.normalizeImages, of: &self)
    try read(.adam, into: \.adam, of: &self)
    try read(.learningRate, into: \.learningRate, of: &self)
    try read(.learningRateDecay, into: \.learningRateDecay, of: &self)
    // Before there were schedules, a number of epochs meant steps.
    rateSchedule = learningRateDecay > 0 ? .step : .constant
    try read(.rateSchedule, into: \.rateSchedule, of: &self)
    try read(.warmup, into: \.warmup, of: &self)
    try read(.averageDecay, into: \.averageDecay, of: &self)
    try read(.batching, into: \.batching, of: &self)
    try read(.batchSize, into: \.batchSize, of: &self)
    try read(.batchTokens, into: \.batchTokens, of: &self)
    try read(.chunkSize, into: \.chunkSize, of: &self)
    try read(.patience, into: \.patience, of: &self)
    try read(.epochs, into: \.epochs, of: &self)
    try read(.gradientClip, into: \.gradientClip, of: &self)
    try read(.weightDecay, into: \.weightDecay, of: &self)
    try read(.minimumCount, into: \.minimumCount, of: &self)
    try read(.vocabularySource, into: \.vocabularySource, of: &self)
    try read(.tokenScheme, into: \.tokenScheme, of: &self)
    try read(.rarestWordsAreUnknown, into: \.rarestWordsAreUnknown, of: &self)
    try read(.validateEvery, into: \.validateEvery, of: &self)
    try read(.validatesEachEpoch, into: \.validatesEachEpoch, of: &self)
    try read(.seed, into: \.seed, of: &self)
    try read(.precision, into: \.precision, of: &self)
    try read(.bidirectional, into: \.bidirectional, of: &self)
    try read(.layers, into: \.layers, of: &self)
    try read(.pooling, into: \.pooling, of: &self)
    try read(.wordDropout, into: \.wordDropout, of: &self)
    try read(.dropoutWords, into: \.dropoutWords, of: &self)
    try read(.dropoutLayers, into: \.dropoutLayers, of: &self)
    try read(.dropoutOutput, into: \.dropoutOutput, of: &self)
    try read(.dropoutFeatures, into: \.dropoutFeatures, of: &self)
    try read(.featureNoise, into: \.featureNoise, of: &self)
    try read(.imageHidden, into: \.imageHidden, of: &self)
    try read(.crops, into: \.crops, of: &self)
    try read(.samplesCrops, into: \.samplesCrops, of: &self)
    wordVectors = try values.decodeIfPresent(String.self, forKey: .wordVectors)
    try read(.freezesWordVectors, into: \.freezesWordVectors, of: &self)
  }
}
