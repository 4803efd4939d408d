internal import DataFormats
public import Foundation
internal import Tensors

/// Why a split cannot be scored as asked.
public enum EvaluationError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  case tooManyFolds(folds: Int, images: Int)
  case notFinite(path: String, row: Int)

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .tooManyFolds(let folds, let images):
      "\(images) images cannot be scored in \(folds) folds; --folds must be from 1 to the number of images"
    case .notFinite(let path, let row):
      "\(quoted(path)), row \(row): its vector is NaN or infinite; the model is broken, or numbers of the "
        + "features are too large: scale them"
    }
  }
}

/// How a split is scored.
public struct EvaluationOptions: Sendable, Equatable {
  /// Score this many equal parts of the images by themselves, and give the mean: 5 for "COCO 1K".
  public var folds = 1
  /// Score the first so many images only.
  public var firstImages: Int?

  /// All images at once, unless told otherwise.
  public init(folds: Int = 1, firstImages: Int? = nil) {
    self.folds = folds
    self.firstImages = firstImages
  }
}

/// The scores of a model on a split.
public struct EvaluationReport: Sendable, Equatable {
  /// What was scored.
  public var split: Dataset.Split
  /// Of all images, or the mean of the folds.
  public var scores: RankingScores
  /// The folds, where there is more than one.
  public var folds: [RankingScores]
  /// Captions without a word, which are skipped.
  public var emptyCaptions: Int
  /// Words of the scored captions that the model does not know.
  public var unknownWords: Int
}

extension EmbeddingModel {
  /// Scores the model on a split: recall and rank, both ways.
  ///
  /// - Parameter progress: told how far encoding is, from 0 to 1; what it throws stops the evaluation.
  /// - Throws: `EvaluationError`, `DatasetError`, and what reading features throws.
  public func evaluate(
    on split: DatasetSplit, options: EvaluationOptions = EvaluationOptions(),
    progress: (Double) throws -> Void = { _ in }
  ) throws -> EvaluationReport {
    let captions = TokenizedCaptions(split.captions, vocabulary: vocabulary)
    return try network.evaluate(on: split, captions: captions, options: options, progress: progress)
  }
}

extension EmbeddingNetwork {
  func evaluate(
    on split: DatasetSplit, captions: TokenizedCaptions, options: EvaluationOptions,
    progress: (Double) throws -> Void
  ) throws -> EvaluationReport {
    guard split.features.columnCount == configuration.imageDim else {
      throw DatasetError.widthsDiffer(
        found: split.features.columnCount, file: split.features.path, expected: configuration.imageDim,
        expectedBy: "the model")
    }
    let available = split.grouping.imageCount
    let images = min(options.firstImages ?? available, available)
    guard images > 0, options.folds > 0, options.folds <= images else {
      throw EvaluationError.tooManyFolds(folds: options.folds, images: images)
    }
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
    let imageOfCaption = rows.map { split.grouping.imageOfCaption[$0] }
    let folds = try Self.scores(
      images: imageVectors, captions: sentenceVectors, imageOfCaption: imageOfCaption, folds: options.folds)
    return EvaluationReport(
      split: split.name, scores: RankingScores(meanOf: folds), folds: folds.count > 1 ? folds : [],
      emptyCaptions: captions.emptyCount, unknownWords: captions.unknownWordCount)
  }

  /// Scores equal parts of the images by themselves.
  private static func scores(
    images: Matrix, captions: Matrix, imageOfCaption: [Int], folds: Int
  ) throws -> [RankingScores] {
    if folds == 1 {
      return [
        RankingScores(try CrossModalRanks(images: images, captions: captions, imageOfCaption: imageOfCaption))
      ]
    }
    return try (0..<folds).map { fold in
      let range = images.rows * fold / folds..<images.rows * (fold + 1) / folds
      let rows = imageOfCaption.indices.filter { range.contains(imageOfCaption[$0]) }
      let part = Matrix(rows: rows.count, columns: captions.columns)
      for (row, caption) in rows.enumerated() {
        part.rows(row..<row + 1).assign(captions.rows(caption..<caption + 1))
      }
      let ranks = try CrossModalRanks(
        images: images.rows(range), captions: part,
        imageOfCaption: rows.map { imageOfCaption[$0] - range.lowerBound })
      return RankingScores(ranks)
    }
  }
}

extension RankingScores {
  /// The mean of folds; of one, itself.
  init(meanOf folds: [RankingScores]) {
    precondition(!folds.isEmpty, "no fold")
    self =
      folds.count == 1
      ? folds[0]
      : RankingScores(
        annotation: RetrievalScores(meanOf: folds.map(\.annotation)),
        search: RetrievalScores(meanOf: folds.map(\.search)), images: folds.reduce(0) { $0 + $1.images },
        captions: folds.reduce(0) { $0 + $1.captions })
  }
}
