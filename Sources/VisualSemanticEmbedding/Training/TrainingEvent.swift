/// What training reports while it runs.
public enum TrainingEvent: Sendable {
  case started(TrainingSummary)
  case progressed(TrainingProgress)
  case validated(ValidationRecord)
  /// A checkpoint from which `--resume` goes on was written.
  case checkpointed(update: Int)
}

/// What training works on.
public struct TrainingSummary: Sendable {
  public var options: TrainingOptions
  public var model: ModelConfiguration
  public var trainImages: Int
  public var trainCaptions: Int
  public var emptyCaptions: Int
  public var tooLongCaptions: Int
  public var developmentImages: Int
  public var developmentCaptions: Int
  public var vocabularyWords: Int
  public var parameters: Int
  public var updatesPerEpoch: Int
  /// Updates already done by the run that this one resumes.
  public var resumedUpdates: Int
  public var bestScore: Double?
}

/// Where training is.
public struct TrainingProgress: Sendable {
  /// Counted from 1.
  public var epoch: Int
  public var epochs: Int
  public var update: Int
  public var updates: Int
  /// The mean ranking loss of a minibatch over the last updates.
  public var cost: Double
  public var captionsPerSecond: Double
  public var secondsLeft: Double
}

/// One scoring of the development set: a line of the history.
public struct ValidationRecord: Sendable, Codable, Equatable {
  /// Counted from 1.
  public var epoch: Int
  public var update: Int
  /// Mean over the updates since the last scoring: the ranking loss of a minibatch,
  public var cost: Double
  /// the same with the weight decay's part,
  public var regularizedCost: Double
  /// and the joint norm of the gradients before clipping.
  public var gradientNorm: Double
  /// ‖θ‖₂.
  public var weightNorm: Double
  public var learningRate: Float
  /// Negatives of a row or column that count at most; nil for all.
  public var countedNegatives: Int?
  public var scores: RankingScores
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
    case scores
    case sumOfRecalls = "sum_of_recalls"
    case isBest = "is_best"
  }
}

/// How a run of training ended.
public enum TrainingOutcome: Sendable, Equatable {
  case finished(bestScore: Double)
  /// Stopped as asked, after writing a checkpoint.
  case interrupted(update: Int)
}
