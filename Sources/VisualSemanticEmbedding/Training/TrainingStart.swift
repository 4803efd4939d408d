internal import DataFormats
internal import Foundation
internal import Tensors

/// Where a run begins: drawn from the seed, from another model's weights, or from a checkpoint.
struct TrainingStart {
  let options: TrainingOptions
  let data: TrainingData
  let network: EmbeddingNetwork
  let step: TrainingStep
  let position: Checkpoint
  let generator: SeededRandomNumberGenerator
  /// Of a fresh run with word vectors from a file.
  let wordVectorCoverage: WordVectorCoverage?

  init(_ request: Trainer.Request) throws {
    try Self.checkWordVectors(request)
    try Self.checkOutput(request)
    self = try request.resumes ? Self(resuming: request) : Self(anew: request)
    try data.validateFeatures()
  }

  private init(
    options: TrainingOptions, data: TrainingData, network: EmbeddingNetwork, position: Checkpoint,
    generator: SeededRandomNumberGenerator, frozenWords: [Bool], wordVectorCoverage: WordVectorCoverage? = nil
  ) {
    self.options = options
    self.data = data
    self.network = network
    self.position = position
    self.generator = generator
    self.wordVectorCoverage = wordVectorCoverage
    step = TrainingStep(
      network: network,
      optimizer: AdamOptimizer(
        layout: network.parameters.layout, form: options.adam, clip: options.gradientClip,
        weightDecay: options.weightDecay, step: position.update), margin: options.margin,
      noise: options.noise, frozenWords: frozenWords)
  }

  private static func checkWordVectors(_ request: Trainer.Request) throws(TrainingOptionError) {
    if request.wordVectorFile != nil, request.initialModel != nil {
      throw TrainingOptionError(
        option: "word-vectors", requirement: "left out with --init-from, which brings its own")
    }
    if request.options.freezesWordVectors, request.wordVectorFile == nil, !request.resumes {
      throw TrainingOptionError(
        option: "freeze-word-vectors", requirement: "left out without --word-vectors")
    }
  }

  /// A model or a run that someone may want is replaced only when that was asked for.
  private static func checkOutput(_ request: Trainer.Request) throws {
    let files = FileManager.default
    let checkpoint = Checkpoint.path(forModel: request.output)
    if files.fileExists(atPath: request.output), !ModelFile.isModel(request.output) {
      throw TrainingError.outputIsNotAModel(path: request.output)
    }
    if !request.resumes && !request.overwrites {
      if files.fileExists(atPath: checkpoint) {
        let isFinished = (try? Checkpoint.read(checkpoint).checkpoint.isFinished) ?? false
        throw isFinished
          ? TrainingError.finishedRunExists(checkpoint: checkpoint)
          : TrainingError.interruptedRunExists(checkpoint: checkpoint)
      }
      if files.fileExists(atPath: request.output) { throw TrainingError.outputExists(path: request.output) }
    }
    // A place that cannot be written is told now, not at the first scoring.
    try ReplacingFile(path: request.output).cancel()
  }

  private init(anew request: Trainer.Request) throws {
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
    let network: EmbeddingNetwork
    var coverage: WordVectorCoverage?
    if let initial, let path = request.initialModel {
      try Self.check(initial, fits: configuration, path: path)
      network = EmbeddingNetwork(configuration: configuration, precision: options.precision)
      network.parameters.everything.assign(initial.network.parameters.everything)
      network.parametersChanged()
    } else {
      network = EmbeddingNetwork(configuration: configuration, precision: options.precision)
      network.initialize(using: &generator)
      if let path = request.wordVectorFile {
        coverage = try WordVectorFile(path: path).load(
          into: network.parameters[network.sentences.wordEmbedding], of: data.vocabulary)
        network.parametersChanged()
        options.wordVectors = URL(fileURLWithPath: path).lastPathComponent
      }
    }
    self.init(
      options: options, data: data, network: network,
      position: Checkpoint(
        options: options, model: configuration, embeddingRows: data.vocabulary.embeddingRows,
        data: try data.fingerprint(), generator: generator.words), generator: generator,
      frozenWords: options.freezesWordVectors ? coverage?.isFound ?? [] : [], wordVectorCoverage: coverage)
  }

  private static func checkMemory(
    _ configuration: ModelConfiguration, data: TrainingData, options: TrainingOptions
  ) throws(TrainingError) {
    try TrainingMemory(
      configuration: configuration, lengths: data.trainTokens.lengths, batchSize: options.batchSize,
      precision: options.precision
    ).check()
  }

  private init(resuming request: Trainer.Request) throws {
    let path = Checkpoint.path(forModel: request.output)
    var (checkpoint, vocabulary, file) = try Checkpoint.read(path)
    let options = try Self.resumedOptions(request, checkpoint: checkpoint, path: path)
    checkpoint.options = options
    guard let generator = SeededRandomNumberGenerator(words: checkpoint.generator) else {
      throw TrainingError.brokenCheckpoint(path: path, reason: "its random state cannot be read")
    }
    let data = try TrainingData(dataset: request.dataset, options: options, given: vocabulary)
    guard try data.fingerprint() == checkpoint.data else { throw TrainingError.dataDiffers(checkpoint: path) }
    try ModelFile.checkTensors(of: checkpoint.model, in: file, prefix: "parameters/", path: path)
    try Self.checkMemory(checkpoint.model, data: data, options: options)
    let network = EmbeddingNetwork(configuration: checkpoint.model, precision: options.precision)
    self.init(
      options: options, data: data, network: network, position: checkpoint, generator: generator,
      frozenWords: try checkpoint.frozenWords(in: file, path: path))
    try position.load(parameters: network.parameters, optimizer: step.optimizer, from: file, path: path)
    network.parametersChanged()
  }

  /// The options of the interrupted run, with the number of epochs of this one; anything else must be equal.
  private static func resumedOptions(
    _ request: Trainer.Request, checkpoint: Checkpoint, path: String
  ) throws -> TrainingOptions {
    var expected = checkpoint.options
    expected.epochs = request.options.epochs
    var given = request.options
    // These are settled when a run starts, from --vocabulary-from, --init-from and --word-vectors.
    given.vocabularySource = expected.vocabularySource
    given.tokenScheme = expected.tokenScheme
    given.wordVectors = expected.wordVectors
    let differing = differences(given, expected)
    guard differing.isEmpty else { throw TrainingError.optionsDiffer(checkpoint: path, options: differing) }
    return expected
  }

  /// The command-line names of the options that differ.
  private static func differences(_ first: TrainingOptions, _ second: TrainingOptions) -> [String] {
    func fields(_ options: TrainingOptions) -> [String: String] {
      guard let data = try? JSONEncoder().encode(options),
        let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
      else { return [:] }
      // As text with sorted keys: some options are objects themselves.
      return object.mapValues { value in
        let text = try? JSONSerialization.data(withJSONObject: [value], options: .sortedKeys)
        return text.map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
      }
    }
    let (left, right) = (fields(first), fields(second))
    // These two come with a recipe, and have no name on the command line.
    let unnamed: Set = ["validates_each_epoch", "rarest_words_are_unknown"]
    return Set(left.keys).union(right.keys).subtracting(unnamed).filter { left[$0] != right[$0] }
      .map { "--" + $0.replacing("_", with: "-") }.sorted()
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
