import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// That a sentence's vector depends on its words alone.
@Suite struct SentenceEncodingTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var encoder: ModelConfiguration.Encoder
    var extra: Bool
    var precision: Precision

    var testDescription: String { "\(encoder)\(extra ? " with extras" : "") \(precision)" }

    static let all = Precision.allCases.flatMap { precision in
      [(ModelConfiguration.Encoder.gru, false), (.gru, true), (.lstm, false), (.lstm, true), (.bow, false)]
        .map { Kind(encoder: $0.0, extra: $0.1, precision: precision) }
    }
  }

  private let vocabulary: Vocabulary
  private let captions: TokenizedCaptions

  init() throws {
    var generator = SeededGenerator(seed: 5)
    var lines = ""
    // Lengths 1 to 9, more of some lengths than are encoded at a time, with words that come again.
    for line in 0..<400 {
      let length = line % 3 == 0 ? 4 : 1 + Int(generator.next() % 9)
      lines += (0..<length).map { _ in "w\(generator.next() % 40)" }.joined(separator: " ") + "\n"
    }
    let file = try CaptionFile(bytes: Array(lines.utf8), path: "captions")
    vocabulary = try Vocabulary.build(from: [file], scheme: .kiros)
    captions = TokenizedCaptions(file, vocabulary: vocabulary)
  }

  private func network(_ kind: Kind, dim: Int = 24) -> EmbeddingNetwork {
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        encoder: kind.encoder, peepholes: kind.extra && kind.encoder == .lstm,
        hiddenBias: kind.extra && kind.encoder == .gru, dim: dim, wordDim: 10, imageDim: 3,
        vocabularySize: vocabulary.embeddingRows), precision: kind.precision)
    var generator = SeededRandomNumberGenerator(seed: 3)
    network.initialize(using: &generator)
    return network
  }

  private func bits(_ matrix: Matrix) -> [UInt32] { matrix.values.map { $0.bitPattern } }

  @Test(arguments: Kind.all) func groupingDoesNotMatter(kind: Kind) {
    let network = network(kind)
    let all = network.encode(captions, rows: Array(0..<captions.count)) { _ in }
    #expect(all.rows == captions.count)
    // One at a time, and in a shuffled order.
    let tolerance: Float = kind.precision == .float32 ? 1e-6 : 2e-2
    for row in stride(from: 0, to: captions.count, by: 7) {
      let alone = network.encode(captions, rows: [row]) { _ in }
      #expect(maximumAbsoluteDifference(alone.values, all.rowValues(row)) <= tolerance)
      let norm = alone.values.reduce(0) { $0 + Double($1) * Double($1) }
      #expect(abs(norm - 1) < 1e-6)
    }
    var generator = SeededRandomNumberGenerator(seed: 9)
    let order = generator.permutation(of: captions.count)
    var told: [Int] = []
    let shuffled = network.encode(captions, rows: order) { told.append($0) }
    for (place, row) in order.enumerated() {
      #expect(maximumAbsoluteDifference(shuffled.rowValues(place), all.rowValues(row)) <= tolerance)
    }
    #expect(told.last == captions.count && told == told.sorted())
  }

  @Test func differentSentencesDiffer() {
    let network = network(Kind(encoder: .gru, extra: false, precision: .float32))
    let vectors = network.encode(captions, rows: [0, 1]) { _ in }
    #expect(maximumAbsoluteDifference(vectors.rowValues(0), vectors.rowValues(1)) > 1e-3)
  }

  @Test func noRows() {
    let network = network(Kind(encoder: .gru, extra: false, precision: .float32))
    #expect(network.encode(captions, rows: []) { _ in }.rows == 0)
  }

  @Test func progressCanStop() {
    struct Stop: Error {}
    let network = network(Kind(encoder: .gru, extra: false, precision: .float32))
    #expect(throws: Stop.self) {
      try network.encode(captions, rows: Array(0..<captions.count)) { _ in throw Stop() }
    }
  }

  @Test(arguments: Kind.all, [1, 2, 3, 7]) func keptActivationsChangeNothing(kind: Kind, time: Int) {
    let network = network(kind)
    for batch in [1, 2, 9] {
      var generator = SeededRandomNumberGenerator(seed: UInt64(batch))
      let sentences = (0..<batch).map { _ in (0..<time).map { _ in Int32(generator.integer(below: 6)) }[...] }
      let tokens = TokenBatch(captions: sentences, vocabulary: vocabulary.embeddingRows)
      let plain = bits(network.sentenceVectors(tokens))
      let kept = network.sentences.forward(
        tokens, parameters: network.parameters, memory: SentenceEncoder.Memory(), keepsActivations: true)
      #expect(bits(kept) == plain)
    }
  }

  @Test(arguments: Kind.all) func equalSentencesGetEqualVectors(kind: Kind) {
    let network = network(kind)
    let tokens = TokenBatch(
      captions: [[2, 3, 3, 0], [4, 4, 4, 0], [2, 3, 3, 0]].map { $0[...] },
      vocabulary: vocabulary.embeddingRows)
    let vectors = network.sentenceVectors(tokens)
    #expect(vectors.rowValues(0) == vectors.rowValues(2))
    #expect(vectors.rowValues(0) != vectors.rowValues(1))
  }

  @Test func weightsDecideWithTheSeed() {
    let (a, b) = (
      network(Kind(encoder: .lstm, extra: true, precision: .float32)),
      network(Kind(encoder: .lstm, extra: true, precision: .float32))
    )
    #expect(bits(a.parameters.everything) == bits(b.parameters.everything))
    var other = SeededRandomNumberGenerator(seed: 4)
    b.initialize(using: &other)
    #expect(bits(a.parameters.everything) != bits(b.parameters.everything))
  }

  /// Wemb and W uniform in ±0.1 (a square one orthogonal), U orthogonal, W of images ±√(6 / (in + out)), biases 0.
  @Test(arguments: [ModelConfiguration.Encoder.gru, .lstm]) func initialization(
    encoder: ModelConfiguration.Encoder
  ) throws {
    let dim = 24
    let parameters = network(Kind(encoder: encoder, extra: false, precision: .float32), dim: dim).parameters
    let prefix = encoder.rawValue
    for (name, bound) in [
      ("word_embedding", Float(0.1)), ("\(prefix).input_weights", 0.1),
      ("image_projection.weights", (6 / Float(3 + dim)).squareRoot()),
    ] {
      let values = try #require(parameters[name]).values.map { abs($0) }
      let largest = try #require(values.max())
      #expect(largest <= bound && largest > 0.8 * bound, "\(name)")
    }
    #expect(try #require(parameters["\(prefix).bias"]).values.allSatisfy { $0 == 0 })
    #expect(try #require(parameters["image_projection.bias"]).values.allSatisfy { $0 == 0 })
    let recurrent = try #require(parameters["\(prefix).recurrent_weights"])
    for start in stride(from: 0, to: recurrent.columns, by: dim) {
      let block = recurrent.columns(start..<start + dim)
      let product = Matrix(rows: dim, columns: dim)
      multiply(block, by: block, transposingRight: true, into: product)
      for row in 0..<dim {
        for column in 0..<dim { #expect(abs(product[row, column] - (row == column ? 1 : 0)) < 1e-5) }
      }
    }
  }
}
