internal import Tensors

/// The vectors of a split, or of a part of it, ready to be ranked; all are finite.
struct EncodedSplit {
  /// [N, D].
  let images: Matrix
  /// Those of the captions, and of others where this is a part: [captions, D].
  let captionVectors: Matrix
  private let captions: [Caption]

  private struct Caption {
    /// Its row of `captionVectors`.
    var vector: Int
    /// Its row in the split.
    var row: Int
    var image: Int
  }

  /// Vectors of N images, and of captions whose rows in the split and images are given.
  init(images: Matrix, captions: Matrix, rows: [Int], imageOfCaption: [Int]) {
    precondition(
      captions.rows == rows.count && rows.count == imageOfCaption.count, "a vector for each caption")
    self.images = images
    captionVectors = captions
    self.captions = rows.indices.map { Caption(vector: $0, row: rows[$0], image: imageOfCaption[$0]) }
  }

  private init(images: Matrix, captionVectors: Matrix, captions: [Caption]) {
    self.images = images
    self.captionVectors = captionVectors
    self.captions = captions
  }

  /// The row in the split of each caption, C of them, in order.
  var captionRows: [Int] { captions.map(\.row) }
  /// The row of each caption in `captionVectors`.
  var vectorRows: [Int] { captions.map(\.vector) }
  /// The image of each caption.
  var imageOfCaption: [Int] { captions.map(\.image) }

  /// Ranks everything.
  func ranks(hubness: HubnessCorrection?, countsTies: Bool = false) throws(RankingError) -> CrossModalRanks {
    try CrossModalRanks(
      images: images, captions: captionVectors, rows: captions.map(\.vector),
      imageOfCaption: captions.map(\.image), hubness: hubness, countsTies: countsTies)
  }

  /// Some images that stand together, and their captions; vectors are shared.
  func part(_ range: Range<Int>) -> EncodedSplit {
    EncodedSplit(
      images: images.rows(range), captionVectors: captionVectors,
      captions: captions.filter { range.contains($0.image) }.map {
        Caption(vector: $0.vector, row: $0.row, image: $0.image - range.lowerBound)
      })
  }

  /// The wanted images, whose vectors are copied, and of their captions those at wanted places.
  func filtered(images isWantedImage: [Bool], captions isWantedCaption: [Bool]) -> EncodedSplit {
    let wanted = (0..<images.rows).filter { isWantedImage[$0] }
    let vectors = Matrix(rows: wanted.count, columns: images.columns)
    var number = [Int?](repeating: nil, count: images.rows)
    for (new, old) in wanted.enumerated() {
      vectors.rows(new..<new + 1).assign(images.rows(old..<old + 1))
      number[old] = new
    }
    let rest = zip(captions, isWantedCaption).compactMap { caption, isWanted in
      number[caption.image].flatMap { image in
        isWanted ? Caption(vector: caption.vector, row: caption.row, image: image) : nil
      }
    }
    return EncodedSplit(images: vectors, captionVectors: captionVectors, captions: rest)
  }
}

extension EmbeddingNetwork {
  /// Encodes a split, or its first images: each image once, and each caption that has a word.
  ///
  /// - Parameter progress: told how far encoding is, from 0 to 1.
  func encode(
    _ split: DatasetSplit, captions: TokenizedCaptions, firstImages: Int?, progress: (Double) throws -> Void
  ) throws -> EncodedSplit {
    guard split.features.columnCount == configuration.imageDim else {
      throw DatasetError.widthsDiffer(
        found: split.features.columnCount, file: split.features.path, expected: configuration.imageDim,
        expectedBy: "the model")
    }
    let available = split.grouping.imageCount
    let images = min(firstImages ?? available, available)
    let rows = captions.includedRows.filter { split.grouping.imageOfCaption[$0] < images }
    guard !rows.isEmpty else { throw DatasetError.noCaption(captionFile: split.captions.path) }
    let sentenceVectors = try encode(captions, rows: rows) { done in
      try progress(Double(done) / Double(rows.count))
    }
    let imageVectors = try encode(split.features, rows: (0..<images).map { split.featureRow(ofImage: $0) })
    if let row = imageVectors.firstNonFiniteRow {
      throw EvaluationError.notFinite(path: split.features.path, row: split.featureRow(ofImage: row))
    }
    if let row = sentenceVectors.firstNonFiniteRow {
      throw EvaluationError.notFinite(path: split.captions.path, row: rows[row])
    }
    return EncodedSplit(
      images: imageVectors, captions: sentenceVectors, rows: rows,
      imageOfCaption: rows.map { split.grouping.imageOfCaption[$0] })
  }
}
