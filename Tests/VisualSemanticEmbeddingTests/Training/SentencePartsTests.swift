import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// One loss over captions that are encoded in parts is that of all at once.
@Suite struct SentencePartsTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var encoder: ModelConfiguration.Encoder
    var layers = 1
    var pooling = ModelConfiguration.Pooling.last
    var testDescription: String { "\(encoder), \(layers) layers, \(pooling)" }

    static let all = [
      Kind(encoder: .bow), Kind(encoder: .gru), Kind(encoder: .lstm, layers: 2, pooling: .mean),
      Kind(encoder: .gru, layers: 2, pooling: .max), Kind(encoder: .gru, pooling: .generalized),
    ]

    /// In both directions where there are several layers.
    var configuration: ModelConfiguration {
      ModelConfiguration(
        encoder: encoder, peepholes: encoder == .lstm, hiddenBias: encoder == .gru, dim: 12, wordDim: 6,
        imageDim: 7, vocabularySize: SentencePartsTests.vocabulary, normalizeImages: true,
        bidirectional: layers > 1, layers: layers, pooling: pooling, imageHidden: layers > 1 ? 5 : 0)
    }
  }

  static let vocabulary = 13
  private let noise = TrainingNoise(
    words: 0.2, layers: 0.2, output: 0.2, features: 0.2, featureDeviation: 0.1)

  private func step(_ kind: Kind, recomputes: Bool, noise: TrainingNoise = TrainingNoise()) -> TrainingStep {
    let (network, objective) = EmbeddingNetwork.extended(
      configuration: kind.configuration, precision: .float32
    ) { TrainingObjective.infoNCE(scale: 14, excludesSameImage: true, layout: &$0) }
    var generator = SeededRandomNumberGenerator(seed: 2)
    network.initialize(using: &generator)
    return TrainingStep(
      network: network,
      optimizer: AdamOptimizer(layout: network.parameters.layout, form: .standard, clip: 1, weightDecay: 0),
      objective: objective, noise: noise, recomputes: recomputes)
  }

  private func features(_ count: Int) -> Matrix {
    var generator = SeededRandomNumberGenerator(seed: 9)
    let features = Matrix(rows: count, columns: 7)
    features.fillUniform(bound: 1, using: &generator)
    return features
  }

  private func captions(_ count: Int, words: Int, seed: UInt64) -> [[Int32]] {
    var generator = SeededRandomNumberGenerator(seed: seed)
    return (0..<count).map { _ in (0..<words).map { _ in Int32(generator.integer(below: Self.vocabulary)) } }
  }

  private func tokens(_ captions: some Sequence<[Int32]>) -> TokenBatch {
    TokenBatch(captions: captions.map { $0[...] }, vocabulary: Self.vocabulary)
  }

  /// Parts of captions of one length, cut anywhere.
  @Test(
    arguments: Kind.all,
    [[11], [1, 10], [4, 4, 3], Array(repeating: 1, count: 11)])
  func cutsChangeNothing(kind: Kind, sizes: [Int]) {
    let captions = captions(11, words: 4, seed: 5)
    let images = captions.indices.map { Int32($0 / 2) }
    var generator = SeededRandomNumberGenerator(seed: 1)
    let whole = step(kind, recomputes: false)
    let expected = whole.loss(
      Minibatch(features: features(11), tokens: tokens(captions), images: images), terms: .all,
      generator: &generator)
    var start = 0
    let parts = sizes.map { size in
      defer { start += size }
      return tokens(captions[start..<start + size])
    }
    let minibatch = Minibatch(features: features(11), captions: parts, images: images)
    var gradients: [[Float]] = []
    for recomputes in [false, true] {
      let step = step(kind, recomputes: recomputes)
      #expect(
        abs(step.loss(minibatch, terms: .all, generator: &generator) - expected) <= 1e-6 * expected)
      gradients.append(step.gradients.everything.values)
      for entry in step.gradients.layout.entries {
        let (found, wanted) = (step.gradients[entry.name]?.values, whole.gradients[entry.name]?.values)
        #expect(relativeError(found ?? [], expected: wanted ?? []) < 2e-6, "\(entry.name)")
      }
    }
    #expect(gradients[0] == gradients[1], "what is computed twice is the same")
  }

  /// The same parameters after updates of minibatches of several lengths, whose memory is used again: what is
  /// computed twice drops the same.
  @Test(arguments: Kind.all) func updates(kind: Kind) {
    let steps = [false, true].map { step(kind, recomputes: $0, noise: noise) }
    for update in 0..<6 {
      let sizes = [(update + 1, 3), (2, 1 + update), (1, 7)]
      let parts = sizes.enumerated().map {
        tokens(captions($1.0, words: $1.1, seed: UInt64($0 + 10 * update)))
      }
      let count = sizes.reduce(0) { $0 + $1.0 }
      let minibatch = Minibatch(features: features(count), captions: parts)
      let reports = steps.map { step in
        var generator = SeededRandomNumberGenerator(seed: 4)
        return step.update(minibatch, terms: .all, rate: 0.01, generator: &generator)
      }
      #expect(reports[0].cost == reports[1].cost && reports[0].gradientNorm == reports[1].gradientNorm)
      for step in steps {
        #expect(step.gradients["word_embedding"]?.values.allSatisfy { $0 == 0 } == true)
      }
    }
    #expect(steps[0].network.parameters.everything.values == steps[1].network.parameters.everything.values)
  }
}
