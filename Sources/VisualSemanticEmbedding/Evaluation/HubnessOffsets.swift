public import Tensors

/// What each item of a gallery has its scores lowered by: images as answers of captions, and captions as answers of
/// images.
///
/// The score of a query with item g is s − offset(g): of CSLS half of it and r(q), of the inverted softmax the
/// logarithm of it times T, neither of which changes an order. Offsets that were measured once hold for any query.
public struct HubnessOffsets: Sendable, Equatable {
  /// One for each image, N of them.
  public var images: [Float]
  /// One for each caption, in their order.
  public var captions: [Float]

  /// Measures images [N, D] and captions [C, D], both at least one, on each other.
  ///
  /// Scores are computed in tiles and never kept: memory beyond the input is O(N + C), times the neighbours with
  /// CSLS, and a few tiles. Equal vectors have equal offsets.
  /// - Throws: `RankingError` when scores are not finite.
  /// - Complexity: 2 · N · C · D floating-point operations.
  public init(_ correction: HubnessCorrection, images: Matrix, captions: Matrix) throws(RankingError) {
    precondition(images.columns == captions.columns, "vectors of two spaces")
    guard images.rows > 0, captions.rows > 0 else { throw .nothingToRank }
    try self.init(
      correction, tiles: ScoreTiles(images: images, captions: captions, rows: Array(0..<captions.rows)))
  }

  /// The same from tiles, captions in the order of their places.
  init(_ correction: HubnessCorrection, tiles: ScoreTiles) throws(RankingError) {
    let (imageOffsets, captionOffsets) =
      switch correction {
      case .csls(let neighbors): Self.neighborhoods(tiles, neighbors: neighbors)
      case .invertedSoftmax(let temperature): Self.softmaxes(tiles, temperature: temperature)
      }
    images = imageOffsets.map { Float($0) }
    captions = captionOffsets.map { Float($0) }
    guard images.allSatisfy(\.isFinite), captions.allSatisfy(\.isFinite) else { throw .scoresOverflow }
  }

  /// Those that change nothing.
  init(noneFor imageCount: Int, captions captionCount: Int) {
    images = [Float](repeating: 0, count: imageCount)
    captions = [Float](repeating: 0, count: captionCount)
  }

  /// r / 2 of each image and each caption.
  private static func neighborhoods(_ tiles: ScoreTiles, neighbors: Int) -> ([Double], [Double]) {
    var largest = LargestScores(rows: tiles.imageCount, columns: tiles.captionCount, count: neighbors)
    tiles.visit {
      largest.add($0.scores, firstRow: $0.images.lowerBound, firstColumn: $0.places.lowerBound)
    }
    return (largest.rowMeans.map { $0 / 2 }, largest.columnMeans.map { $0 / 2 })
  }

  /// T · ln Σ e^(s / T) of each image over the captions and of each caption over the images.
  private static func softmaxes(_ tiles: ScoreTiles, temperature: Float) -> ([Double], [Double]) {
    var sums = ExponentialSums(
      rows: tiles.imageCount, columns: tiles.captionCount, scale: 1 / temperature)
    tiles.visit { sums.add($0.scores, firstRow: $0.images.lowerBound, firstColumn: $0.places.lowerBound) }
    return (
      sums.rowLogarithms.map { $0 * Double(temperature) },
      sums.columnLogarithms.map { $0 * Double(temperature) }
    )
  }
}
