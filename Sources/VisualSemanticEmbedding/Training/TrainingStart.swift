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
  /// Of a fresh run with word vectors from a file.
  let wordVectorCoverage: WordVectorCoverage?

  init(_ request: Trainer.Request) throws {
    try Self.checkWordVectors(request)
    try request.checkOutput()
    self = try request.resumes ? Self(resuming: request) : Self(anew: request)
    try data.validateFeatures()
  }

  /// What is trained, and the loss.
  struct Trained {
    /// With its parameters set, and those of the loss behind them.
    let network: EmbeddingNetwork
    let objective: TrainingObjective
    /// Whether the vector of each token stays as it is; empty where none does.
    var frozenWords: [Bool] = []
    var wordVectorCoverage: WordVectorCoverage?

    /// All zero.
    init(_ configuration: ModelConfiguration, options: TrainingOptions) {
      (network, objective) = EmbeddingNetwork.extended(
        configuration: configuration, precision: options.precision
      ) { options.objective(layout: &$0) }
    }
  }

  init(
    options: TrainingOptions, data: TrainingData, trained: Trained, position: Checkpoint,
    generator: SeededRandomNumberGenerator
  ) {
    self.options = options
    self.data = data
    self.position = position
    self.generator = generator
    wordVectorCoverage = trained.wordVectorCoverage
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
      objective: trained.objective, noise: options.noise, frozenWords: trained.frozenWords,
      recomputes: options.chunkSize > 0)
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

  static func checkMemory(
    _ configuration: ModelConfiguration, data: TrainingData, options: TrainingOptions
  ) throws(TrainingError) {
    try TrainingMemory(configuration: configuration, lengths: data.trainTokens.lengths, options: options)
      .check()
  }
}
