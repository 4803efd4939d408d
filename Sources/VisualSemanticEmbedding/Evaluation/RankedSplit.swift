internal import Tensors

/// A split that a model has encoded and ranked, of which single queries and their answers can be looked at.
///
/// Captions are numbered among those with a word, C of them, as their ranks are. All scores are computed as those of
/// the ranks are, so that an answer's place never disagrees with a rank.
package struct RankedSplit {
  package let split: DatasetSplit
  package let scores: RankingScores
  /// The 0-based rank of each image's best own caption; nil where no caption of it has a word.
  package let annotationRanks: [Int?]
  /// The 0-based rank of each caption's image.
  package let searchRanks: [Int]
  /// The image of each caption.
  package let imageOfCaption: [Int]
  /// The row in the split of each caption.
  package let captionRows: [Int]
  private let ranks: CrossModalRanks
  private let encoded: EncodedSplit

  /// Encodes and ranks a split.
  ///
  /// - Parameter progress: told how far encoding is, from 0 to 1; what it throws stops the work.
  /// - Throws: `EvaluationError`, `DatasetError`, `RankingError`, and what reading features throws.
  package init(_ split: DatasetSplit, model: EmbeddingModel, progress: (Double) throws -> Void) throws {
    let tokens = TokenizedCaptions(split.captions, vocabulary: model.vocabulary)
    encoded = try model.network.encode(split, captions: tokens, firstImages: nil, progress: progress)
    ranks = try encoded.ranks(hubness: nil)
    self.split = split
    scores = RankingScores(ranks)
    searchRanks = ranks.search
    imageOfCaption = encoded.imageOfCaption
    captionRows = encoded.captionRows
    // Those of the images that have a caption, in order.
    var next = ranks.annotation.makeIterator()
    let hasCaption = Set(encoded.imageOfCaption)
    annotationRanks = (0..<encoded.images.rows).map { hasCaption.contains($0) ? next.next() : nil }
  }

  /// The 95% interval of each recall.
  package func intervals(_ bootstrap: Bootstrap) -> PerRecall<ConfidenceInterval> {
    bootstrap.intervals(RecallCounts(ranks, imageOfCaption: imageOfCaption))
  }

  /// The captions of an image, in order.
  package func captions(ofImage image: Int) -> [Int] {
    imageOfCaption.indices.filter { imageOfCaption[$0] == image }
  }

  /// The best captions of the split for each of some images, the best first, and at most `count` of them.
  package func bestCaptions(ofImages images: [Int], count: Int) -> [[RetrievedAnswer]] {
    bestCaptions(
      ofImages: images, among: encoded.captionVectors, rows: encoded.vectorRows, count: count)
  }

  /// The best of other captions for each of some images; `answer` is a place in `captions.rows`.
  package func bestCaptions(
    ofImages images: [Int], among captions: EncodedCaptions, count: Int
  ) -> [[RetrievedAnswer]] {
    bestCaptions(
      ofImages: images, among: captions.vectors, rows: Array(captions.rows.indices), count: count)
  }

  private func bestCaptions(
    ofImages images: [Int], among captions: Matrix, rows: [Int], count: Int
  ) -> [[RetrievedAnswer]] {
    var best = images.map { _ in BestAnswers(count: count) }
    ScoreTiles(images: vectors(ofImages: images), captions: captions, rows: rows).visit { tile in
      for (row, query) in tile.images.enumerated() {
        for (column, place) in tile.places.enumerated() {
          best[query].insert(place, score: tile.scores[row, column])
        }
      }
    }
    return best.map(\.answers)
  }

  /// The best images of the split for each of some captions, the best first, and at most `count` of them.
  package func bestImages(forCaptions captions: [Int], count: Int) -> [[RetrievedAnswer]] {
    var best = captions.map { _ in BestAnswers(count: count) }
    let rows = encoded.vectorRows
    ScoreTiles(
      images: encoded.images, captions: encoded.captionVectors, rows: captions.map { rows[$0] }
    ).visit { tile in
      for (column, query) in tile.places.enumerated() {
        for (row, image) in tile.images.enumerated() {
          best[query].insert(image, score: tile.scores[row, column])
        }
      }
    }
    return best.map(\.answers)
  }

  /// The 0-based ranks of all own captions of some images, in order: how many captions of other images score as high
  /// or higher.
  package func ranksOfOwnCaptions(ofImages images: [Int]) -> [[Int]] {
    let tiles = ScoreTiles(
      images: vectors(ofImages: images), captions: encoded.captionVectors, rows: encoded.vectorRows)
    var ownScores: [[Float]] = images.map { _ in [] }
    tiles.visit { tile in
      for (row, query) in tile.images.enumerated() {
        for (column, place) in tile.places.enumerated() where imageOfCaption[place] == images[query] {
          ownScores[query].append(tile.scores[row, column])
        }
      }
    }
    var ranks = ownScores.map { $0.map { _ in 0 } }
    tiles.visit { tile in
      for (row, query) in tile.images.enumerated() {
        for (column, place) in tile.places.enumerated() where imageOfCaption[place] != images[query] {
          let score = tile.scores[row, column]
          for (own, reached) in ownScores[query].enumerated() where score >= reached {
            ranks[query][own] += 1
          }
        }
      }
    }
    return ranks
  }

  private func vectors(ofImages images: [Int]) -> Matrix {
    let result = Matrix(rows: images.count, columns: encoded.images.columns)
    for (row, image) in images.enumerated() {
      result.rows(row..<row + 1).assign(encoded.images.rows(image..<image + 1))
    }
    return result
  }
}

/// Captions that a model has encoded, to be retrieved.
package struct EncodedCaptions {
  /// The rows in the file of the captions that have a word.
  package let rows: [Int]
  let vectors: Matrix

  /// Encodes the captions of a file that have a word.
  ///
  /// - Parameter progress: told how far it is, from 0 to 1; what it throws stops the work.
  /// - Throws: `EvaluationError` when a vector is not finite.
  package init(_ captions: CaptionFile, model: EmbeddingModel, progress: (Double) throws -> Void) throws {
    let tokens = TokenizedCaptions(captions, vocabulary: model.vocabulary)
    let rows = tokens.includedRows
    vectors = try model.network.encode(tokens, rows: rows) { try progress(Double($0) / Double(rows.count)) }
    if let row = vectors.firstNonFiniteRow {
      throw EvaluationError.notFinite(path: captions.path, row: rows[row])
    }
    self.rows = rows
  }
}
