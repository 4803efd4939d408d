import Tensors
import VisualSemanticEmbedding

/// A small model with random numbers in every parameter, and words that are hard to keep.
func toyModel(
  _ encoder: ModelConfiguration.Encoder = .gru, scheme: TokenScheme = .kiros, rows: Int? = nil,
  extra: Bool = false
) throws -> EmbeddingModel {
  let words = [
    Word("a"), Word("\u{e9}"), Word("e\u{301}"), Word(bytes: [0xFF, 0x22]), Word("b\\c"), Word("\u{0}"),
  ]
  let vocabulary = try Vocabulary(words: words, scheme: scheme, embeddingRows: rows)
  let network = EmbeddingNetwork(
    configuration: ModelConfiguration(
      encoder: encoder, peepholes: extra && encoder == .lstm, hiddenBias: extra && encoder == .gru, dim: 5,
      wordDim: 3, imageDim: 4, vocabularySize: vocabulary.embeddingRows, normalizeImages: extra))
  var generator = SeededRandomNumberGenerator(seed: 8)
  for entry in network.parameters.layout.entries {
    network.parameters[entry.name]?.fillUniform(bound: 1, using: &generator)
  }
  network.parametersChanged()
  return EmbeddingModel(network: network, vocabulary: vocabulary, training: Recipe.vsepp.options)
}
