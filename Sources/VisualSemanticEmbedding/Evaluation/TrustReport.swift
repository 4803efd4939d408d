/// How far the scores of a model on a split can be trusted.
///
/// As JSON (`vse evaluate --report`) its members stand beside the scores, with their names in snake_case:
///
/// | key | is |
/// | --- | --- |
/// | `intervals` | for `annotation` and `search` `r1`, `r5`, `r10`, and for `sum_of_recalls`: `low` and `high`, 95% |
/// | `bootstrap` | the number of `resamples` and their `seed` |
/// | `thousand_image_folds` | `folds`, scores of 1000 images each, their `mean`, and `images_left_out`; only where there are more than 1000 images |
/// | `repetitions` | the number of `images` and `captions` that equal an earlier one, of these `captions_of_other_images`, and the `scores_without` them, if there are any |
/// | `train_overlap` | the number of `images` and `captions` that stand in the train split too; only where there is one |
/// | `vocabulary` | `words` of the scored captions, how many are `unknown` to the model, their `unknown_share`, and `captions_with_unknown` |
/// | `search_by_length` | for captions of `minimum_words` to `maximum_words` (the last has no maximum): the number of `captions`, and `r1`, `r5`, `r10` |
/// | `ties` | the number of queries, `annotation` and `search`, with a wrong answer that scores exactly as their right one |
public struct TrustReport: Sendable, Encodable {
  /// The scores themselves, of all images together.
  public var evaluation: EvaluationReport
  /// Where 95% of the resampled recalls lie.
  public var intervals: PerRecall<ConfidenceInterval>
  /// How the images were resampled.
  public var bootstrap: Bootstrap
  /// Scores of 1000 images at a time; nil unless there are more.
  public var thousandImageFolds: ThousandImageFolds?
  /// What stands more than once in the split.
  public var repetitions: Repetitions
  /// What stands in the train split too; nil where none was given.
  public var trainOverlap: TrainOverlap?
  /// How well the model knows the words of the captions.
  public var vocabulary: VocabularyUse
  /// Recalls of search by the number of a caption's words, short ones first.
  public var searchByLength: [LengthScores]
  /// Queries with a wrong answer that scores exactly as their right one.
  public var ties: CrossModalRanks.Ties

  private enum CodingKeys: String, CodingKey {
    case intervals, bootstrap, thousandImageFolds, repetitions, trainOverlap, vocabulary, searchByLength, ties
  }

  /// Scores of 1000 images at a time, from the first on.
  public struct ThousandImageFolds: Sendable, Encodable {
    /// The mean of the folds.
    public var mean: ScoreRecord
    /// The scores of each fold.
    public var folds: [ScoreRecord]
    /// The last images, which do not fill a fold.
    public var imagesLeftOut: Int
  }

  /// What stands more than once in the split.
  public struct Repetitions: Sendable, Encodable {
    /// Images whose features equal an earlier image's.
    public var images: Int
    /// Captions whose words equal an earlier caption's.
    public var captions: Int
    /// Those of them that equal no earlier caption of their own image.
    public var captionsOfOtherImages: Int
    /// The scores when only the first of each stays, images with their captions; nil where nothing is repeated.
    public var scoresWithout: ScoreRecord?
  }

  /// What stands in the train split too.
  public struct TrainOverlap: Sendable, Equatable, Encodable {
    /// Images with equal features.
    public var images: Int
    /// Captions with equal words.
    public var captions: Int
  }

  /// How well the model knows the words of the scored captions.
  public struct VocabularyUse: Sendable, Equatable, Encodable {
    /// Words of the scored captions, each as often as it stands there.
    public var words: Int
    /// How many of them the model does not know.
    public var unknown: Int
    /// `unknown` / `words`.
    public var unknownShare: Double
    /// Captions with a word that the model does not know.
    public var captionsWithUnknown: Int
  }

  /// The recalls of search of captions of some lengths.
  public struct LengthScores: Sendable, Equatable, Encodable {
    /// The fewest words of these captions.
    public var minimumWords: Int
    /// The most words; nil for any number from the minimum on.
    public var maximumWords: Int?
    /// How many captions there are.
    public var captions: Int
    /// R@1 of search, in percent.
    public var r1: Double
    /// R@5 of search, in percent.
    public var r5: Double
    /// R@10 of search, in percent.
    public var r10: Double
  }
}

/// Scores with their sum of recalls, as JSON has them.
public struct ScoreRecord: Sendable, Equatable, Encodable {
  /// Image annotation: an image is the query, captions are ranked.
  public var annotation: RetrievalScores
  /// Image search: a caption is the query, images are ranked.
  public var search: RetrievalScores
  /// The sum of the six recalls.
  public var sumOfRecalls: Double
  /// The number of images, N.
  public var images: Int
  /// The number of captions that were ranked, C.
  public var captions: Int

  /// The same scores.
  public init(_ scores: RankingScores) {
    annotation = scores.annotation
    search = scores.search
    sumOfRecalls = scores.sumOfRecalls
    images = scores.images
    captions = scores.captions
  }

  /// The same scores.
  public var scores: RankingScores {
    RankingScores(annotation: annotation, search: search, images: images, captions: captions)
  }
}
