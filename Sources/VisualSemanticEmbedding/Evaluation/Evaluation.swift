internal import DataFormats
internal import Tensors

/// How a split is scored.
public struct EvaluationOptions: Sendable, Equatable {
  /// Score this many equal parts of the images by themselves, and give the mean: 5 for "COCO 1K".
  public var folds = 1
  /// Score the first so many images only.
  public var firstImages: Int?
  /// Correct scores for hubs, each fold by its own images and captions.
  public var hubness: HubnessCorrection?

  /// All images at once and scores as they are, unless told otherwise.
  public init(folds: Int = 1, firstImages: Int? = nil, hubness: HubnessCorrection? = nil) {
    self.folds = folds
    self.firstImages = firstImages
    self.hubness = hubness
  }
}

/// The scores of a model on a split.
public struct EvaluationReport: Sendable, Equatable {
  /// What was scored.
  public var split: Dataset.Split
  /// The correction that the scores have.
  public var hubness: HubnessCorrection?
  /// Of all images, or the mean of the folds.
  public var scores: RankingScores
  /// The folds, where there is more than one.
  public var folds: [RankingScores]
  /// Captions of the scored images without a word, which are skipped.
  public var emptyCaptions: Int
  /// Words of the scored captions that the model does not know.
  public var unknownWords: Int
}

extension EmbeddingModel {
  /// Scores the model on a split: recall and rank, both ways.
  ///
  /// - Parameters:
  ///   - split: images and captions, which were best not trained on.
  ///   - options: which images are scored and how.
  ///   - progress: told how far encoding is, from 0 to 1; what it throws stops the evaluation.
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
    let images = min(options.firstImages ?? .max, split.grouping.imageCount)
    guard images > 0, options.folds > 0, options.folds <= images else {
      throw EvaluationError.tooManyFolds(folds: options.folds, images: images)
    }
    let encoded = try encode(split, captions: captions, firstImages: images, progress: progress)
    let folds = try encoded.scores(folds: options.folds, hubness: options.hubness)
    return EvaluationReport(
      split, encoded: encoded, captions: captions, hubness: options.hubness,
      scores: RankingScores(meanOf: folds), folds: folds.count > 1 ? folds : [])
  }
}

extension EvaluationReport {
  /// The report of the images that were encoded, all of the split or its first, and of their captions alone.
  init(
    _ split: DatasetSplit, encoded: EncodedSplit, captions: TokenizedCaptions, hubness: HubnessCorrection?,
    scores: RankingScores, folds: [RankingScores] = []
  ) {
    let rows = encoded.captionRows
    let captionsOfImages = split.grouping.imageOfCaption.count { $0 < encoded.images.rows }
    self.init(
      split: split.name, hubness: hubness, scores: scores, folds: folds,
      emptyCaptions: captionsOfImages - rows.count,
      unknownWords: rows.reduce(0) { $0 + captions.unknownWordCount(ofRow: $1) })
  }

  /// What was scored, in a few words.
  fileprivate var setDescription: String { scores.setDescription(of: split) }
}

extension RankingScores {
  /// What was scored, in a few words.
  func setDescription(of split: Dataset.Split) -> String {
    "\(counted(images, "image")) with \(counted(captions, "caption")) of \(split.rawValue)"
  }
}

extension PerRecall<MeanAndDeviation> {
  /// The recalls of several models, at least one, on the same images and captions.
  /// - Throws: `EvaluationError.splitsDiffer` when one was scored on others.
  public init(of reports: [EvaluationReport]) throws(EvaluationError) {
    precondition(!reports.isEmpty, "no report")
    for report in reports where report.setDescription != reports[0].setDescription {
      throw .splitsDiffer(first: reports[0].setDescription, second: report.setDescription)
    }
    self.init(of: reports.map(\.scores))
  }
}

extension EncodedSplit {
  /// Scores equal parts of the images by themselves.
  fileprivate func scores(folds: Int, hubness: HubnessCorrection?) throws(RankingError) -> [RankingScores] {
    guard folds > 1 else { return [RankingScores(try ranks(hubness: hubness))] }
    return try scores(
      of: (0..<folds).map { images.rows * $0 / folds..<images.rows * ($0 + 1) / folds }, hubness: hubness)
  }

  /// Scores parts of the images by themselves.
  func scores(of ranges: [Range<Int>], hubness: HubnessCorrection?) throws(RankingError) -> [RankingScores] {
    var scores: [RankingScores] = []
    for range in ranges { scores.append(RankingScores(try part(range).ranks(hubness: hubness))) }
    return scores
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
