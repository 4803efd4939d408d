import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct TrainingOptionsTests {
  @Test func defaultsAndRecipesAreInRange() throws {
    try TrainingOptions().check()
    for recipe in Recipe.allCases { try recipe.options.check() }
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var option: String
    var value: String
    var change: @Sendable (inout TrainingOptions) -> Void
    var testDescription: String { "--\(option) \(value)" }

    init(_ option: String, _ value: String, _ change: @escaping @Sendable (inout TrainingOptions) -> Void) {
      self.option = option
      self.value = value
      self.change = change
    }
  }

  static let faults = [
    Fault("dim", "0") { $0.dim = 0 },
    Fault("dim", "-1") { $0.dim = -1 },
    Fault("dim", "65537") { $0.dim = 65_537 },
    Fault("word-dim", "0") { $0.wordDim = 0 },
    Fault("peepholes", "with gru") { $0.peepholes = true },
    Fault("hidden-bias", "with bow") {
      $0.encoder = .bow
      $0.hiddenBias = true
    },
    Fault("margin", "-0.1") { $0.margin = -0.1 },
    Fault("margin", "nan") { $0.margin = .nan },
    Fault("margin", "inf") { $0.margin = .infinity },
    Fault("hard-negative-warmup", "-1") { $0.hardNegativeWarmup = -1 },
    Fault("hard-negative-warmup", "nan") { $0.hardNegativeWarmup = .nan },
    Fault("learning-rate", "0") { $0.learningRate = 0 },
    Fault("learning-rate", "-1") { $0.learningRate = -1 },
    Fault("learning-rate", "nan") { $0.learningRate = .nan },
    Fault("learning-rate", "inf") { $0.learningRate = .infinity },
    Fault("learning-rate-decay", "-1") { $0.learningRateDecay = -1 },
    Fault("batch-size", "1") { $0.batchSize = 1 },
    Fault("batch-size", "65537") { $0.batchSize = 65_537 },
    Fault("epochs", "0") { $0.epochs = 0 },
    Fault("grad-clip", "-1") { $0.gradientClip = -1 },
    Fault("grad-clip", "nan") { $0.gradientClip = .nan },
    Fault("weight-decay", "-1") { $0.weightDecay = -1 },
    Fault("weight-decay", "inf") { $0.weightDecay = .infinity },
    Fault("max-length", "1") { $0.maximumLength = 1 },
    Fault("min-count", "0") { $0.minimumCount = 0 },
    Fault("validate-every", "0") { $0.validateEvery = 0 },
    Fault("normalize-images", "off with infonce") { $0.loss = .infoNCE },
    Fault("normalize-images", "off with sigmoid") { $0.loss = .sigmoid },
    Fault("initial-scale", "0") {
      $0.loss = .infoNCE
      $0.normalizeImages = true
      $0.initialScale = 0
    },
    Fault("initial-scale", "101") {
      $0.loss = .infoNCE
      $0.normalizeImages = true
      $0.initialScale = 101
    },
    Fault("initial-scale", "with hinges") { $0.initialScale = 10 },
    Fault("initial-bias", "nan") { $0.initialBias = .nan },
    Fault("learning-rate-decay", "without steps") { $0.learningRateDecay = 3 },
    Fault("learning-rate-decay", "0 with steps") { $0.rateSchedule = .step },
    Fault("warmup", "-1") { $0.warmup = -1 },
    Fault("warmup", "inf") { $0.warmup = .infinity },
    Fault("ema", "1") { $0.averageDecay = 1 },
    Fault("ema", "-0.1") { $0.averageDecay = -0.1 },
    Fault("ema", "nan") { $0.averageDecay = .nan },
    Fault("batch-tokens", "-1") { $0.batchTokens = -1 },
    Fault("batch-tokens", "maximum") { $0.batchTokens = .max },
    Fault("chunk-size", "-1") { $0.chunkSize = -1 },
    Fault("patience", "-1") { $0.patience = -1 },
  ]

  @Test(arguments: faults) func outOfRange(fault: Fault) throws {
    var options = TrainingOptions()
    fault.change(&options)
    #expect {
      try options.check()
    } throws: {
      ($0 as? TrainingOptionError)?.option == fault.option
    }
    var training = try ToyTraining()
    training.options = options
    #expect(throws: TrainingOptionError.self) { try training.run() }
    #expect(try training.output.contents().isEmpty)
  }

  @Test func kirosRecipe() {
    let options = Recipe.kiros.options
    #expect(options.recipe == .kiros)
    #expect(options.encoder == .gru && !options.hiddenBias && !options.peepholes)
    #expect(options.dim == 1024 && options.wordDim == 300)
    #expect(options.loss == .sum && options.margin == 0.2 && !options.normalizeImages)
    #expect(options.adam == .kiros && options.learningRate == 0.0002 && options.rateSchedule == .constant)
    #expect(!options.excludesSameImage && options.averageDecay == 0 && options.batching == .equalLength)
    #expect(options.epochs == 15 && options.batchSize == 128 && options.gradientClip == 2)
    #expect(options.weightDecay == 0 && options.maximumLength == 100 && options.minimumCount == 1)
    #expect(options.vocabularySource == .trainAndDev && options.rarestWordsAreUnknown)
    #expect(options.tokenScheme == .kiros && options.validateEvery == 100 && !options.validatesEachEpoch)
  }

  @Test func vseppRecipe() {
    let options = Recipe.vsepp.options
    #expect(options.recipe == .vsepp && Recipe.vsepp.rawValue == "vse++")
    #expect(options.encoder == .gru && options.hiddenBias && options.dim == 1024 && options.wordDim == 300)
    #expect(options.loss == .max && options.margin == 0.2 && options.normalizeImages)
    #expect(
      options.adam == .standard && options.learningRate == 0.0002 && options.learningRateDecay == 8
        && options.rateSchedule == .step && options.hardNegativeWarmup == 12)
    #expect(!options.excludesSameImage && options.averageDecay == 0 && options.batching == .equalLength)
    #expect(options.epochs == 12 && options.batchSize == 128 && options.gradientClip == 2)
    #expect(options.weightDecay == 0 && options.maximumLength == nil && options.minimumCount == 4)
    #expect(options.vocabularySource == .train && !options.rarestWordsAreUnknown)
    #expect(options.tokenScheme == .vsepp && options.validateEvery == 500 && options.validatesEachEpoch)
    #expect(options.hardNegativeWarmup > 0, "without a warm-up the hardest negatives collapse")
  }

  @Test func ourRecipes() {
    for recipe in [Recipe.best, .fast] {
      let options = recipe.options
      #expect(options.recipe == recipe && options.loss == .infoNCE && options.excludesSameImage)
    }
  }

  @Test func contrastiveSchedule() {
    var options = TrainingOptions()
    options.hardNegativeWarmup = 8
    #expect(
      options.contrastiveTerms(at: 0, captions: 20) == .all
        && options.contrastiveTerms(at: 9, captions: 20) == .all)
    options.loss = .max
    #expect(options.contrastiveTerms(at: 0, captions: 20) == .hardest(127))
    #expect(options.contrastiveTerms(at: 4, captions: 20) == .hardest(11))  // √127
    #expect(
      options.contrastiveTerms(at: 8, captions: 20) == .hardest(1)
        && options.contrastiveTerms(at: 99, captions: 20) == .hardest(1))
    var last = Int.max
    for position in stride(from: 0.0, to: 10, by: 0.01) {
      guard case .hardest(let count) = options.contrastiveTerms(at: position, captions: 20) else {
        Issue.record("all terms at \(position)")
        return
      }
      #expect(count >= 1 && count <= last)
      last = count
    }
    // Of minibatches of so many tokens each has a number of its own.
    options.batchTokens = 1000
    #expect(options.contrastiveTerms(at: 0, captions: 82) == .hardest(81))
    #expect(options.contrastiveTerms(at: 4, captions: 82) == .hardest(9))
    #expect(options.contrastiveTerms(at: 4, captions: 1) == .hardest(1))
    options.hardNegativeWarmup = 0
    #expect(options.contrastiveTerms(at: 0, captions: 20) == .hardest(1))
  }

  @Test func optionsRoundTripAsJSON() throws {
    var everything = TrainingOptions()
    everything.loss = .sigmoid
    everything.excludesSameImage = true
    everything.initialScale = 7
    everything.initialBias = -3
    everything.adam = .decoupled
    everything.rateSchedule = .cosine
    everything.warmup = 0.25
    everything.averageDecay = 0.999
    everything.batching = .mixed
    everything.batchTokens = 4096
    everything.chunkSize = 64
    everything.patience = 5
    for options in [TrainingOptions(), everything] + Recipe.allCases.map(\.options) {
      let data = try JSONEncoder().encode(options)
      #expect(try JSONDecoder().decode(TrainingOptions.self, from: data) == options)
    }
  }

  /// Options as they were before there were schedules and losses with a scale.
  @Test func olderOptions() throws {
    func read(_ text: String) throws -> TrainingOptions {
      try JSONDecoder().decode(TrainingOptions.self, from: Data(text.utf8))
    }
    var constant = TrainingOptions()
    constant.maximumLength = nil  // absent is nil
    #expect(try read("{}") == constant)
    #expect(try read(#"{"learning_rate_decay": 0}"#).rateSchedule == .constant)
    let steps = try read(#"{"recipe": "vse++", "loss": "max", "learning_rate_decay": 8, "epochs": 12}"#)
    #expect(steps.rateSchedule == .step && steps.learningRateDecay == 8 && steps.loss == .max)
    try steps.check()
    #expect(throws: DecodingError.self) { try read(#"{"loss": "triplet"}"#) }
  }
}
