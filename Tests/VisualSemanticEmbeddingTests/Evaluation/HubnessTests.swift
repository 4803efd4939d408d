import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Numbers in [-1, 1).
private func randomValues(_ count: Int, seed: UInt64) -> [Float] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in Float(generator.next() >> 40) * 0x1p-23 - 1 }
}

/// Corrections for hubness against the whole matrix of scores in double precision.
@Suite struct HubnessTests {
  /// Images and captions in no order; some images have no caption, some many.
  struct Case: CustomTestStringConvertible, Sendable {
    var images: Int
    var captions: Int
    var dim: Int
    var testDescription: String { "\(images) × \(captions)" }

    func make() -> (images: Matrix, captions: Matrix, imageOfCaption: [Int]) {
      var generator = SeededGenerator(seed: UInt64(captions))
      // Products and sums of quarters are exact in float32.
      func quarters(_ rows: Int) -> Matrix {
        Matrix(
          rows: rows, columns: dim,
          values: (0..<rows * dim).map { _ in Float(Int(generator.next() % 7) - 3) / 4 })
      }
      let (left, right) = (quarters(images), quarters(captions))
      return (left, right, (0..<captions).map { _ in Int(generator.next() % UInt64(images)) })
    }

    /// The same with numbers of any digits, and some rows that stand twice.
    func makeRounded() -> (images: Matrix, captions: Matrix, imageOfCaption: [Int]) {
      let (left, right, imageOfCaption) = make()
      for (matrix, seed) in [(left, UInt64(7)), (right, 8)] {
        let noise = randomValues(matrix.count, seed: seed)
        for row in 0..<matrix.rows {
          // The first rows of 16 come again as the last ones of them.
          let source = row % 16 < 12 ? row : row - 12
          for column in 0..<dim {
            matrix[row, column] =
              source < row ? matrix[source, column] : matrix[row, column] + noise[row * dim + column]
          }
        }
        matrix.normalizeRows()
      }
      return (left, right, imageOfCaption)
    }
  }

  /// Corrected scores of the queries of one direction: [queries][gallery].
  private func corrected(_ scores: [[Double]], _ correction: HubnessCorrection) -> [[Double]] {
    let gallery = scores[0].indices
    func column(_ item: Int) -> [Double] { scores.map { $0[item] } }
    switch correction {
    case .csls(let neighbors):
      func mean(_ values: [Double]) -> Double {
        let kept = values.sorted(by: >).prefix(neighbors)
        return kept.reduce(0, +) / Double(kept.count)
      }
      let ofItems = gallery.map { mean(column($0)) }
      return scores.map { row in
        let ofQuery = mean(row)
        return gallery.map { 2 * row[$0] - ofQuery - ofItems[$0] }
      }
    case .invertedSoftmax(let temperature):
      let logarithms = gallery.map { item in
        log(column(item).reduce(0) { $0 + exp($1 / Double(temperature)) })
      }
      return scores.map { row in gallery.map { row[$0] / Double(temperature) - logarithms[$0] } }
    }
  }

  /// For each query the ranks when what is nearer than `margin` counts not, and when it counts, against the model.
  private func ranks(
    _ scores: [[Double]], margin: Double, isOwn: (Int, Int) -> Bool
  ) -> [(low: Int, high: Int)] {
    scores.indices.compactMap { query in
      let row = scores[query]
      guard let best = row.indices.filter({ isOwn(query, $0) }).map({ row[$0] }).max() else { return nil }
      let others = row.indices.filter { !isOwn(query, $0) }
      return (others.count { row[$0] > best + margin }, others.count { row[$0] >= best - margin })
    }
  }

