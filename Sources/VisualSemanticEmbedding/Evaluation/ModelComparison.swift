/// Two models on the same split, and whether their scores differ by more than chance.
public struct ModelComparison: Sendable {
  /// What was scored.
  public var split: Dataset.Split
  /// The correction that all scores have.
  public var hubness: HubnessCorrection?
  /// The scores of the first and of the second model.
  public var scores: (first: RankingScores, second: RankingScores)
  /// The second model's less the first's.
  public var differences: PerRecall<ScoreDifference>
  /// How they were resampled.
  public var bootstrap: Bootstrap

  /// Which model has the larger sum of recalls.
  public enum Verdict: String, Sendable, Codable {
    /// The first.
    case first
    /// The second.
    case second
    /// The interval of the difference has 0 in it, or resamples are too few to tell.
    case undecided
  }

  /// By the 95% interval of the difference of the sums of recalls, where p is below 5%: of few resamples all may
  /// lie on one side by chance.
  public var verdict: Verdict {
    let sum = differences.sumOfRecalls
    guard sum.pValue < 0.05 else { return .undecided }
    let (interval, rounding) = (sum.interval, ScoreDifference.rounding)
    return interval.low > rounding ? .second : interval.high < -rounding ? .first : .undecided
  }

  /// Compares two models that were scored by `EmbeddingModel.outcome(on:options:progress:)`.
  /// - Throws: `EvaluationError.splitsDiffer` when it was not on the same images and captions.
  public init(_ first: EvaluationOutcome, _ second: EvaluationOutcome, bootstrap: Bootstrap = Bootstrap())
    throws
  {
    guard first.isOfSameSet(as: second) else {
      throw EvaluationError.splitsDiffer(first: first.setDescription, second: second.setDescription)
    }
    split = first.split
    hubness = first.hubness
    scores = (first.scores, second.scores)
    differences = bootstrap.differences(first.counts, second.counts)
    self.bootstrap = bootstrap
  }
}

/// How a model did on each image of a split, kept so that it can be compared with another.
public struct EvaluationOutcome: Sendable {
  let split: Dataset.Split
  let hubness: HubnessCorrection?
  let imageOfCaption: [Int]
  let counts: RecallCounts
  /// The scores of all images together.
  public let scores: RankingScores

  init(
    split: Dataset.Split, hubness: HubnessCorrection?, ranks: CrossModalRanks, imageOfCaption: [Int]
  ) {
    self.split = split
    self.hubness = hubness
    self.imageOfCaption = imageOfCaption
    counts = RecallCounts(ranks, imageOfCaption: imageOfCaption)
    scores = RankingScores(ranks)
  }

  fileprivate func isOfSameSet(as other: EvaluationOutcome) -> Bool {
    split == other.split && hubness == other.hubness && imageOfCaption == other.imageOfCaption
      && scores.images == other.scores.images
  }

  fileprivate var setDescription: String { scores.setDescription(of: split) }
}

extension EmbeddingModel {
  /// Scores the model on all images of a split together, or on its first, for a comparison.
  ///
  /// - Throws: as `evaluate(on:options:progress:)`; `folds` must be 1.
  public func outcome(
    on split: DatasetSplit, options: EvaluationOptions = EvaluationOptions(),
    progress: (Double) throws -> Void = { _ in }
  ) throws -> EvaluationOutcome {
    precondition(options.folds == 1, "models are compared on all images together")
    let encoded = try network.encode(
      split, captions: TokenizedCaptions(split.captions, vocabulary: vocabulary),
      firstImages: options.firstImages, progress: progress)
    return EvaluationOutcome(
      split: split.name, hubness: options.hubness, ranks: try encoded.ranks(hubness: options.hubness),
      imageOfCaption: encoded.imageOfCaption)
  }
}
