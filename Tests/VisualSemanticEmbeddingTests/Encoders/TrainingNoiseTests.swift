import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct TrainingNoiseTests {
  private let configuration = ModelConfiguration(
    dim: 12, wordDim: 6, imageDim: 9, vocabularySize: 20, normalizeImages: true, bidirectional: true,
    layers: 3, pooling: .mean)
  private let noise = TrainingNoise(
    words: 0.2, layers: 0.3, output: 0.1, features: 0.4, featureDeviation: 0.2)

  private func step(precision: Precision, noise: TrainingNoise) -> TrainingStep {
    let network = EmbeddingNetwork(configuration: configuration, precision: precision)
    var generator = SeededRandomNumberGenerator(seed: 3)
    network.initialize(using: &generator)
    return TrainingStep(
      network: network,
      optimizer: AdamOptimizer(
        layout: network.parameters.layout, form: .standard, clip: 2, weightDecay: 0),
      objective: .hinges(margin: 0.2), noise: noise)
  }

  private let sentences: [[Int32]] = {
    var generator = SeededRandomNumberGenerator(seed: 6)
    return (0..<6).map { _ in (0..<4).map { _ in Int32(generator.integer(below: 20)) } }
  }()

  private var minibatch: (features: Matrix, tokens: TokenBatch) {
    var generator = SeededRandomNumberGenerator(seed: 5)
    let features = Matrix(rows: 6, columns: 9)
    features.fillUniform(bound: 1, using: &generator)
    return (features, TokenBatch(captions: sentences.map { $0[...] }, vocabulary: 20))
  }

  private func run(
    _ step: TrainingStep, seed: UInt64, updates: Int = 3
  ) -> (cost: Double, parameters: [UInt32]) {
    let (features, tokens) = minibatch
    let before = features.values
    var cost = 0.0
    for update in 0..<updates {
      var generator = SeededRandomNumberGenerator(seed: seed, stream: UInt64(update))
      cost =
        step.update(
          Minibatch(features: features, tokens: tokens), terms: .all, rate: 0.01, generator: &generator
        ).cost
    }
    #expect(features.values == before, "the caller's features stay as they are")
    return (cost, step.network.parameters.everything.values.map(\.bitPattern))
  }

  @Test(arguments: Precision.allCases) func updatesFollowFromTheSeed(precision: Precision) {
    let first = run(step(precision: precision, noise: noise), seed: 1)
    let again = run(step(precision: precision, noise: noise), seed: 1)
    let other = run(step(precision: precision, noise: noise), seed: 2)
    let without = run(step(precision: precision, noise: TrainingNoise()), seed: 1)
    #expect(first.cost == again.cost && first.parameters == again.parameters)
    #expect(first.parameters != other.parameters && first.parameters != without.parameters)
    #expect(first.cost.isFinite)
  }

  /// What is off draws nothing, so that switching one thing on does not change what the others draw.
  @Test func whatIsOffDrawsNothing() {
    var generator = SeededRandomNumberGenerator(seed: 1)
    let before = generator
    #expect(TrainingNoise().drawSentenceMasks(for: configuration, using: &generator) == .none)
    #expect(TrainingNoise().drawImageMasks(using: &generator) == .none)
    #expect(generator == before)
    let masks = noise.drawSentenceMasks(for: configuration, using: &generator)
    #expect(masks.words != nil && masks.output != nil)
    #expect(masks.layers.map(\.count) == [2, 2], "of the lower layers, for each direction")
    #expect(Set(masks.layers.joined().map { "\($0)" }).count == 4, "no two are alike")
  }

  @Test(arguments: Precision.allCases) func encodingDropsNothing(precision: Precision) {
    let step = step(precision: precision, noise: noise)
    let (features, tokens) = minibatch
    let (sentences, images) = (
      step.network.sentenceVectors(tokens).copy(), step.network.imageVectors(features).copy()
    )
    var generator = SeededRandomNumberGenerator(seed: 1)
    _ = step.loss(Minibatch(features: features, tokens: tokens), terms: .all, generator: &generator)
    #expect(step.network.sentenceVectors(tokens).values == sentences.values)
    #expect(step.network.imageVectors(features).values == images.values)
  }

  /// In expectation the loss without a margin's kinks is what it is without noise: here, of the vectors.
  @Test func maskedWordVectorsHaveTheirExpectation() {
    let bag = ModelConfiguration(encoder: .bow, dim: 40, imageDim: 3, vocabularySize: 20)
    let network = EmbeddingNetwork(configuration: bag)
    var generator = SeededRandomNumberGenerator(seed: 3)
    network.initialize(using: &generator)
    let tokens = TokenBatch(captions: [[3, 4, 5, 3], [6, 7, 8, 9]], vocabulary: 20)
    let plain = network.sentenceVectors(tokens).copy()
    let mean = Matrix(rows: 2, columns: 40)
    let memory = SentenceEncoder.Memory()
    let draws = 4000
    for _ in 0..<draws {
      let masks = TrainingNoise(words: 0.02).drawSentenceMasks(for: bag, using: &generator)
      let vectors = network.sentences.forward(
        tokens, parameters: network.parameters, memory: memory, keepsActivations: true, masks: masks)
      for row in 0..<2 { for column in 0..<40 { mean[row, column] += vectors[row, column] / Float(draws) } }
    }
    // The norm's curvature is of second order at so low a rate.
    #expect(relativeError(mean.values, expected: plain.values) < 0.02)
  }

  @Test func unknownWords() {
    let captions: [ArraySlice<Int32>] = (0..<400).map { _ in [1, 4, 5, 3, 9, 10, 2] }
    var generator = SeededRandomNumberGenerator(seed: 1)
    func count(_ rate: Float) -> (unknown: Int, others: Int) {
      let dropped = TokenScheme.vsepp.droppingWords(of: captions, rate: rate, using: &generator)
      #expect(dropped.map(\.count) == captions.map(\.count))
      let tokens = dropped.joined()
      return (tokens.count { $0 == 3 }, tokens.count { [1, 2].contains($0) })
    }
    let before = generator
    #expect(count(0) == (400, 800))
    #expect(generator == before, "at a rate of 0 nothing is drawn")
    let (unknown, wrapping) = count(0.25)
    // Of the four words of each caption, within five standard deviations; one was unknown before.
    #expect(abs(unknown - 400 - 400) < 5 * 18 && wrapping == 800)
    #expect(count(0.999).unknown > 1950)
  }

  /// The gradient of word vectors that stay as they are is zero, and so they stay.
  @Test(arguments: [ModelConfiguration.Encoder.gru, .bow]) func frozenWords(
    encoder: ModelConfiguration.Encoder
  ) throws {
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        encoder: encoder, dim: 8, wordDim: 8, imageDim: 9, vocabularySize: 20))
    var generator = SeededRandomNumberGenerator(seed: 3)
    network.initialize(using: &generator)
    let frozen = (0..<20).map { $0 % 3 == 0 }
    let step = TrainingStep(
      network: network,
      optimizer: AdamOptimizer(layout: network.parameters.layout, form: .kiros, clip: 0, weightDecay: 0),
      objective: .hinges(margin: 0.2), frozenWords: frozen)
    let words = try #require(network.parameters["word_embedding"])
    let before = words.copy()
    let (features, tokens) = minibatch
    for _ in 0..<3 {
      _ = step.update(
        Minibatch(features: features, tokens: tokens), terms: .all, rate: 0.1, generator: &generator)
    }
    let used = Set(sentences.joined())
    for token in 0..<20 {
      let stays = frozen[token] || !used.contains(Int32(token))
      #expect((words.rowValues(token) == before.rowValues(token)) == stays, "\(token)")
    }
  }
}
