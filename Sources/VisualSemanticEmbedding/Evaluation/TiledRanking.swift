internal import Tensors

/// Ranks in two passes over tiles of scores: first what is to be reached, then how many reach it.
struct TiledRanking {
  private let tiles: ScoreTiles
  /// The image of the caption at each place.
  private let imageOfPlace: [Int]
  /// For each image: what it lowers scores by as an answer, and the score of its best own caption.
  private var images: ScoreCounts.Side
  /// For each place: what its caption lowers scores by, and its score with its own image.
  private var captions: ScoreCounts.Side
  /// How many captions of an image reach its best score.
  private var bestCounts: [Int32]
  private var reached: Counts
  /// How many are above; nil where ties are not counted.
  private var above: Counts?

  /// How many captions reach an image's best score, and how many images reach a caption's own.
  private struct Counts {
    var images: [Int32]
    var captions: [Int32]

    init(images imageCount: Int, captions captionCount: Int) {
      images = [Int32](repeating: 0, count: imageCount)
      captions = [Int32](repeating: 0, count: captionCount)
    }

    mutating func add(_ tile: ScoreTiles.Tile, images side: ScoreCounts.Side, captions: ScoreCounts.Side) {
      ScoreCounts.count(
        scores: tile.scores, rows: side, firstRow: tile.images.lowerBound, columns: captions,
        firstColumn: tile.places.lowerBound, rowCounts: &images, columnCounts: &self.captions)
    }
  }

  /// Over tiles in which the captions of each image have places that follow each other, and those of the first image
  /// come first.
  init(_ tiles: ScoreTiles, offsets: HubnessOffsets, imageOfPlace: [Int]) {
    self.tiles = tiles
    self.imageOfPlace = imageOfPlace
    images = ScoreCounts.Side(
      offsets: offsets.images, thresholds: [Float](repeating: -.infinity, count: tiles.imageCount))
    captions = ScoreCounts.Side(
      offsets: offsets.captions, thresholds: [Float](repeating: 0, count: tiles.captionCount))
    bestCounts = [Int32](repeating: 0, count: tiles.imageCount)
    reached = Counts(images: tiles.imageCount, captions: tiles.captionCount)
  }

  /// Of the tiles with captions and their own images only.
  mutating func findOwnScores() {
    let (tiles, imageOfPlace) = (tiles, imageOfPlace)
    func ownImages(_ places: Range<Int>) -> Range<Int> {
      imageOfPlace[places.lowerBound]..<imageOfPlace[places.upperBound - 1] + 1
    }
    tiles.visit(images: ownImages) { tile in
      for place in tile.places where tile.images.contains(imageOfPlace[place]) {
        let row = imageOfPlace[place] - tile.images.lowerBound
        keepOwnScore(tile.scores[row, place - tile.places.lowerBound], place: place)
      }
    }
  }

  private mutating func keepOwnScore(_ score: Float, place: Int) {
    let image = imageOfPlace[place]
    captions.thresholds[place] = score - images.offsets[image]
    let ofCaption = score - captions.offsets[place]
    if ofCaption > images.thresholds[image] {
      images.thresholds[image] = ofCaption
      bestCounts[image] = 1
    } else if ofCaption == images.thresholds[image] {
      bestCounts[image] += 1
    }
  }

  mutating func countHigherScores(countsTies: Bool) {
    let tiles = tiles
    guard countsTies else {
      tiles.visit { reached.add($0, images: images, captions: captions) }
      return
    }
    // A score above a threshold reaches the next number.
    var (nextImages, nextCaptions) = (images, captions)
    nextImages.thresholds = images.thresholds.map(\.nextUp)
    nextCaptions.thresholds = captions.thresholds.map(\.nextUp)
    var above = Counts(images: tiles.imageCount, captions: tiles.captionCount)
    tiles.visit { tile in
      reached.add(tile, images: images, captions: captions)
      above.add(tile, images: nextImages, captions: nextCaptions)
    }
    self.above = above
  }

  /// What reached the thresholds, less what is the query's own; captions are numbered as said.
  func ranks(captionOfPlace: [Int]) -> CrossModalRanks {
    var search = [Int](repeating: 0, count: captionOfPlace.count)
    for (place, caption) in captionOfPlace.enumerated() { search[caption] = Int(reached.captions[place]) - 1 }
    let queries = bestCounts.indices.filter { bestCounts[$0] > 0 }
    let annotation = queries.map { Int(reached.images[$0] - bestCounts[$0]) }
    let ties = above.map { above in
      CrossModalRanks.Ties(
        annotation: zip(queries, annotation).count { $1 > Int(above.images[$0]) },
        search: captionOfPlace.indices.count { reached.captions[$0] - 1 > above.captions[$0] })
    }
    return CrossModalRanks(
      annotation: annotation, search: search, imageCount: tiles.imageCount, ties: ties)
  }
}

extension CrossModalRanks {
  fileprivate init(annotation: [Int], search: [Int], imageCount: Int, ties: Ties?) {
    self.annotation = annotation
    self.search = search
    self.imageCount = imageCount
    self.ties = ties
  }
}
