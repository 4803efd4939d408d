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
    #expect(options.adam == .kiros && options.learningRate == 0.0002 && options.learningRateDecay == 0)
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
        && options.hardNegativeWarmup == 12)
    #expect(options.epochs == 12 && options.batchSize == 128 && options.gradientClip == 2)
    #expect(options.weightDecay == 0 && options.maximumLength == nil && options.minimumCount == 4)
    #expect(options.vocabularySource == .train && !options.rarestWordsAreUnknown)
    #expect(options.tokenScheme == .vsepp && options.validateEvery == 500 && options.validatesEachEpoch)
    #expect(options.hardNegativeWarmup > 0, "without a warm-up the hardest negatives collapse")
  }

  @Test func learningRateSchedule() {
    var options = TrainingOptions()
    options.learningRate = 0.0002
    for epoch in [0, 1, 15, 1000] { #expect(options.learningRate(epoch: epoch) == 0.0002) }
    options.learningRateDecay = 15
    let expected: [(Int, Float)] = [(0, 2e-4), (14, 2e-4), (15, 2e-5), (29, 2e-5), (30, 2e-6)]
    for (epoch, rate) in expected {
      #expect(abs(options.learningRate(epoch: epoch) - rate) <= 1e-6 * rate, "epoch \(epoch)")
    }
  }

  @Test func contrastiveSchedule() {
    var options = TrainingOptions()
    options.hardNegativeWarmup = 8
    #expect(options.contrastiveTerms(at: 0) == .all && options.contrastiveTerms(at: 9) == .all)
    options.loss = .max
    #expect(options.contrastiveTerms(at: 0) == .hardest(127))
    #expect(options.contrastiveTerms(at: 4) == .hardest(11))  // √127
    #expect(options.contrastiveTerms(at: 8) == .hardest(1) && options.contrastiveTerms(at: 99) == .hardest(1))
    var last = Int.max
    for position in stride(from: 0.0, to: 10, by: 0.01) {
      guard case .hardest(let count) = options.contrastiveTerms(at: position) else {
        Issue.record("all terms at \(position)")
        return
      }
      #expect(count >= 1 && count <= last)
      last = count
    }
    options.hardNegativeWarmup = 0
    #expect(options.contrastiveTerms(at: 0) == .hardest(1))
  }

  @Test func optionsRoundTripAsJSON() throws {
    for options in [TrainingOptions(), Recipe.kiros.options, Recipe.vsepp.options] {
      let data = try JSONEncoder().encode(options)
      #expect(try JSONDecoder().decode(TrainingOptions.self, from: data) == options)
    }
  }
}
