/// Captions, tokens and features that a training run reads.
struct TrainingData {
  let train: DatasetSplit
  let development: DatasetSplit
  let vocabulary: Vocabulary
  let trainTokens: TokenizedCaptions
  let developmentTokens: TokenizedCaptions

  /// Opens the train and dev splits of a dataset and turns their captions into tokens.
  /// - Parameter given: the vocabulary, when it is not to be built from the captions.
  init(dataset: Dataset, options: TrainingOptions, given: Vocabulary?) throws {
    let dataset = Dataset(folder: dataset.folder, crops: options.crops)
    train = try dataset.open(.train)
    development = try dataset.open(.dev)
    guard train.features.columnCount == development.features.columnCount else {
      throw DatasetError.widthsDiffer(
        found: development.features.columnCount, file: development.features.path,
        expected: train.features.columnCount, expectedBy: train.features.path)
    }
    if let given {
      vocabulary = given
    } else {
      let sources =
        options.vocabularySource == .trainAndDev ? [train.captions, development.captions] : [train.captions]
      vocabulary = try Vocabulary.build(
        from: sources, minimumCount: options.minimumCount, scheme: options.tokenScheme,
        rarestAreUnknown: options.rarestWordsAreUnknown)
    }
    trainTokens = TokenizedCaptions(
      train.captions, vocabulary: vocabulary, maximumLength: options.maximumLength)
    developmentTokens = TokenizedCaptions(development.captions, vocabulary: vocabulary)
    guard Self.canContrast(trainTokens, images: train.grouping.imageOfCaption, options: options) else {
      throw DatasetError.nothingToTrain(captionFile: train.captions.path, batchSize: options.batchSize)
    }
    guard developmentTokens.includedCount > 0 else {
      throw DatasetError.noCaption(captionFile: development.captions.path)
    }
  }

  /// Whether some minibatch may have two captions that count as each other's negatives.
  private static func canContrast(
    _ captions: TokenizedCaptions, images: [Int], options: TrainingOptions
  ) -> Bool {
    /// For each length, or for all, the caption or the image that was found first.
    var first: [Int32: Int] = [:]
    for row in captions.includedRows {
      let length = options.batching == .mixed ? 0 : captions.lengths[row]
      let found = options.excludesSameImage ? images[row] : row
      if first[length, default: found] != found { return true }
      first[length] = found
    }
    return false
  }

  /// Reads every feature once: a broken number stops training before it starts, not hours later.
  func validateFeatures() throws {
    try train.features.validate()
    try development.features.validate()
  }

  /// A number that changes when the captions, their tokens or the features do (FNV-1a); of the features, their
  /// shapes and a hundred rows of each split.
  func fingerprint() throws(FeatureTableError) -> String {
    var hash: UInt64 = 14_695_981_039_346_656_037
    func mix(_ value: Int) { hash = (hash ^ UInt64(truncatingIfNeeded: value)) &* 1_099_511_628_211 }
    for split in [train, development] {
      mix(split.features.rowCount)
      mix(split.features.columnCount)
      let step = max(1, split.features.rowCount / 100)
      var row = [Float](repeating: 0, count: split.features.columnCount)
      for index in stride(from: 0, to: split.features.rowCount, by: step) {
        try row.withUnsafeMutableBufferPointer { values throws(FeatureTableError) in
          try split.features.gather(rows: [index], into: values)
        }
        for value in row { mix(Int(value.bitPattern)) }
      }
    }
    for tokens in [trainTokens, developmentTokens] {
      for token in tokens.tokens { mix(Int(token)) }
      for length in tokens.lengths { mix(Int(length)) }
    }
    return String(hash, radix: 16)
  }
}
