import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// What ryankiros/visual-semantic-embedding's own code computes with small random models.
struct KirosReference {
  struct Options: Decodable {
    var margin: Float
    var dim: Int
    var dimImage: Int
    var dimWord: Int
    var encoder: String
    var decayC: Float
    var gradClip: Float
    var lrate: Float
    var nWords: Int
  }

  let folder: String
  let options: Options
  let network: EmbeddingNetwork
  let vocabulary: Vocabulary

  init(_ name: String) throws {
    folder = fixturePath("kiros/\(name)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    options = try decoder.decode(
      Options.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/options.json")))
    let bytes = try TestSupport.bytes(ofFile: folder + "/words.txt")
    vocabulary = try Vocabulary(
      serialized: bytes.last == 10 ? bytes.dropLast() : bytes, source: "words.txt", scheme: .kiros,
      embeddingRows: options.nWords)
    network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        encoder: options.encoder == "gru" ? .gru : .bow, dim: options.dim, wordDim: options.dimWord,
        imageDim: options.dimImage, vocabularySize: options.nWords))
    try fill(network.parameters, prefix: "")
    network.parametersChanged()
  }

  func matrix(_ name: String) throws -> Matrix {
    let array = try NumpyArray.read(path: "\(folder)/arrays/\(name).npy")
    let values = try array.float32Values()
    let columns = array.shape.count == 2 ? array.shape[1] : values.count
    return Matrix(rows: values.count / max(columns, 1), columns: columns, values: values)
  }

  func number(_ name: String) throws -> Double { Double(try matrix(name)[0, 0]) }

  /// The original's arrays in our layout: [r | u] and the candidate stand apart there.
  func fill(_ set: ParameterSet, prefix: String) throws {
    try set["word_embedding"]!.assign(matrix(prefix + "Wemb"))
    try set["image_projection.weights"]!.assign(matrix(prefix + "ff_image_W"))
    try set["image_projection.bias"]!.assign(matrix(prefix + "ff_image_b"))
    guard options.encoder == "gru" else { return }
    let dim = options.dim
    let input = set["gru.input_weights"]!
    try input.columns(0..<2 * dim).assign(matrix(prefix + "encoder_W"))
    try input.columns(2 * dim..<3 * dim).assign(matrix(prefix + "encoder_Wx"))
    let recurrent = set["gru.recurrent_weights"]!
    try recurrent.columns(dim..<3 * dim).assign(matrix(prefix + "encoder_U"))
    try recurrent.columns(0..<dim).assign(matrix(prefix + "encoder_Ux"))
    let bias = set["gru.bias"]!
    try bias.columns(0..<2 * dim).assign(matrix(prefix + "encoder_b"))
    try bias.columns(2 * dim..<3 * dim).assign(matrix(prefix + "encoder_bx"))
  }

  func captions(_ file: String) throws -> TokenizedCaptions {
    TokenizedCaptions(try CaptionFile(contentsOf: "\(folder)/\(file)"), vocabulary: vocabulary)
  }

  /// The minibatch of the reference: tokens and the images that its captions belong to.
  func minibatch() throws -> (tokens: TokenBatch, features: Matrix) {
    let indices = try matrix("expected_batch_indices").values.map { Int($0) }
    let captions = try captions("captions.txt")
    let images = try matrix("expected_images")
    let features = Matrix(rows: indices.count, columns: images.columns)
    for (row, caption) in indices.enumerated() {
      features.rows(row..<row + 1).assign(images.rows(caption / 5..<caption / 5 + 1))
    }
    return (
      TokenBatch(captions: indices.map { captions[$0] }, vocabulary: options.nWords), features
    )
  }

  func step() -> TrainingStep {
    TrainingStep(
      network: network,
      optimizer: AdamOptimizer(
        layout: network.parameters.layout, form: .kiros, clip: options.gradClip, weightDecay: options.decayC
      ),
      objective: .hinges(margin: options.margin))
  }
}

@Suite struct KirosReferenceTests {
  static let names = ["gru", "gru-unclipped", "gru-weight-decay", "bow"]

  @Test(arguments: names) func tokens(name: String) throws {
    let reference = try KirosReference(name)
    let expected = try reference.matrix("expected_batch_tokens")
    let indices = try reference.matrix("expected_batch_indices").values.map { Int($0) }
    let captions = try reference.captions("captions.txt")
    for (column, caption) in indices.enumerated() {
      #expect(captions[caption].map { Float($0) } == (0..<expected.rows).map { expected[$0, column] })
    }
  }

  @Test(arguments: names) func vectors(name: String) throws {
    let reference = try KirosReference(name)
    for (file, expected) in [
      ("captions.txt", "expected_sentence_vectors"), ("unseen.txt", "expected_unseen_vectors"),
    ] {
      let captions = try reference.captions(file)
      let vectors = reference.network.encode(captions, rows: Array(0..<captions.count)) { _ in }
      #expect(maximumAbsoluteDifference(vectors.values, try reference.matrix(expected).values) < 1e-5)
    }
    let images = reference.network.imageVectors(try reference.matrix("expected_images"))
    #expect(
      maximumAbsoluteDifference(images.values, try reference.matrix("expected_image_vectors").values) < 1e-5)
  }

  @Test(arguments: names) func gradients(name: String) throws {
    let reference = try KirosReference(name)
    let step = reference.step()
    let (tokens, features) = try reference.minibatch()
    var generator = SeededRandomNumberGenerator(seed: 1)
    var cost = step.loss(
      Minibatch(features: features, tokens: tokens), terms: .all, generator: &generator)
    let everything = reference.network.parameters.everything
    for column in 0..<everything.columns {
      let value = everything[0, column]
      cost += Double(reference.options.decayC * value * value)
      step.gradients.everything[0, column] += 2 * reference.options.decayC * value
    }
    let expectedCost = try reference.number("expected_cost")
    #expect(abs(cost - expectedCost) < 1e-5 * expectedCost)

    let expected = ParameterSet(layout: reference.network.parameters.layout)
    try reference.fill(expected, prefix: "expected_grad_")
    for entry in expected.layout.entries {
      let (found, wanted) = (step.gradients[entry.name]!, expected[entry.name]!)
      #expect(relativeError(found.values, expected: wanted.values) < 1e-5, "\(entry.name)")
    }
  }

  @Test(arguments: names) func threeUpdates(name: String) throws {
    let reference = try KirosReference(name)
    let step = reference.step()
    let (tokens, features) = try reference.minibatch()
    let costs = try reference.matrix("expected_costs").values
    let minibatch = Minibatch(features: features, tokens: tokens)
    var generator = SeededRandomNumberGenerator(seed: 1)
    for update in 0..<3 {
      let report = step.update(
        minibatch, terms: .all, rate: reference.options.lrate, generator: &generator)
      #expect(abs(report.cost + report.regularization - Double(costs[update])) < 1e-5 * Double(costs[update]))
      if update == 0 {
        let norm = try reference.number("expected_gradient_norm")
        #expect(abs(report.gradientNorm - norm) < 1e-5 * norm)
      }
    }
    let expected = ParameterSet(layout: reference.network.parameters.layout)
    try reference.fill(expected, prefix: "expected_after_")
    let found = reference.network.parameters
    #expect(maximumAbsoluteDifference(found.everything.values, expected.everything.values) < 2e-6)
  }
}
