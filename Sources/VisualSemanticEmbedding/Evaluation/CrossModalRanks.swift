public import Tensors

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
  /// Where they were counted.
  public var ties: Ties?

  /// How many queries have a wrong answer that scores exactly as their right one, which counts against the model.
  public struct Ties: Sendable, Equatable, Codable {
    /// Images.
    public var annotation: Int
    /// Captions.
    public var search: Int
  }

  /// Ranks N images [N, D] and C captions [C, D] by their dot products.
  ///
  /// Scores are computed in tiles and never kept: memory beyond the input is O(N + C) and a few tiles.
  /// - Parameters:
  ///   - images: a vector a row [N, D], of unit norm for cosines.
  ///   - captions: a vector a row [C, D], as those of images.
  ///   - imageOfCaption: the image of each caption, C of them.
  ///   - hubness: the correction of the scores, measured on these images and captions.
  ///   - countsTies: whether `ties` are wanted.
  /// - Throws: `RankingError` when a number is NaN or infinite or there is nothing to rank.
  /// - Complexity: 2 · N · C · D floating-point operations, and about a tenth more; with a correction twice that.
  public init(
    images: Matrix, captions: Matrix, imageOfCaption: [Int], hubness: HubnessCorrection? = nil,
    countsTies: Bool = false
  ) throws(RankingError) {
    precondition(imageOfCaption.count == captions.rows, "one image a caption")
    if let row = images.firstNonFiniteRow { throw .notFinite(vectors: "image", row: row) }
    if let row = captions.firstNonFiniteRow { throw .notFinite(vectors: "caption", row: row) }
    try self.init(
      images: images, captions: captions, rows: Array(0..<captions.rows), imageOfCaption: imageOfCaption,
      hubness: hubness, countsTies: countsTies)
  }

  /// Ranks images and the captions at some rows of a matrix, all of finite numbers; of each row there is the image.
  init(
    images: Matrix, captions: Matrix, rows: [Int], imageOfCaption: [Int], hubness: HubnessCorrection?,
    countsTies: Bool
  ) throws(RankingError) {
    precondition(imageOfCaption.count == rows.count, "one image a caption")
    guard images.rows > 0, !rows.isEmpty else { throw .nothingToRank }
    // The captions of an image together, so that few tiles hold the scores that are to be reached.
    let order = rows.indices.sorted { (imageOfCaption[$0], $0) < (imageOfCaption[$1], $1) }
    let tiles = ScoreTiles(images: images, captions: captions, rows: order.map { rows[$0] })
    let offsets =
      if let hubness { try HubnessOffsets(hubness, tiles: tiles) } else {
        HubnessOffsets(noneFor: images.rows, captions: rows.count)
      }
    var ranking = TiledRanking(tiles, offsets: offsets, imageOfPlace: order.map { imageOfCaption[$0] })
    ranking.findOwnScores()
    ranking.countHigherScores(countsTies: countsTies)
    self = ranking.ranks(captionOfPlace: order)
  }
}
