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
  ///   - imageOfCaption: the image of each caption, C of them.
  ///   - hubness: the correction of the scores, measured on these images and captions.
  ///   - countsTies: whether `ties` are wanted.
  /// - Throws: `RankingError` when a number is NaN or infinite or there is nothing to rank.
  /// - Complexity: 2 · N · C · D floating-point operations, and about a tenth more; with a correction twice that.
  public init(
    images: Matrix, captions: Matrix, imageOfCaption: [Int], hubness: HubnessCorrection? = nil,
    countsTies: Bool = false
  ) throws(RankingError) {
    precondition(images.columns == captions.columns, "vectors of two spaces")
    precondition(imageOfCaption.count == captions.rows, "one image a caption")
    guard images.rows > 0, captions.rows > 0 else { throw .nothingToRank }
    if let row = images.firstNonFiniteRow { throw .notFinite(vectors: "image", row: row) }
    if let row = captions.firstNonFiniteRow { throw .notFinite(vectors: "caption", row: row) }
    // Captions beside their images', so that few tiles hold the scores that are to be reached.
    let order = (0..<captions.rows).sorted { (imageOfCaption[$0], $0) < (imageOfCaption[$1], $1) }
    let tiles = ScoreTiles(images: images, captions: captions, order: order)
    let offsets =
      if let hubness { try HubnessOffsets(hubness, tiles: tiles) } else {
        HubnessOffsets(noneFor: images.rows, captions: captions.rows)
      }
    var ranking = TiledRanking(tiles, offsets: offsets, imageOfCaption: imageOfCaption)
    ranking.findOwnScores()
    ranking.countHigherScores(countsTies: countsTies)
    self = ranking.ranks
  }
}