  /// Both directions' bounds by the definition.
  private func reference(
    _ data: (images: Matrix, captions: Matrix, imageOfCaption: [Int]), _ correction: HubnessCorrection,
    margin: Double
  ) -> (annotation: [(low: Int, high: Int)], search: [(low: Int, high: Int)]) {
    let scores = (0..<data.images.rows).map { image in
      (0..<data.captions.rows).map { caption in
        zip(data.images.rowValues(image), data.captions.rowValues(caption))
          .reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
    }
    let transposed = (0..<data.captions.rows).map { caption in scores.map { $0[caption] } }
    return (
      ranks(corrected(scores, correction), margin: margin) { data.imageOfCaption[$1] == $0 },
      ranks(corrected(transposed, correction), margin: margin) { data.imageOfCaption[$0] == $1 }
    )
  }

  static let cases = [
    Case(images: 1, captions: 4, dim: 3), Case(images: 8, captions: 32, dim: 3),
    Case(images: 64, captions: 300, dim: 4), Case(images: 257, captions: 1030, dim: 5),
    Case(images: 300, captions: 150, dim: 3),
  ]

  /// With a power of two of neighbours all is exact, and ties are.
  @Test(arguments: cases, [1, 8]) func exactCSLS(item: Case, neighbors: Int) throws {
    let data = item.make()
    let correction = HubnessCorrection.csls(neighbors: neighbors)
    let found = try CrossModalRanks(
      images: data.images, captions: data.captions, imageOfCaption: data.imageOfCaption, hubness: correction,
      countsTies: true)
    let expected = reference(data, correction, margin: 0)
    let (annotation, search) = (expected.annotation, expected.search)
    #expect(found.annotation == annotation.map(\.high))
    #expect(found.search == search.map(\.high))
    #expect(found.ties?.annotation == annotation.count { $0.low < $0.high })
    #expect(found.ties?.search == search.count { $0.low < $0.high })
  }

  /// More neighbours than there are images or captions, which are powers of two.
  @Test func moreNeighborsThanGallery() throws {
    let data = Case(images: 8, captions: 32, dim: 3).make()
    let correction = HubnessCorrection.csls(neighbors: 1000)
    let found = try CrossModalRanks(
      images: data.images, captions: data.captions, imageOfCaption: data.imageOfCaption, hubness: correction)
    let expected = reference(data, correction, margin: 0)
    #expect(found.annotation == expected.annotation.map(\.high))
    #expect(found.search == expected.search.map(\.high))
    let plain = try CrossModalRanks(
      images: data.images, captions: data.captions, imageOfCaption: data.imageOfCaption)
    #expect(plain != found, "the correction does something")
  }

  /// Only scores within what float32 rounds may come on either side.
  @Test(
    arguments: cases,
    [
      HubnessCorrection.csls(neighbors: 10), .csls(neighbors: 3), .invertedSoftmax(temperature: 1 / 30),
      .invertedSoftmax(temperature: 1), .invertedSoftmax(temperature: 0.01),
    ])
  func withinRounding(item: Case, correction: HubnessCorrection) throws {
    let data = item.makeRounded()
    let found = try CrossModalRanks(
      images: data.images, captions: data.captions, imageOfCaption: data.imageOfCaption, hubness: correction)
    // Of scores, times what they are multiplied by.
    let margin =
      switch correction {
      case .csls: 2e-6
      case .invertedSoftmax(let temperature): 1e-6 / Double(temperature)
      }
    let expected = reference(data, correction, margin: margin)
    #expect(found.annotation.count == expected.annotation.count)
    for (rank, bounds) in zip(found.annotation, expected.annotation) {
      #expect(bounds.low <= rank && rank <= bounds.high)
    }
    for (rank, bounds) in zip(found.search, expected.search) {
      #expect(bounds.low <= rank && rank <= bounds.high)
    }
  }

  static let corrections: [HubnessCorrection?] = [
    nil, .csls(neighbors: 10), .invertedSoftmax(temperature: 1 / 30),
  ]

  /// Equal vectors stay equal, wherever they stand, so that a collapsed model is not rewarded for rounding.
  @Test(arguments: corrections) func collapsedModelScoresNothing(correction: HubnessCorrection?) throws {
    let vector = randomValues(33, seed: 5)
    func rows(_ count: Int) -> Matrix {
      let matrix = Matrix(rows: count, columns: 33, values: (0..<count).flatMap { _ in vector })
      matrix.normalizeRows()
      return matrix
    }
    let ranks = try CrossModalRanks(
      images: rows(300), captions: rows(1500), imageOfCaption: (0..<1500).map { $0 / 5 }, hubness: correction,
      countsTies: true)
    #expect(ranks.annotation.allSatisfy { $0 == 1495 } && ranks.search.allSatisfy { $0 == 299 })
    #expect(ranks.ties?.annotation == 300 && ranks.ties?.search == 1500)
  }

  /// A gallery that is measured once gives what is measured with the ranks.
  @Test(arguments: corrections.compactMap { $0 }) func offsetsOfAGallery(correction: HubnessCorrection) throws
  {
    let data = Case(images: 64, captions: 300, dim: 4).makeRounded()
    let offsets = try HubnessOffsets(correction, images: data.images, captions: data.captions)
    let ranks = try CrossModalRanks(
      images: data.images, captions: data.captions, imageOfCaption: data.imageOfCaption, hubness: correction)
    let search = (0..<300).map { caption in
      let own = data.imageOfCaption[caption]
      func score(_ image: Int) -> Double {
        zip(data.images.rowValues(image), data.captions.rowValues(caption))
          .reduce(-Double(offsets.images[image])) { $0 + Double($1.0) * Double($1.1) }
      }
      return (0..<64).count { $0 != own && score($0) >= score(own) }
    }
    // A few near ties may fall otherwise in double precision.
    #expect(zip(search, ranks.search).count { $0 != $1 } <= 2)
    #expect(offsets.images[0] == offsets.images[12] && offsets.captions[1] == offsets.captions[13])
  }

  @Test func scoresThatOverflow() {
    let large = Matrix(rows: 2, columns: 2, values: [3e38, 3e38, 1, 1])
    #expect(throws: RankingError.scoresOverflow) {
      try CrossModalRanks(
        images: large, captions: large, imageOfCaption: [0, 1], hubness: .csls(neighbors: 10))
    }
  }

  /// Each fold is corrected by its own images and captions.
  @Test(arguments: corrections.compactMap { $0 }) func foldsByThemselves(correction: HubnessCorrection) throws
  {
    let folder = try DatasetFolder()
    try folder.writeToy("test", .init(images: 40))
    let split = try Dataset(folder: folder.path).open(.test)
    let vocabulary = try Vocabulary.build(from: [split.captions], scheme: .kiros)
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        dim: 16, wordDim: 8, imageDim: 12, vocabularySize: vocabulary.embeddingRows))
    var generator = SeededRandomNumberGenerator(seed: 2)
    network.initialize(using: &generator)
    let model = EmbeddingModel(network: network, vocabulary: vocabulary)
    let folds = try model.evaluate(on: split, options: EvaluationOptions(folds: 2, hubness: correction))
    let first = try model.evaluate(
      on: split, options: EvaluationOptions(firstImages: 20, hubness: correction))
    #expect(folds.folds[0] == first.scores && folds.hubness == correction)
  }
}
