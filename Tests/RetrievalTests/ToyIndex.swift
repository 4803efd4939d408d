import DataFormats
import Foundation
import Retrieval
import Tensors
import TestSupport
import VisualSemanticEmbedding

/// A folder with a small model, captions, features, and room for an index.
struct ToyIndex {
  let folder: TemporaryFolder
  let model: EmbeddingModel

  static let words = [
    "a", "dog", "cat", "runs", "sleeps", "on", "the", "beach", "street", "red", "blue", "café",
  ]
  static let imageDim = 12

  init(seed: UInt64 = 1, dim: Int = 24) throws {
    folder = try TemporaryFolder()
    let vocabulary = try Vocabulary(words: Self.words.map { Word($0) }, scheme: .kiros)
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        encoder: .gru, dim: dim, wordDim: 8, imageDim: Self.imageDim, vocabularySize: vocabulary.embeddingRows
      ))
    var generator = SeededRandomNumberGenerator(seed: seed)
    network.initialize(using: &generator)
    model = EmbeddingModel(network: network, vocabulary: vocabulary)
    try ModelFile.write(model, to: modelPath)
  }

  var modelPath: String { folder.path("model.safetensors") }
  var path: String { folder.path("toy.index") }

  func open(_ options: IndexOptions = IndexOptions()) throws -> EmbeddingIndex {
    try EmbeddingIndex.opening(path: path, model: model, modelPath: modelPath, options: options)
  }

  /// Captions as a file has them.
  static func captions(_ lines: [String]) throws -> CaptionFile {
    try CaptionFile(bytes: Array(lines.joined(separator: "\n").utf8), path: "captions.txt")
  }

  /// Captions of known words, all different up to 4,000.
  static func lines(_ count: Int) -> [String] {
    (0..<count).map { number in
      var rest = number + 1
      var line = ["a"]
      while rest > 0 {
        line.append(words[rest % words.count])
        rest /= words.count
      }
      return line.joined(separator: " ")
    }
  }

  /// Features of images as an .npy file has them.
  func features(_ count: Int, seed: UInt64 = 7) throws -> FeatureTable {
    var generator = SeededGenerator(seed: seed)
    let values = (0..<count * Self.imageDim).map { _ in Float.random(in: -1...1, using: &generator) }
    let path = folder.path("features-\(count)-\(seed).npy")
    try NumpyArray.write(ArrayData(values, shape: [count, Self.imageDim]), to: path)
    return try FeatureTable(path: path)
  }

  static func names(_ count: Int) -> [String] { (0..<count).map { "photo \($0).jpg" } }

  /// The vector of a sentence, from the model itself.
  func vector(_ sentence: String) throws -> [Float] { try model.vector(of: sentence).vector }
}

func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

func unit(_ a: [Float]) -> [Float] {
  let norm = dot(a, a).squareRoot()
  return a.map { $0 / norm }
}

/// Writes a float32 .npy file.
func writeFloat32(_ values: [Float], shape: [Int], to path: String) throws {
  try NumpyArray.write(ArrayData(values, shape: shape), to: path)
}
