import DataFormats
import Foundation
import Tensors
import TestSupport
import VisualSemanticEmbedding

/// A case of Tests/Fixtures/encoders: what NumPy and PyTorch compute in float64.
struct EncoderGolden {
  struct Settings: Decodable {
    var encoder: String
    var peepholes: Bool
    var hiddenBias: Bool
    var loss: String
    var normalizeImages: Bool
    var margin: Float
    var wordDim: Int
    var dim: Int
    var imageDim: Int
    var vocabulary: Int
    var cost: Double
  }

  let folder: String
  let settings: Settings

  static var names: [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: fixturePath("encoders"))
    return (names ?? []).sorted()
  }

  init(_ name: String) throws {
    folder = fixturePath("encoders/\(name)")
    settings = try JSONDecoder().decode(
      Settings.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/case.json")))
  }

  var configuration: ModelConfiguration {
    get throws {
      guard let encoder = ModelConfiguration.Encoder(rawValue: settings.encoder) else {
        throw CocoaError(.fileReadCorruptFile)
      }
      return ModelConfiguration(
        encoder: encoder, peepholes: settings.peepholes, hiddenBias: settings.hiddenBias, dim: settings.dim,
        wordDim: settings.wordDim, imageDim: settings.imageDim, vocabularySize: settings.vocabulary,
        normalizeImages: settings.normalizeImages)
    }
  }

  var terms: ContrastiveTerms { settings.loss == "max" ? .hardest(1) : .all }

  func matrix(_ name: String) throws -> Matrix {
    let array = try NumpyArray.read(path: "\(folder)/\(name).npy")
    let values = try array.float32Values()
    let columns = array.shape.count == 2 ? array.shape[1] : values.count
    return Matrix(rows: values.count / max(columns, 1), columns: columns, values: values)
  }

  func network(precision: Precision = .float32) throws -> EmbeddingNetwork {
    let network = EmbeddingNetwork(configuration: try configuration, precision: precision)
    try fill(network.parameters, prefix: "")
    network.parametersChanged()
    return network
  }

  func step(_ network: EmbeddingNetwork) -> TrainingStep {
    TrainingStep(
      network: network,
      optimizer: AdamOptimizer(layout: network.parameters.layout, form: .kiros, clip: 0, weightDecay: 0),
      objective: .hinges(margin: settings.margin))
  }

  /// The tokens of each caption; the file has a row a time.
  func sentences() throws -> [[Int32]] {
    let tokens = try matrix("tokens")
    return (0..<tokens.columns).map { caption in (0..<tokens.rows).map { Int32(tokens[$0, caption]) } }
  }

  func tokens() throws -> TokenBatch {
    TokenBatch(captions: try sentences().map { $0[...] }, vocabulary: settings.vocabulary)
  }

  /// The arrays under the original's names, gate by gate, in our layout.
  func fill(_ set: ParameterSet, prefix: String) throws {
    func copy(_ name: String, to target: String, from range: Range<Int>? = nil, at start: Int = 0) throws {
      let source = try matrix(prefix + name)
      let part = range.map { source.columns($0) } ?? source
      guard let target = set[target] else { throw CocoaError(.fileReadCorruptFile) }
      target.columns(start..<start + part.columns).assign(part)
    }
    let dim = settings.dim
    try copy("Wemb", to: "word_embedding")
    try copy("ff_image_W", to: "image_projection.weights")
    try copy("ff_image_b", to: "image_projection.bias")
    switch settings.encoder {
    case "gru":  // [r | u] and the candidate; ours are r | u | c, and c | r | u of the state
      try copy("encoder_W", to: "gru.input_weights")
      try copy("encoder_Wx", to: "gru.input_weights", at: 2 * dim)
      try copy("encoder_b", to: "gru.bias")
      try copy("encoder_bx", to: "gru.bias", at: 2 * dim)
      try copy("encoder_Ux", to: "gru.recurrent_weights")
      try copy("encoder_U", to: "gru.recurrent_weights", at: dim)
      if settings.hiddenBias { try copy("encoder_bh", to: "gru.hidden_bias") }
    case "lstm":
      try copy("encoder_W", to: "lstm.input_weights")
      try copy("encoder_U", to: "lstm.recurrent_weights")
      try copy("encoder_b", to: "lstm.bias")
      if settings.peepholes { try copy("encoder_P", to: "lstm.peepholes") }
    default: break
    }
  }
}
