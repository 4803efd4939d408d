import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// A case of Tests/Fixtures/sequences: what PyTorch computes in float64.
struct SequenceGolden {
  struct Settings: Decodable {
    var encoder: ModelConfiguration.Encoder
    var pooling: ModelConfiguration.Pooling
    var bidirectional: Bool
    var layers: Int
    var peepholes: Bool
    var hiddenBias: Bool
    var imageHidden: Int
    var normalizeImages: Bool
    var margin: Float
    var wordDim: Int
    var dim: Int
    var imageDim: Int
    var vocabulary: Int
  }

  let settings: Settings
  private let file: SafetensorsFile

  static var names: [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: fixturePath("sequences"))
    return (names ?? []).sorted()
  }

  init(_ name: String) throws {
    file = try SafetensorsFile.read(path: fixturePath("sequences/\(name)"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    settings = try decoder.decode(
      Settings.self, from: Data(try #require(file.metadata["settings"]).utf8))
  }

  var configuration: ModelConfiguration {
    ModelConfiguration(
      encoder: settings.encoder, peepholes: settings.peepholes, hiddenBias: settings.hiddenBias,
      dim: settings.dim, wordDim: settings.wordDim, imageDim: settings.imageDim,
      vocabularySize: settings.vocabulary, normalizeImages: settings.normalizeImages,
      bidirectional: settings.bidirectional, layers: settings.layers, pooling: settings.pooling,
      imageHidden: settings.imageHidden)
  }

  func matrix(_ name: String) throws -> Matrix {
    let array = try #require(file[name])
    let columns = array.shape.count == 2 ? array.shape[1] : 1
    let values = try array.float32Values()
    return Matrix(rows: values.count / columns, columns: columns, values: values)
  }

  func network(precision: Precision) throws -> EmbeddingNetwork {
    let network = EmbeddingNetwork(configuration: configuration, precision: precision)
    for entry in network.parameters.layout.entries {
      try #require(network.parameters[entry.name]).assign(try matrix(entry.name))
    }
    network.parametersChanged()
    return network
  }

  func step(_ network: EmbeddingNetwork) -> TrainingStep {
    TrainingStep(
      network: network,
      optimizer: AdamOptimizer(layout: network.parameters.layout, form: .kiros, clip: 0, weightDecay: 0),
      objective: .hinges(margin: settings.margin))
  }

  func tokens() throws -> TokenBatch {
    let array = try #require(file["tokens"])
    let (time, batch) = (array.shape[0], array.shape[1])
    let values = try array.values(as: Int32.self)
    return TokenBatch(
      captions: (0..<batch).map { caption in (0..<time).map { values[$0 * batch + caption] }[...] },
      vocabulary: settings.vocabulary)
  }
}
