internal import Foundation
internal import Tensors

extension TrainingStart {
  /// Starts from parameters drawn from the seed, or from another model's.
  init(anew request: Trainer.Request) throws {
    var options = request.options
    var generator = SeededRandomNumberGenerator(seed: options.seed)
    let initial = try request.initialModel.map { try ModelFile.read($0, precision: options.precision) }
    let given = try Self.givenVocabulary(request, options: options) ?? initial?.vocabulary
    if let given {
      options.vocabularySource = .given
      options.tokenScheme = given.scheme
    }
    let data = try TrainingData(dataset: request.dataset, options: options, given: given)
    let configuration = Self.configuration(options, data: data)
    try Self.checkMemory(configuration, data: data, options: options)
    var trained = Trained(configuration, options: options)
    if let initial, let path = request.initialModel {
      try Self.check(initial, fits: configuration, path: path)
      // What the loss learns is the model's too, where that was trained with such a loss.
      trained.network.parameters.setConstants()
      trained.network.parameters.adopt(initial.network.parameters)
      trained.network.parametersChanged()
    } else {
      trained.network.initialize(using: &generator)
      if let path = request.wordVectorFile {
        try trained.readWordVectors(path, of: data.vocabulary, freezes: options.freezesWordVectors)
        options.wordVectors = URL(fileURLWithPath: path).lastPathComponent
      }
    }
    self.init(
      options: options, data: data, trained: trained,
      position: Checkpoint(
        options: options, model: configuration, embeddingRows: data.vocabulary.embeddingRows,
        data: try data.fingerprint(), generator: generator.words), generator: generator)
  }

  private static func givenVocabulary(
    _ request: Trainer.Request, options: TrainingOptions
  ) throws -> Vocabulary? {
    try request.vocabularyFile.map {
      try Vocabulary(
        file: $0, scheme: options.tokenScheme, rarestAreUnknown: options.rarestWordsAreUnknown)
    }
  }

  private static func configuration(_ options: TrainingOptions, data: TrainingData) -> ModelConfiguration {
    ModelConfiguration(
      encoder: options.encoder, peepholes: options.peepholes, hiddenBias: options.hiddenBias,
      dim: options.dim,
      wordDim: options.wordDim, imageDim: data.train.features.columnCount,
      vocabularySize: data.vocabulary.embeddingRows, normalizeImages: options.normalizeImages,
      bidirectional: options.bidirectional, layers: options.layers, pooling: options.pooling,
      imageHidden: options.imageHidden)
  }

  private static func check(
    _ model: EmbeddingModel, fits wanted: ModelConfiguration, path: String
  ) throws(TrainingError) {
    var found = model.configuration
    found.normalizeImages = wanted.normalizeImages
    guard found == wanted else {
      throw .initialModelDiffers(
        path: path,
        what: "holds \(sizes(of: found)); this run has \(sizes(of: wanted))")
    }
  }

  private static func sizes(of model: ModelConfiguration) -> String {
    model.encoder.rawValue + (model.peepholes ? " with peepholes" : "")
      + (model.hiddenBias ? " with hidden bias" : "")
      + (model.bidirectional ? ", bidirectional" : "") + (model.layers > 1 ? ", \(model.layers) layers" : "")
      + (model.pooling != .last ? ", \(model.pooling.rawValue) pooling" : "")
      + (model.imageHidden > 0 ? ", image hidden \(model.imageHidden)," : "")
      + " dim \(model.dim), word dim \(model.wordDim), image dim \(model.imageDim), "
      + "\(model.vocabularySize) word vectors"
  }
}

extension TrainingStart.Trained {
  /// Replaces the vectors of the words that a file has.
  fileprivate mutating func readWordVectors(_ path: String, of vocabulary: Vocabulary, freezes: Bool) throws {
    let coverage = try WordVectorFile(path: path).load(
      into: network.parameters[network.sentences.wordEmbedding], of: vocabulary)
    network.parametersChanged()
    wordVectorCoverage = coverage
    if freezes { frozenWords = coverage.isFound }
  }
}
