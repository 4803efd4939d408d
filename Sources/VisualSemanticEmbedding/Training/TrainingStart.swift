internal import DataFormats
internal import Foundation
internal import Tensors

/// Where a run begins: drawn from the seed, from another model's weights, or from a checkpoint.
struct TrainingStart {
  let options: TrainingOptions
  let data: TrainingData
  /// The network that is scored and kept: that of the step, or the average of its weights.
  let scoredNetwork: EmbeddingNetwork
  let step: TrainingStep
  let position: Checkpoint
  let generator: SeededRandomNumberGenerator

  init(_ request: Trainer.Request) throws {
    try Self.checkOutput(request)
    self = try request.resumes ? Self(resuming: request) : Self(anew: request)
    try data.validateFeatures()
  }

  /// - Parameter trained: the network to train, whose parameters are set, and the loss.
  private init(
    options: TrainingOptions, data: TrainingData,
    trained: (network: EmbeddingNetwork, objective: TrainingObjective), position: Checkpoint,
    generator: SeededRandomNumberGenerator
  ) {
    self.options = options
    self.data = data
    self.position = position
    self.generator = generator
    let parameters = trained.network.parameters
    var average: WeightAverage?
    if options.averageDecay > 0 {
      scoredNetwork = EmbeddingNetwork(like: trained.network)
      scoredNetwork.parameters.everything.assign(parameters.everything)
      average = WeightAverage(decay: options.averageDecay, values: scoredNetwork.parameters)
    } else {
      scoredNetwork = trained.network
    }
    step = TrainingStep(
      network: trained.network,
      optimizer: AdamOptimizer(
        layout: parameters.layout, form: options.adam, clip: options.gradientClip,
        weightDecay: options.weightDecay, step: position.update, average: average),
      objective: trained.objective, recomputes: options.chunkSize > 0)
  }

  /// The network to train, all zero, and the loss with what it learns beside the network.
  private static func network(
    _ configuration: ModelConfiguration, options: TrainingOptions
  ) -> (network: EmbeddingNetwork, objective: TrainingObjective) {
    let (network, objective) = EmbeddingNetwork.extended(
      configuration: configuration, precision: options.precision
    ) { options.objective(layout: &$0) }
    return (network, objective)
  }

  /// A model or a run that someone may want is replaced only when that was asked for.
  private static func checkOutput(_ request: Trainer.Request) throws {
    let files = FileManager.default
    let checkpoint = Checkpoint.path(forModel: request.output)
    if files.fileExists(atPath: request.output) {
      guard let file = try? SafetensorsFile.read(path: request.output, verifyingChecksum: false),
        file.metadata[ModelFile.descriptionKey] != nil
      else { throw TrainingError.outputIsNotAModel(path: request.output) }
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
    let trained = Self.network(configuration, options: options)
    if let initial, let path = request.initialModel {
      try Self.check(initial, fits: configuration, path: path)
      // What the loss learns is the model's too, where that was trained with such a loss.
      trained.network.parameters.setConstants()
      trained.network.parameters.adopt(initial.network.parameters)
      trained.network.parametersChanged()
    } else {
      trained.network.initialize(using: &generator)
    }
    self.init(
      options: options, data: data, trained: trained,
      position: Checkpoint(
        options: options, model: configuration, embeddingRows: data.vocabulary.embeddingRows,
        data: try data.fingerprint(), generator: generator.words), generator: generator)
  }

  private static func checkMemory(
    _ configuration: ModelConfiguration, data: TrainingData, options: TrainingOptions
  ) throws(TrainingError) {
    try TrainingMemory(configuration: configuration, lengths: data.trainTokens.lengths, options: options)
      .check()
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
    let trained = Self.network(checkpoint.model, options: options)
    self.init(options: options, data: data, trained: trained, position: checkpoint, generator: generator)
    try position.load(
      parameters: trained.network.parameters, optimizer: step.optimizer, from: file, path: path)
    trained.network.parametersChanged()
  }

  /// The options of the interrupted run, with the number of epochs and the patience of this one; anything else
  /// must be equal.
  private static func resumedOptions(
    _ request: Trainer.Request, checkpoint: Checkpoint, path: String
  ) throws -> TrainingOptions {
    var expected = checkpoint.options
    expected.epochs = request.options.epochs
    expected.patience = request.options.patience
    var given = request.options
    // These two are settled when a run starts, from --vocabulary-from and --init-from.
    given.vocabularySource = expected.vocabularySource
    given.tokenScheme = expected.tokenScheme
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
    guard let path = request.vocabularyFile else { return nil }
    if path.hasSuffix(".safetensors") { return try ModelFile.read(path).vocabulary }
    return try Vocabulary(contentsOf: path, scheme: options.tokenScheme)
  }

  private static func configuration(_ options: TrainingOptions, data: TrainingData) -> ModelConfiguration {
    ModelConfiguration(
      encoder: options.encoder, peepholes: options.peepholes, hiddenBias: options.hiddenBias,
      dim: options.dim,
      wordDim: options.wordDim, imageDim: data.train.features.columnCount,
      vocabularySize: data.vocabulary.embeddingRows, normalizeImages: options.normalizeImages)
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
      + " dim \(model.dim), word dim \(model.wordDim), image dim \(model.imageDim), "
      + "\(model.vocabularySize) word vectors"
  }
}
