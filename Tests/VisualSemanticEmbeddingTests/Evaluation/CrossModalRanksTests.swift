import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct CrossModalRanksTests {
  struct Scores: Decodable {
    var annotation: RetrievalScores
    var search: RetrievalScores
    var sumOfRecalls: Double

    enum CodingKeys: String, CodingKey {
      case annotation, search
      case sumOfRecalls = "sum_of_recalls"
    }
  }

  static let cases = [
    "all_negative", "collapsed", "duplicates", "five_each", "interleaved", "many", "one_each", "perfect",
    "single_image", "varying", "zero_vectors",
  ]

  private func matrix(_ path: String) throws -> Matrix {
    let array = try NumpyArray.read(path: path)
    return Matrix(rows: array.shape[0], columns: array.shape[1], values: try array.float32Values())
  }

  @Test(arguments: cases) func goldens(name: String) throws {
    let folder = fixturePath("ranking/\(name)")
    func integers(_ name: String) throws -> [Int] {
      try NumpyArray.read(path: "\(folder)/\(name).npy").values(as: Int32.self).map { Int($0) }
    }
    let ranks = try CrossModalRanks(
      images: matrix(folder + "/images.npy"), captions: matrix(folder + "/captions.npy"),
      imageOfCaption: integers("image_of_caption"))
    #expect(try ranks.annotation == integers("annotation_ranks"))
    #expect(try ranks.search == integers("search_ranks"))
    let expected = try JSONDecoder().decode(
      Scores.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/case.json")))
    let scores = RankingScores(ranks)
    for (found, wanted) in [(scores.annotation, expected.annotation), (scores.search, expected.search)] {
      #expect(abs(found.r1 - wanted.r1) < 1e-9)
      #expect(abs(found.r5 - wanted.r5) < 1e-9)
      #expect(abs(found.r10 - wanted.r10) < 1e-9)
      #expect(found.medianRank == wanted.medianRank)
      #expect(abs(found.meanRank - wanted.meanRank) < 1e-9)
    }
    #expect(abs(scores.sumOfRecalls - expected.sumOfRecalls) < 1e-9)
  }

  /// Ranks by the definition, one pair at a time.
  private func plainRanks(
    images: Matrix, captions: Matrix, imageOfCaption: [Int]
  ) -> (annotation: [Int], search: [Int]) {
    let left = (0..<images.rows).map { images.rowValues($0) }
    let right = (0..<captions.rows).map { captions.rowValues($0) }
    // Sums of products of quarters are exact.
    let scores = left.map { image in right.map { zip(image, $0).reduce(Float(0)) { $0 + $1.0 * $1.1 } } }
    var annotation: [Int] = []
    for image in left.indices {
      var best = -Float.infinity
      for caption in right.indices where imageOfCaption[caption] == image {
        best = max(best, scores[image][caption])
      }
      guard best > -.infinity else { continue }
      annotation.append(
        right.indices.count { imageOfCaption[$0] != image && scores[image][$0] >= best })
    }
    let search = right.indices.map { caption in
      let own = imageOfCaption[caption]
      return left.indices.count { $0 != own && scores[$0][caption] >= scores[own][caption] }
    }
    return (annotation, search)
  }

  private func quarters(_ rows: Int, _ columns: Int, _ generator: inout SeededGenerator) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      values: (0..<rows * columns).map { _ in Float(Int(generator.next() % 7) - 3) / 4 })
  }

  /// Sizes on both sides of the tiles' bounds, 256 images and 1024 captions.
  @Test(arguments: [
    (1, 1, 5), (2, 1023, 3), (255, 1024, 6), (256, 1025, 4), (257, 257, 5), (300, 2049, 5), (513, 1030, 3),
  ]) func againstThePlainLoop(images imageCount: Int, captions captionCount: Int, dim: Int) throws {
    var generator = SeededGenerator(seed: UInt64(captionCount))
    let images = quarters(imageCount, dim, &generator)
    let captions = quarters(captionCount, dim, &generator)
    // In no order; some images have no caption where there are few.
    let imageOfCaption = (0..<captionCount).map { _ in Int(generator.next() % UInt64(imageCount)) }
    let ranks = try CrossModalRanks(images: images, captions: captions, imageOfCaption: imageOfCaption)
    let expected = plainRanks(images: images, captions: captions, imageOfCaption: imageOfCaption)
    #expect(ranks.annotation == expected.annotation)
    #expect(ranks.search == expected.search)
    #expect(ranks.imageCount == imageCount)
  }

  @Test func windowsOfLargerMatrices() throws {
    var generator = SeededGenerator(seed: 4)
    let images = quarters(300, 9, &generator).rows(7..<290).columns(2..<7)
    let captions = quarters(700, 11, &generator).rows(50..<650).columns(3..<8)
    let imageOfCaption = (0..<600).map { $0 % 283 }
    let ranks = try CrossModalRanks(images: images, captions: captions, imageOfCaption: imageOfCaption)
    let expected = plainRanks(images: images, captions: captions, imageOfCaption: imageOfCaption)
    #expect(ranks.annotation == expected.annotation && ranks.search == expected.search)
  }

  /// Equal vectors score equally in every tile, so that a collapsed model is not rewarded for rounding.
  @Test(arguments: [UInt64(1), 2, 3]) func collapsedModelScoresNothing(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    func vector() -> [Float] {
      let values = (0..<64).map { _ in Float(generator.next() >> 40) * 0x1p-23 - 1 }
      let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return values.map { $0 / norm }
    }
    let (image, caption) = (vector(), vector())
    let images = Matrix(rows: 700, columns: 64, values: (0..<700).flatMap { _ in image })
    let captions = Matrix(rows: 3500, columns: 64, values: (0..<3500).flatMap { _ in caption })
    let ranks = try CrossModalRanks(
      images: images, captions: captions, imageOfCaption: (0..<3500).map { $0 / 5 })
    #expect(ranks.annotation.allSatisfy { $0 == 3495 })
    #expect(ranks.search.allSatisfy { $0 == 699 })
    #expect(RankingScores(ranks).sumOfRecalls == 0)
  }

  @Test func imagesWithoutCaptionsAreNoQueries() throws {
    let images = Matrix(rows: 3, columns: 1, values: [1, 5, 2])
    let captions = Matrix(rows: 2, columns: 1, values: [1, 3])
    let ranks = try CrossModalRanks(images: images, captions: captions, imageOfCaption: [0, 2])
    // Image 0 scores 1 with its own caption and 3 with the other; image 2 scores 6 and 2.
    #expect(ranks.annotation == [1, 0])
    // Image 1, without a caption, is still in the way of every search.
    #expect(ranks.search == [2, 1])
    #expect(ranks.imageCount == 3)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func brokenVectors(value: Float) {
    let good = Matrix(rows: 3, columns: 2, values: [1, 0, 0, 1, 1, 1])
    let broken = good.copy()
    broken[2, 1] = value
    #expect(throws: RankingError.notFinite(vectors: "image", row: 2)) {
      try CrossModalRanks(images: broken, captions: good, imageOfCaption: [0, 1, 2])
    }
    #expect(throws: RankingError.notFinite(vectors: "caption", row: 2)) {
      try CrossModalRanks(images: good, captions: broken, imageOfCaption: [0, 1, 2])
    }
  }

  @Test func nothingToRank() {
    let none = Matrix(rows: 0, columns: 2)
    #expect(throws: RankingError.nothingToRank) {
      try CrossModalRanks(images: none, captions: none, imageOfCaption: [])
    }
  }

  @Test(arguments: [
    ([0], 1, 1.0), ([0, 1], 1, 1.5), ([0, 3], 2, 2.5), ([4, 0, 9], 5, 16.0 / 3), ([10, 10, 11, 0], 11, 8.75),
  ]) func medianAndMean(ranks: [Int], median: Int, mean: Double) {
    let scores = RetrievalScores(ranks: ranks)
    #expect(scores.medianRank == median)
    #expect(abs(scores.meanRank - mean) < 1e-12)
  }

  @Test func recallsCountRanksBelow() {
    let scores = RetrievalScores(ranks: [0, 1, 4, 5, 9, 10, 11, 0])
    #expect(scores.r1 == 25 && scores.r5 == 50 && scores.r10 == 75 && scores.sumOfRecalls == 150)
    let mean = RetrievalScores(meanOf: [scores, RetrievalScores(ranks: [0, 0])])
    #expect(mean.r1 == 62.5 && mean.r10 == 87.5)
  }
}
