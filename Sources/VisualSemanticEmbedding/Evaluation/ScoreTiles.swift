internal import Tensors

/// The scores of images with captions, their dot products, a tile at a time: the matrix of all never exists.
///
/// All tiles have one size, so that one kernel computes them all and equal vectors score equally wherever they
/// stand.
struct ScoreTiles {
  /// A part of the scores.
  struct Tile {
    /// [images, captions], valid until the next tile.
    let scores: Matrix
    /// The images of its rows.
    let images: Range<Int>
    /// The places of its columns among the captions.
    let places: Range<Int>
  }

  private static let size = (images: 256, captions: 1024)

  private let images: Matrix
  private let captions: Matrix
  /// The row of the caption at each place.
  private let rows: [Int]
  /// The images of a tile that is not full, and zeros.
  private let imageTile: Matrix
  private let captionTile: Matrix
  private let packedCaptions = PackedOperand()
  private let scores: Matrix

  /// Tiles of N images [N, D] and of the captions at `rows` of a matrix of width D, each at the place of its row there.
  init(images: Matrix, captions: Matrix, rows: [Int]) {
    precondition(images.columns == captions.columns, "vectors of two spaces")
    self.images = images
    self.captions = captions
    self.rows = rows
    imageTile = Matrix(rows: Self.size.images, columns: images.columns)
    captionTile = Matrix(rows: Self.size.captions, columns: images.columns)
    scores = Matrix(rows: Self.size.images, columns: Self.size.captions)
  }

  /// The number of images, N.
  var imageCount: Int { images.rows }
  /// The number of captions.
  var captionCount: Int { rows.count }

  /// Computes tile by tile; of the captions at a range of places only the tiles that hold any of `wanted` images.
  func visit(images wanted: (Range<Int>) -> Range<Int>, with body: (Tile) -> Void) {
    for start in stride(from: 0, to: rows.count, by: Self.size.captions) {
      let places = start..<min(start + Self.size.captions, rows.count)
      load(places)
      for range in imageRanges(wanted(places)) {
        body(Tile(scores: score(range, captions: places.count), images: range, places: places))
      }
    }
  }

  /// Computes all tiles.
  func visit(with body: (Tile) -> Void) { visit(images: { _ in 0..<imageCount }, with: body) }

  private func load(_ places: Range<Int>) {
    for (row, place) in places.enumerated() {
      captionTile.rows(row..<row + 1).assign(captions.rows(rows[place]..<rows[place] + 1))
    }
    packedCaptions.pack(
      Operand(captionTile), transposing: true, leftRows: Self.size.images, leftStride: images.columns,
      resultStride: Self.size.captions, accumulating: false)
  }

  private func score(_ range: Range<Int>, captions count: Int) -> Matrix {
    var left = images.rows(range)
    if range.count < Self.size.images || left.stride != images.columns {
      imageTile.rows(0..<range.count).assign(left)
      left = imageTile
    }
    packedCaptions.multiply(Operand(left), into: scores)
    return scores.rows(0..<range.count).columns(0..<count)
  }

  private func imageRanges(_ wanted: Range<Int>) -> [Range<Int>] {
    stride(
      from: wanted.lowerBound / Self.size.images * Self.size.images, to: wanted.upperBound,
      by: Self.size.images
    ).map { $0..<min($0 + Self.size.images, images.rows) }
  }
}
