internal import Tensors

extension EmbeddingModel {
  /// Scores the model on a split and says how far the scores can be trusted.
  ///
  /// - Parameters:
  ///   - split: images and captions, all of which are scored together.
  ///   - train: the split that the model was trained on, to be compared with this one.
  ///   - options: with one fold.
  ///   - bootstrap: how the images are resampled.
  ///   - progress: told how far encoding is, from 0 to 1; what it throws stops the work.
  /// - Throws: `EvaluationError`, `DatasetError`, and what reading features throws.
  public func trustReport(
    on split: DatasetSplit, train: DatasetSplit?, options: EvaluationOptions = EvaluationOptions(),
    bootstrap: Bootstrap = Bootstrap(), progress: (Double) throws -> Void = { _ in }
  ) throws -> TrustReport {
    precondition(options.folds == 1, "a report has folds of its own")
    let tokens = TokenizedCaptions(split.captions, vocabulary: vocabulary)
    let encoded = try network.encode(
      split, captions: tokens, firstImages: options.firstImages, progress: progress)
    let ranks = try encoded.ranks(hubness: options.hubness, countsTies: true)
    let fingerprints = SplitFingerprints(
      split, images: encoded.images.rows, captionRows: encoded.captionRows)
    return TrustReport(
      evaluation: EvaluationReport(
        split, encoded: encoded, captions: tokens, hubness: options.hubness, scores: RankingScores(ranks)),
      intervals: bootstrap.intervals(RecallCounts(ranks, imageOfCaption: encoded.imageOfCaption)),
      bootstrap: bootstrap,
      thousandImageFolds: try .init(encoded, hubness: options.hubness),
      repetitions: try .init(encoded, fingerprints: fingerprints, hubness: options.hubness),
      trainOverlap: train.map { .init(fingerprints, train: SplitFingerprints($0)) },
      vocabulary: .init(tokens, rows: encoded.captionRows),
      searchByLength: TrustReport.LengthScores.all(
        ranks: ranks.search, lengths: encoded.captionRows.map { Int(tokens.lengths[$0]) }),
      ties: ranks.ties ?? .init(annotation: 0, search: 0))
  }
}

extension TrustReport.ThousandImageFolds {
  /// nil unless there are more than 1000 images.
  fileprivate init?(_ split: EncodedSplit, hubness: HubnessCorrection?) throws(RankingError) {
    let size = 1000
    let images = split.images.rows
    guard images > size else { return nil }
    let scores = try split.scores(
      of: (0..<images / size).map { $0 * size..<($0 + 1) * size }, hubness: hubness)
    mean = ScoreRecord(RankingScores(meanOf: scores))
    folds = scores.map { ScoreRecord($0) }
    imagesLeftOut = images % size
  }
}

extension TrustReport.Repetitions {
  fileprivate init(
    _ split: EncodedSplit, fingerprints: SplitFingerprints, hubness: HubnessCorrection?
  ) throws(RankingError) {
    let imageIsRepeated = fingerprints.images.repeatsEarlier
    let captionIsRepeated = fingerprints.captions.repeatsEarlier
    /// A caption of an image.
    struct Own: Hashable {
      var image: Int
      var caption: UInt64
    }
    let repeatsOwn = zip(split.imageOfCaption, fingerprints.captions).map(Own.init).repeatsEarlier
    images = imageIsRepeated.count { $0 }
    captions = captionIsRepeated.count { $0 }
    captionsOfOtherImages = zip(captionIsRepeated, repeatsOwn).count { $0 && !$1 }
    guard images + captions > 0 else { return }
    // The first of the captions whose images stay.
    var seen: Set<UInt64> = []
    let rest = split.filtered(
      images: imageIsRepeated.map { !$0 },
      captions: zip(split.imageOfCaption, fingerprints.captions).map {
        !imageIsRepeated[$0] && seen.insert($1).inserted
      })
    scoresWithout = ScoreRecord(RankingScores(try rest.ranks(hubness: hubness)))
  }
}

extension TrustReport.TrainOverlap {
  fileprivate init(_ split: SplitFingerprints, train: SplitFingerprints) {
    let (trainImages, trainCaptions) = (Set(train.images), Set(train.captions))
    images = split.images.count { trainImages.contains($0) }
    captions = split.captions.count { trainCaptions.contains($0) }
  }
}

extension TrustReport.VocabularyUse {
  fileprivate init(_ captions: TokenizedCaptions, rows: [Int]) {
    let unknowns = rows.map { captions.unknownWordCount(ofRow: $0) }
    words = rows.reduce(0) { $0 + Int(captions.lengths[$1]) }
    unknown = unknowns.reduce(0, +)
    unknownShare = Double(unknown) / Double(words)
    captionsWithUnknown = unknowns.count { $0 > 0 }
  }
}

extension TrustReport.LengthScores {
  /// The first numbers of words of each group.
  private static let minima = [1, 7, 10, 13, 16, 21]

  /// The groups that have captions, in order.
  fileprivate static func all(ranks: [Int], lengths: [Int]) -> [Self] {
    minima.indices.compactMap { group in
      let maximum = group + 1 < minima.count ? minima[group + 1] - 1 : nil
      let ranks = zip(ranks, lengths).filter { minima[group]...(maximum ?? .max) ~= $1 }.map(\.0)
      guard !ranks.isEmpty else { return nil }
      let scores = RetrievalScores(ranks: ranks)
      return Self(
        minimumWords: minima[group], maximumWords: maximum, captions: ranks.count, r1: scores.r1,
        r5: scores.r5, r10: scores.r10)
    }
  }
}
