package import VisualSemanticEmbedding

/// What a page about a model shows: its scores on a split, and examples of what it retrieves.
package struct Gallery {
  /// The names of the model's file and of the dataset's folder.
  package var model: String
  package var dataset: String
  package var split: Dataset.Split
  package var scores: RankingScores
  package var intervals: PerRecall<ConfidenceInterval>
  package var bootstrap: Bootstrap
  /// The 0-based ranks of images that have a caption, and of captions.
  package var annotationRanks: [Int]
  package var searchRanks: [Int]
  /// How the model was trained, where that was noted.
  package var history: TrainingHistory?
  /// Where the retrieved captions come from.
  package var captionSource: CaptionSource
  /// Drawn at random.
  package var images: [ImageExample]
  package var sentences: [SentenceExample]
  /// Those whose right answers rank last, the last first.
  package var hardestImages: [ImageExample]
  package var hardestSentences: [SentenceExample]

  package init(
    model: String, dataset: String, split: Dataset.Split, scores: RankingScores,
    intervals: PerRecall<ConfidenceInterval>, bootstrap: Bootstrap, annotationRanks: [Int],
    searchRanks: [Int], history: TrainingHistory?, captionSource: CaptionSource, images: [ImageExample],
    sentences: [SentenceExample], hardestImages: [ImageExample], hardestSentences: [SentenceExample]
  ) {
    self.model = model
    self.dataset = dataset
    self.split = split
    self.scores = scores
    self.intervals = intervals
    self.bootstrap = bootstrap
    self.annotationRanks = annotationRanks
    self.searchRanks = searchRanks
    self.history = history
    self.captionSource = captionSource
    self.images = images
    self.sentences = sentences
    self.hardestImages = hardestImages
    self.hardestSentences = hardestSentences
  }

  /// Captions among which those for an image are looked for.
  package enum CaptionSource: Sendable, Equatable {
    /// So many of the train split.
    case train(Int)
    /// The split's own, as there is no train split.
    case split
  }
}
