import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct ModelConfigurationTests {
  /// As files from before there were layers and directions have it.
  private let old = """
    {"encoder": "gru", "peepholes": false, "hidden_bias": true, "dim": 7, "word_dim": 5, "image_dim": 4,
     "vocabulary_size": 9, "normalize_images": true}
    """

  @Test func olderFiles() throws {
    let found = try JSONDecoder().decode(ModelConfiguration.self, from: Data(old.utf8))
    #expect(
      found
        == ModelConfiguration(
          hiddenBias: true, dim: 7, wordDim: 5, imageDim: 4, vocabularySize: 9, normalizeImages: true))
    #expect(!found.bidirectional && found.layers == 1 && found.pooling == .last && found.imageHidden == 0)
  }

  static let kinds = [
    ModelConfiguration(dim: 5, wordDim: 3, imageDim: 4, vocabularySize: 8, bidirectional: true),
    ModelConfiguration(
      encoder: .lstm, peepholes: true, dim: 5, wordDim: 3, imageDim: 4, vocabularySize: 8, layers: 3,
      pooling: .max),
    ModelConfiguration(
      hiddenBias: true, dim: 5, wordDim: 3, imageDim: 4, vocabularySize: 8, bidirectional: true, layers: 2,
      pooling: .generalized, imageHidden: 6),
    ModelConfiguration(encoder: .bow, dim: 5, imageDim: 4, vocabularySize: 8, imageHidden: 2),
  ]

  @Test(arguments: kinds) func modelFiles(configuration: ModelConfiguration) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("model.safetensors")
    let network = EmbeddingNetwork(configuration: configuration)
    var generator = SeededRandomNumberGenerator(seed: 1)
    for entry in network.parameters.layout.entries {
      network.parameters[entry.name]?.fillUniform(bound: 1, using: &generator)
    }
    network.parametersChanged()
    let words = ["a", "b", "c", "d", "e", "f"].map { Word($0) }
    try ModelFile.write(
      EmbeddingModel(network: network, vocabulary: try Vocabulary(words: words, scheme: .kiros)), to: path)
    let read = try ModelFile.read(path)
    #expect(read.configuration == configuration)
    #expect(read.network.parameters.everything.values == network.parameters.everything.values)
    let tokens = TokenBatch(captions: [[2, 5, 0], [3, 3, 1]], vocabulary: 8)
    #expect(read.network.sentenceVectors(tokens).values == network.sentenceVectors(tokens).values)
    let features = Matrix(rows: 1, columns: 4, values: [1, -1, 2, 0])
    #expect(read.network.imageVectors(features).values == network.imageVectors(features).values)
    guard case .model(let summary) = try FileSummary(path: path) else {
      Issue.record("not a model")
      return
    }
    #expect(summary.configuration == configuration)
    #expect(summary.parameters == network.parameters.layout.parameterCount)
  }

  /// A description that no model can have must neither take memory nor trap.
  @Test(arguments: [
    ("layers", "0"), ("layers", "-1"), ("layers", "65"), ("layers", "268435456"), ("pooling", "\"sum\""),
    ("image_hidden", "-1"), ("image_hidden", "9223372036854775807"), ("bidirectional", "1"),
    ("dim", "268435456"),
  ]) func impossibleDescriptions(key: String, value: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("model.safetensors")
    let network = EmbeddingNetwork(configuration: Self.kinds[2])
    let words = ["a", "b", "c", "d", "e", "f"].map { Word($0) }
    try ModelFile.write(
      EmbeddingModel(network: network, vocabulary: try Vocabulary(words: words, scheme: .kiros)), to: path)
    let file = try SafetensorsFile.read(path: path)
    var metadata = file.metadata
    let text = try #require(metadata["vse"])
    let pattern = try Regex("\"\(key)\":[^,}]*")
    let changed = text.replacing(pattern, with: "\"\(key)\":\(value)")
    #expect(changed != text)
    metadata["vse"] = changed
    try SafetensorsFile.write(
      file.names.compactMap { name in file[name].map { SafetensorsTensor(name: name, $0) } },
      metadata: metadata, to: path)
    #expect {
      try ModelFile.read(path)
    } throws: {
      if case ModelFileError.brokenDescription = $0 { true } else { false }
    }
  }

  @Test func bagsOfWordsHaveNoLayers() throws {
    for change in [
      { (model: inout ModelConfiguration) in model.bidirectional = true }, { $0.layers = 2 },
      { $0.pooling = .mean },
    ] {
      var model = Self.kinds[3]
      change(&model)
      #expect(!model.isPossible)
    }
    #expect(Self.kinds.allSatisfy { $0.isPossible })
  }
}
