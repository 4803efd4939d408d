import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Properties of deep, bidirectional and pooled encoders.
@Suite struct SequenceEncodingTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var encoder: ModelConfiguration.Encoder
    var pooling: ModelConfiguration.Pooling
    var bidirectional: Bool
    var layers: Int
    var precision: Precision

    var testDescription: String {
      "\(encoder) \(pooling)\(bidirectional ? " bidirectional" : "") \(layers) \(precision)"
    }

    static let all = Precision.allCases.flatMap { precision in
      [ModelConfiguration.Encoder.gru, .lstm].flatMap { encoder in
        ModelConfiguration.Pooling.allCases.flatMap { pooling in
          [(false, 2), (true, 1), (true, 2)].map {
            Kind(encoder: encoder, pooling: pooling, bidirectional: $0, layers: $1, precision: precision)
          }
        }
      }
    }
  }

  private let vocabulary = 17

  private func network(_ kind: Kind) -> EmbeddingNetwork {
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        encoder: kind.encoder, dim: 24, wordDim: 10, imageDim: 3, vocabularySize: vocabulary,
        bidirectional: kind.bidirectional, layers: kind.layers, pooling: kind.pooling),
      precision: kind.precision)
    var generator = SeededRandomNumberGenerator(seed: 3)
    network.initialize(using: &generator)
    return network
  }

  private func sentences(batch: Int, time: Int) -> [[Int32]] {
    var generator = SeededRandomNumberGenerator(seed: UInt64(batch * 100 + time))
    return (0..<batch).map { _ in (0..<time).map { _ in Int32(generator.integer(below: vocabulary)) } }
  }

  private func tokens(_ sentences: [[Int32]]) -> TokenBatch {
    TokenBatch(captions: sentences.map { $0[...] }, vocabulary: vocabulary)
  }

  @Test(arguments: Kind.all, [1, 2, 3, 8]) func keptActivationsChangeNothing(kind: Kind, time: Int) {
    let network = network(kind)
    // A longer minibatch before, so that memory is not fresh.
    _ = network.sentenceVectors(tokens(sentences(batch: 3, time: 9)))
    for batch in [1, 9] {
      let tokens = tokens(sentences(batch: batch, time: time))
      let plain = network.sentenceVectors(tokens).copy().values.map(\.bitPattern)
      let kept = network.sentences.forward(
        tokens, parameters: network.parameters, memory: SentenceEncoder.Memory(), keepsActivations: true)
      #expect(kept.values.map(\.bitPattern) == plain)
    }
  }

  @Test(arguments: Kind.all) func vectorsDependOnTheirSentenceAlone(kind: Kind) {
    let network = network(kind)
    let sentences = sentences(batch: 13, time: 6)
    let all = network.sentenceVectors(tokens(sentences)).copy()
    for (row, sentence) in sentences.enumerated() {
      let alone = network.sentenceVectors(tokens([sentence])).values
      #expect(
        maximumAbsoluteDifference(alone, all.rowValues(row)) < (kind.precision == .float32 ? 1e-6 : 2e-2))
      #expect(abs(alone.reduce(0) { $0 + Double($1) * Double($1) } - 1) < 1e-6)
    }
  }

  @Test(arguments: Kind.all) func noSentences(kind: Kind) {
    #expect(network(kind).sentenceVectors(TokenBatch(captions: [], vocabulary: vocabulary)).rows == 0)
  }

  /// With the weights of both directions exchanged, a sentence read from its end gives the same vector.
  @Test(arguments: Kind.all.filter { $0.bidirectional && $0.layers == 1 && $0.precision == .float32 })
  func directionsMirrorEachOther(kind: Kind) throws {
    let (network, mirrored) = (network(kind), network(kind))
    let prefix = kind.encoder.rawValue
    for entry in network.parameters.layout.entries {
      let name =
        entry.name.hasPrefix("\(prefix).forward")
        ? entry.name.replacing("forward", with: "backward")
        : entry.name.hasPrefix("\(prefix).backward")
          ? entry.name.replacing("backward", with: "forward") : entry.name
      try #require(mirrored.parameters[name]).assign(try #require(network.parameters[entry.name]))
    }
    mirrored.parametersChanged()
    let sentences = sentences(batch: 5, time: 7)
    let vectors = network.sentenceVectors(tokens(sentences)).copy()
    let reversed = mirrored.sentenceVectors(tokens(sentences.map { $0.reversed() }))
    #expect(maximumAbsoluteDifference(vectors.values, reversed.values) < 1e-6)
    let unlike = network.sentenceVectors(tokens(sentences.map { $0.reversed() }))
    #expect(maximumAbsoluteDifference(vectors.values, unlike.values) > 1e-3)
  }

  /// The names in files: what there is only one of is left out.
  @Test func parameterNames() {
    func names(bidirectional: Bool, layers: Int, pooling: ModelConfiguration.Pooling = .last) -> Set<String> {
      let network = EmbeddingNetwork(
        configuration: ModelConfiguration(
          dim: 3, wordDim: 2, imageDim: 2, vocabularySize: 4, bidirectional: bidirectional, layers: layers,
          pooling: pooling, imageHidden: layers > 1 ? 2 : 0))
      return Set(network.parameters.layout.entries.map(\.name).filter { $0.hasSuffix("bias") })
    }
    #expect(names(bidirectional: false, layers: 1) == ["gru.bias", "image_projection.bias"])
    #expect(
      names(bidirectional: true, layers: 1, pooling: .generalized) == [
        "gru.forward.bias", "gru.backward.bias", "image_projection.bias", "pooling.forward.bias",
        "pooling.forward.hidden_bias", "pooling.backward.bias", "pooling.backward.hidden_bias",
      ])
    #expect(
      names(bidirectional: true, layers: 2) == [
        "gru.layers.0.forward.bias", "gru.layers.0.backward.bias", "gru.layers.1.forward.bias",
        "gru.layers.1.backward.bias", "image_projection.bias", "image_projection.hidden_bias",
      ])
  }
}
