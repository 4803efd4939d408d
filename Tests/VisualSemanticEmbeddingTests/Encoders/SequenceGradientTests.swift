import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// The cost and the gradients of deep, bidirectional and pooled encoders, with what training drops, against the plain
/// version in Double and its central differences.
@Suite struct SequenceGradientTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    var encoder: ModelConfiguration.Encoder
    var extra = false  // a hidden bias or peepholes
    var bidirectional = false
    var layers = 1
    var pooling = ModelConfiguration.Pooling.last
    var imageHidden = 0
    var drops = false

    var testDescription: String {
      "\(encoder)\(extra ? " with extras" : "")\(bidirectional ? " bidirectional" : "") \(layers) \(pooling)"
        + "\(imageHidden > 0 ? " image hidden" : "")\(drops ? " dropping" : "")"
    }

    static let all =
      ModelConfiguration.Pooling.allCases.flatMap { pooling in
        [ModelConfiguration.Encoder.gru, .lstm].flatMap { encoder in
          [(false, 1), (true, 1), (false, 3), (true, 2)].flatMap { bidirectional, layers in
            [false, true].map { drops in
              Variant(
                encoder: encoder, extra: drops != bidirectional, bidirectional: bidirectional, layers: layers,
                pooling: pooling, imageHidden: drops ? 5 : 0, drops: drops)
            }
          }
        }
      } + [Variant(encoder: .bow, imageHidden: 3), Variant(encoder: .bow, drops: true)]
  }

  /// D is no multiple of any vector's length.
  static let shapes = [(batch: 4, time: 5, dim: 7), (3, 1, 5), (2, 2, 19)]

  private let vocabulary = 11
  private let wordDim = 4
  private let imageDim = 6

  private func configuration(_ variant: Variant, dim: Int) -> ModelConfiguration {
    ModelConfiguration(
      encoder: variant.encoder, peepholes: variant.extra && variant.encoder == .lstm,
      hiddenBias: variant.extra && variant.encoder == .gru, dim: dim, wordDim: wordDim, imageDim: imageDim,
      vocabularySize: vocabulary, normalizeImages: variant.extra, bidirectional: variant.bidirectional,
      layers: variant.layers, pooling: variant.pooling, imageHidden: variant.imageHidden)
  }

  private func reference(_ variant: Variant, _ parameters: ParameterSet) throws -> ReferenceModel {
    var model = ReferenceModel(
      encoder: try #require(ReferenceModel.Encoder(rawValue: variant.encoder.rawValue)),
      normalizesImages: variant.extra, countsHardestOnly: false, margin: 0.25, parameters: parameters.tables)
    model.layers = variant.layers
    model.bidirectional = variant.bidirectional
    switch variant.pooling {
    case .last: model.pooling = .last
    case .mean: model.pooling = .mean
    case .max: model.pooling = .max
    case .generalized: model.pooling = .generalized
    }
    return model
  }

  /// What a mask multiplies by.
  private func factors(_ mask: DropoutMask?, rows: Int, columns: Int) -> ReferenceModel.Table {
    let ones = Matrix(rows: rows, columns: columns)
    ones.fill(1)
    mask?.apply(to: ones)
    return ones.table
  }

  private func factors(
    _ masks: SentenceMasks, sentences: [[Int]], configuration: ModelConfiguration
  ) -> [ReferenceModel.SentenceFactors] {
    let (batch, time, dim) = (sentences.count, sentences[0].count, configuration.dim)
    // A row of the words' mask belongs to a distinct word, in the order in which they occur, time by time.
    var distinct: [Int] = []
    for t in 0..<time {
      for sentence in sentences where !distinct.contains(sentence[t]) { distinct.append(sentence[t]) }
    }
    let words = factors(masks.words, rows: distinct.count, columns: configuration.wordDim)
    let output = factors(masks.output, rows: batch, columns: dim)
    let layers = masks.layers.map { $0.map { factors($0, rows: time * batch, columns: dim) } }
    return sentences.indices.map { b in
      ReferenceModel.SentenceFactors(
        words: sentences[b].map { words[distinct.firstIndex(of: $0)!] },
        layers: layers.map { $0.map { table in (0..<time).map { table[$0 * batch + b] } } }, output: output[b]
      )
    }
  }

  @Test(arguments: Variant.all, shapes)
  func gradients(variant: Variant, shape: (batch: Int, time: Int, dim: Int)) throws {
    let configuration = configuration(variant, dim: shape.dim)
    let network = EmbeddingNetwork(configuration: configuration)
    var generator = SeededRandomNumberGenerator(seed: 23)
    for entry in network.parameters.layout.entries {
      let scale: Float =
        entry.name == "word_embedding" ? 2 : entry.name.hasPrefix("pooling") ? 0.2 : 0.7
      network.parameters[entry.name]?.fillUniform(bound: scale, using: &generator)
    }
    network.parametersChanged()
    let sentences = (0..<shape.batch).map { _ in
      (0..<shape.time).map { _ in generator.integer(below: vocabulary - 2) }
    }
    let features = Matrix(rows: shape.batch, columns: imageDim)
    features.fillUniform(bound: 1, using: &generator)
    let noise =
      variant.drops
      ? TrainingNoise(words: 0.2, layers: variant.layers > 1 ? 0.3 : 0, output: 0.25, features: 0.4)
      : TrainingNoise()
    let step = TrainingStep(
      network: network,
      optimizer: AdamOptimizer(layout: network.parameters.layout, form: .kiros, clip: 0, weightDecay: 0),
      objective: .hinges(margin: 0.25), noise: noise)
    var (first, again) = (generator, generator)
    let tokens = TokenBatch(captions: sentences.map { $0.map { Int32($0) }[...] }, vocabulary: vocabulary)
    let cost = step.loss(Minibatch(features: features, tokens: tokens), terms: .all, generator: &first)

    // The same draws, for the plain model.
    var model = try reference(variant, network.parameters)
    let masks = noise.drawSentenceMasks(for: configuration, using: &again)
    if variant.drops {
      #expect(first != generator, "something was drawn")
      model.factors = factors(masks, sentences: sentences, configuration: configuration)
    } else {
      #expect(first == generator, "nothing was drawn")
    }
    let imageFactors = factors(
      noise.drawImageMasks(using: &again).features, rows: shape.batch, columns: imageDim)
    #expect(first == again)
    let plainFeatures = zip(features.table, imageFactors).map { zip($0, $1).map { $0 * $1 } }
    #expect(abs(cost - model.cost(features: plainFeatures, sentences: sentences)) <= 1e-5 * max(cost, 1))

    for entry in network.parameters.layout.entries {
      let gradient = try #require(step.gradients[entry.name]).table
      let norm = gradient.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
      let parameter = try #require(model.parameters[entry.name])
      // Along random directions of unit length.
      for _ in 0..<3 {
        var direction = gradient.map { $0.map { _ in Double(generator.normal()) } }
        let length = direction.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
        direction = direction.map { $0.map { $0 / length } }
        func plainCost(_ step: Double) -> Double {
          var moved = model
          moved.parameters[entry.name] = zip(parameter, direction).map { row, direction in
            zip(row, direction).map { $0 + step * $1 }
          }
          return moved.cost(features: plainFeatures, sentences: sentences)
        }
        let expected = (plainCost(1e-5) - plainCost(-1e-5)) / 2e-5
        let found = zip(gradient.joined(), direction.joined()).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(found - expected) <= 2e-5 * norm + 1e-6, "\(entry.name)")
      }
    }
  }
}
