import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// The cost and all gradients against the plain version in Double and its central differences.
@Suite struct FiniteDifferenceTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    var encoder: ModelConfiguration.Encoder
    var extra: Bool  // a hidden bias or peepholes
    var loss: RankingLoss
    var normalizesImages: Bool

    var testDescription: String {
      "\(encoder)\(extra ? " with extras" : "") \(loss)\(normalizesImages ? " normalized" : "")"
    }

    static let all = ModelConfiguration.Encoder.allCases.flatMap { encoder in
      (encoder == .bow ? [false] : [false, true]).flatMap { extra in
        [RankingLoss.sum, .max].flatMap { loss in
          [false, true].map { Variant(encoder: encoder, extra: extra, loss: loss, normalizesImages: $0) }
        }
      }
    }
  }

  /// D is no multiple of any vector's length; a word stands twice in a caption and in several captions.
  static let shapes = [(batch: 5, time: 4, dim: 7), (1, 3, 5), (2, 1, 9), (6, 9, 3)]

  private func reference(_ variant: Variant, _ parameters: ParameterSet) throws -> ReferenceModel {
    ReferenceModel(
      encoder: try #require(ReferenceModel.Encoder(rawValue: variant.encoder.rawValue)),
      normalizesImages: variant.normalizesImages, countsHardestOnly: variant.loss == .max, margin: 0.25,
      parameters: parameters.tables)
  }

  @Test(arguments: Variant.all, shapes)
  func gradients(variant: Variant, shape: (batch: Int, time: Int, dim: Int)) throws {
    let (vocabulary, imageDim) = (11, 6)
    let configuration = ModelConfiguration(
      encoder: variant.encoder, peepholes: variant.extra && variant.encoder == .lstm,
      hiddenBias: variant.extra && variant.encoder == .gru, dim: shape.dim, wordDim: 4, imageDim: imageDim,
      vocabularySize: vocabulary, normalizeImages: variant.normalizesImages)
    let network = EmbeddingNetwork(configuration: configuration)
    var generator = SeededRandomNumberGenerator(seed: 17)
    for entry in network.parameters.layout.entries {
      let scale: Float = entry.name == "word_embedding" ? 2 : 0.7
      network.parameters[entry.name]?.fillUniform(bound: scale, using: &generator)
    }
    network.parametersChanged()
    let sentences = (0..<shape.batch).map { _ in
      (0..<shape.time).map { _ in generator.integer(below: vocabulary - 2) }
    }
    let features = Matrix(rows: shape.batch, columns: imageDim)
    features.fillUniform(bound: 1, using: &generator)
    let step = TrainingStep(
      network: network,
      optimizer: AdamOptimizer(layout: network.parameters.layout, form: .kiros, clip: 0, weightDecay: 0),
      objective: .hinges(margin: 0.25))
    let tokens = TokenBatch(captions: sentences.map { $0.map { Int32($0) }[...] }, vocabulary: vocabulary)
    let cost = step.loss(
      Minibatch(features: features, tokens: tokens), terms: variant.loss == .max ? .hardest(1) : .all,
      generator: &generator)

    func plainCost() throws -> Double {
      try reference(variant, network.parameters)
        .cost(features: features.table, sentences: sentences)
    }
    #expect(abs(cost - (try plainCost())) <= 1e-5 * max(cost, 1))

    for entry in network.parameters.layout.entries {
      let parameter = try #require(network.parameters[entry.name])
      let gradient = try #require(step.gradients[entry.name])
      var (difference, norm) = (0.0, 0.0)
      for row in 0..<entry.rows {
        for column in 0..<entry.columns {
          let value = parameter[row, column]
          // A step of a power of two is exact in Float32, and so are the two points with these parameters.
          let (ahead, behind) = (value + 0x1p-16, value - 0x1p-16)
          parameter[row, column] = ahead
          let costAhead = try plainCost()
          parameter[row, column] = behind
          let expected = (costAhead - (try plainCost())) / (Double(ahead) - Double(behind))
          parameter[row, column] = value
          difference +=
            (Double(gradient[row, column]) - expected) * (Double(gradient[row, column]) - expected)
          norm += expected * expected
        }
      }
      // A hinge near its kink would show: none is active on one side only with these seeds.
      #expect(difference.squareRoot() <= 1e-4 * norm.squareRoot() + 1e-6, "\(entry.name)")
    }
  }
}
