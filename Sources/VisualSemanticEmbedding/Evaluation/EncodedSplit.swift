internal import Tensors

/// The vectors of a split, or of its first images, ready to be ranked.
struct EncodedSplit {
  /// [N, D].
  let images: Matrix
  /// [C, D].
  let captions: Matrix
  /// The row in the split of each caption, C of them, in order.
  let captionRows: [Int]
  /// The image of each caption.
  let imageOfCaption: [Int]

  /// Ranks everything.
  func ranks(hubness: HubnessCorrection?, countsTies: Bool = false) throws(RankingError) -> CrossModalRanks {
    try CrossModalRanks(
      images: images, captions: captions, imageOfCaption: imageOfCaption, hubness: hubness,
      countsTies: countsTies)
  }

  /// Some images that stand together, and their captions, by themselves; the captions are copied.
  func part(_ range: Range<Int>) -> EncodedSplit {
    EncodedSplit(
      images: images.rows(range), captions: captions, captionRows: captionRows,
      imageOfCaption: imageOfCaption.map { $0 - range.lowerBound }
    ).selectingCaptions { (0..<range.count).contains(imageOfCaption[$0] - range.lowerBound) }
  }

  /// The images and captions that are wanted, and no caption of another image; all are copied.
  func filtered(images isWanted: (Int) -> Bool, captions isWantedCaption: (Int) -> Bool) -> EncodedSplit {
    let rows = (0..<images.rows).filter(isWanted)
    var number = [Int?](repeating: nil, count: images.rows)
    for (new, old) in rows.enumerated() { number[old] = new }
    return EncodedSplit(
      images: images.gathering(rows), captions: captions, captionRows: captionRows,
      imageOfCaption: imageOfCaption.map { number[$0] ?? 0 }
    ).selectingCaptions { number[imageOfCaption[$0]] != nil && isWantedCaption($0) }
  }

  private func selectingCaptions(_ isWanted: (Int) -> Bool) -> EncodedSplit {
    let rows = captionRows.indices.filter(isWanted)
    return EncodedSplit(
      images: images, captions: captions.gathering(rows), captionRows: rows.map { captionRows[$0] },
      imageOfCaption: rows.map { imageOfCaption[$0] })
  }
}

extension Matrix {
  /// A matrix of some rows.
  fileprivate func gathering(_ index: [Int]) -> Matrix {
    let result = Matrix(rows: index.count, columns: columns)
    for (row, source) in index.enumerated() {
      result.rows(row..<row + 1).assign(rows(source..<source + 1))
    }
    return result
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
      images: imageVectors, captions: sentenceVectors, captionRows: rows,
      imageOfCaption: rows.map { split.grouping.imageOfCaption[$0] })
  }
}
