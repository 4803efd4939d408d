public import Foundation
public import Tensors

/// Why vectors could not be ranked.
public enum RankingError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  case notFinite(vectors: String, row: Int)
  case nothingToRank

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .notFinite(let vectors, let row):
      "\(vectors) vector \(row) has a NaN or an infinite number: the model or its input is broken, "
        + "so there is no score to give"
    case .nothingToRank: "there is no image with a caption to rank"
    }
  }
}

/// The 0-based ranks of images among captions and of captions among images.
///
/// Equal scores count against the model (a collapsed model scores 0), and an image's own captions never
/// count against each other.
public struct CrossModalRanks: Sendable, Equatable {
  /// For each image that has a caption, in the order of images: how many captions of other images score as
  /// high as its best own caption, or higher.
  public var annotation: [Int]
  /// For each caption: how many other images score as high as its own, or higher.
  public var search: [Int]
  /// The number of images, those without captions included.
  public var imageCount: Int
}

extension CrossModalRanks {
  /// The size of a tile of scores. All tiles have one size, so that one kernel computes them all and equal
  /// vectors score equally wherever they stand.
  private static let tile = (images: 256, captions: 1024)

  /// Ranks N images [N, D] and C captions [C, D] by their dot products.
  ///
  /// Scores are computed in tiles and never kept: memory beyond the input is O(N + C) and a few tiles.
  /// - Parameter imageOfCaption: the image of each caption, C of them.
  /// - Throws: `RankingError` when a number is NaN or infinite or there is nothing to rank.
  /// - Complexity: 2 · N · C · D floating-point operations, and about a tenth more.
  public init(images: Matrix, captions: Matrix, imageOfCaption: [Int]) throws(RankingError) {
    precondition(images.columns == captions.columns, "vectors of two spaces")
    precondition(imageOfCaption.count == captions.rows, "one image a caption")
    guard images.rows > 0, captions.rows > 0 else { throw .nothingToRank }
    if let row = images.firstNonFiniteRow { throw .notFinite(vectors: "image", row: row) }
    if let row = captions.firstNonFiniteRow { throw .notFinite(vectors: "caption", row: row) }
    var ranking = TiledRanking(images: images, captions: captions, imageOfCaption: imageOfCaption)
    ranking.findOwnScores()
    ranking.countHigherScores()
    self = ranking.ranks
  }

  private struct TiledRanking {
    let images: Matrix
    let captions: Matrix
    let imageOfCaption: [Int]
    /// Caption rows ordered by their image.
    let order: [Int]
    /// For each place in `order`: the caption's score with its own image.
    var ownScores: [Float]
    /// For each image: the score of its best own caption, and how many of its captions reach it.
    var bestScores: [Float]
    var bestCounts: [Int32]
    /// How many captions reach an image's best score, and how many images reach a caption's own score.
    var imageCounts: [Int32]
    var captionCounts: [Int32]
    /// The images of a tile that is not full, and zeros.
    let imageTile: Matrix
    let captionTile: Matrix
    let packedCaptions = PackedOperand()
    let scores: Matrix

    init(images: Matrix, captions: Matrix, imageOfCaption: [Int]) {
      self.images = images
      self.captions = captions
      self.imageOfCaption = imageOfCaption
      order =
        captions.rows == 0
        ? []
        : (0..<captions.rows).sorted {
          (imageOfCaption[$0], $0) < (imageOfCaption[$1], $1)
        }
      ownScores = [Float](repeating: 0, count: captions.rows)
      bestScores = [Float](repeating: -.infinity, count: images.rows)
      bestCounts = [Int32](repeating: 0, count: images.rows)
      imageCounts = [Int32](repeating: 0, count: images.rows)
      captionCounts = [Int32](repeating: 0, count: captions.rows)
      imageTile = Matrix(rows: tile.images, columns: images.columns)
      captionTile = Matrix(rows: tile.captions, columns: images.columns)
      scores = Matrix(rows: tile.images, columns: tile.captions)
    }

    /// The places in `order` of each caption tile.
    private var captionRanges: [Range<Int>] {
      stride(from: 0, to: order.count, by: tile.captions).map { $0..<min($0 + tile.captions, order.count) }
    }

    private func loadCaptions(_ range: Range<Int>) {
      for (row, place) in range.enumerated() {
        captionTile.rows(row..<row + 1).assign(captions.rows(order[place]..<order[place] + 1))
      }
      packedCaptions.pack(
        Operand(captionTile), transposing: true, leftRows: tile.images, leftStride: images.columns,
        resultStride: tile.captions, accumulating: false)
    }

    /// The scores of images `range` with the loaded captions.
    private func score(images range: Range<Int>, captions count: Int) -> Matrix {
      var left = images.rows(range)
      if range.count < tile.images || left.stride != images.columns {
        imageTile.rows(0..<range.count).assign(left)
        left = imageTile
      }
      packedCaptions.multiply(Operand(left), into: scores)
      return scores.rows(0..<range.count).columns(0..<count)
    }

    private func imageRanges(_ wanted: Range<Int>) -> [Range<Int>] {
      stride(from: wanted.lowerBound / tile.images * tile.images, to: wanted.upperBound, by: tile.images)
        .map { $0..<min($0 + tile.images, images.rows) }
    }

    /// Tiles with captions and their own images only.
    mutating func findOwnScores() {
      for range in captionRanges {
        loadCaptions(range)
        guard let first = range.first, let last = range.last else { continue }
        let own = imageOfCaption[order[first]]..<imageOfCaption[order[last]] + 1
        for imageRange in imageRanges(own) {
          let scores = score(images: imageRange, captions: range.count)
          for place in range where imageRange.contains(imageOfCaption[order[place]]) {
            keepOwnScore(
              scores[imageOfCaption[order[place]] - imageRange.lowerBound, place - range.lowerBound],
              place: place)
          }
        }
      }
    }

    private mutating func keepOwnScore(_ score: Float, place: Int) {
      let image = imageOfCaption[order[place]]
      ownScores[place] = score
      if score > bestScores[image] {
        bestScores[image] = score
        bestCounts[image] = 1
      } else if score == bestScores[image] {
        bestCounts[image] += 1
      }
    }

    mutating func countHigherScores() {
      for range in captionRanges {
        loadCaptions(range)
        for imageRange in imageRanges(0..<images.rows) {
          ScoreCounts.count(
            scores: score(images: imageRange, captions: range.count), rowThresholds: bestScores,
            firstRow: imageRange.lowerBound, columnThresholds: ownScores, firstColumn: range.lowerBound,
            rowCounts: &imageCounts, columnCounts: &captionCounts)
        }
      }
    }

    /// What reached the thresholds, less what is the query's own.
    var ranks: CrossModalRanks {
      var search = [Int](repeating: 0, count: order.count)
      for (place, caption) in order.enumerated() { search[caption] = Int(captionCounts[place]) - 1 }
      let annotation =
        images.rows == 0
        ? []
        : (0..<images.rows).compactMap { image in
          bestCounts[image] > 0 ? Int(imageCounts[image] - bestCounts[image]) : nil
        }
      return CrossModalRanks(annotation: annotation, search: search, imageCount: images.rows)
    }
  }
}
