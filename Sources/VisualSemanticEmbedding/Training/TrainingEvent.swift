/// What training reports while it runs.
public enum TrainingEvent: Sendable {
  /// Training begins, or goes on.
  case started(TrainingSummary)
  /// Some updates are done, as many as the request says.
  case progressed(TrainingProgress)
  /// The development set was scored.
  case validated(ValidationRecord)
  /// A checkpoint from which `--resume` goes on was written.
  case checkpointed(update: Int)
}

/// What training works on.
public struct TrainingSummary: Sendable {
  /// The options in force.
  public var options: TrainingOptions
  /// How the model is built.
  public var model: ModelConfiguration
  /// Images of the train split.
  public var trainImages: Int
  /// Captions of the train split that are trained on.
  public var trainCaptions: Int
  /// Train captions without a word, which are skipped.
  public var emptyCaptions: Int
  /// Train captions of `maximumLength` words or more, which are left out.
  public var tooLongCaptions: Int
  /// Images of the dev split.
  public var developmentImages: Int
  /// Captions of the dev split that are ranked.
  public var developmentCaptions: Int
  /// Words of the vocabulary.
  public var vocabularyWords: Int
  /// Numbers to be trained.
  public var parameters: Int
  /// Minibatches of an epoch.
  public var updatesPerEpoch: Int
  /// Updates already done by the run that this one resumes.
  public var resumedUpdates: Int
  /// The best sum of recalls of the run that this one resumes.
  public var bestScore: Double?
  /// Which words got vectors from a file; nil where none did, and for a resumed run.
  public var wordVectorCoverage: WordVectorCoverage?
}

/// Where training is.
public struct TrainingProgress: Sendable {
  /// Counted from 1.
  public var epoch: Int
  /// Epochs of the whole run.
  public var epochs: Int
  /// Updates done.
  public var update: Int
  /// Updates of the whole run.
  public var updates: Int
  /// The mean loss of a minibatch over the last updates.
  public var cost: Double
  /// Over the last updates.
  public var captionsPerSecond: Double
  /// At the mean rate of this run.
  public var secondsLeft: Double
}

/// One scoring of the development set: a line of the history.
public struct ValidationRecord: Sendable, Codable, Equatable {
  /// Counted from 1.
  public var epoch: Int
  /// Updates done.
  public var update: Int
  /// Mean over the updates since the last scoring: the loss of a minibatch,
  public var cost: Double
  /// the same with the weight decay's part,
  public var regularizedCost: Double
  /// and the joint norm of the gradients before clipping.
  public var gradientNorm: Double
  /// ‖θ‖₂.
  public var weightNorm: Double
  /// The rate in force.
  public var learningRate: Float
  /// Negatives of a row or column that count at most; nil for all, and where minibatches have so many tokens, whose
  /// numbers differ.
  public var countedNegatives: Int?
  /// The scale of the scores, where the loss learns one.
  public var scale: Float?
  /// The bias of the scores, where the loss learns one.
  public var bias: Float?
  /// The scores of the development set.
  public var scores: RankingScores
  /// By which the best model is chosen.
  public var sumOfRecalls: Double
  /// Whether this is the best model so far, and so the one that is kept.
  public var isBest: Bool

  enum CodingKeys: String, CodingKey {
    case epoch, update, cost
    case regularizedCost = "regularized_cost"
    case gradientNorm = "gradient_norm"
    case weightNorm = "weight_norm"
    case learningRate = "learning_rate"
    case countedNegatives = "counted_negatives"
    case scale, bias, scores
    case sumOfRecalls = "sum_of_recalls"
    case isBest = "is_best"
  }
}

/// How a run of training ended.
public enum TrainingOutcome: Sendable, Equatable {
  /// Trained to the end, or until there was no patience left; with the best sum of recalls.
  case finished(bestScore: Double)
  /// Stopped as asked, after writing a checkpoint.
  case interrupted(update: Int)
}
