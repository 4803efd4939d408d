internal import Foundation
internal import Tensors

/// Trains a model on a dataset, keeps the best by the development set, and can go on after any interruption.
public final class Trainer {
  /// What to train, on what, and where to keep it.
  public struct Request: Sendable {
    /// What decides the outcome.
    public var options: TrainingOptions
    /// Has the splits train and dev; its number of crops is that of the options.
    public var dataset: Dataset
    /// The model's file; the checkpoint and the history stand beside it.
    public var output: String
    /// The vocabulary, when it is not built from the captions.
    public var vocabularyFile: String?
    /// A model to take the weights from.
    public var initialModel: String?
    /// A text file of word vectors to start from; see `WordVectorFile`.
    public var wordVectorFile: String?
    /// Go on from the checkpoint of an interrupted run.
    public var resumes = false
    /// Replace a model or an interrupted run that is there.
    public var overwrites = false
    /// Report progress every so many updates.
    public var reportEvery = 10

    /// A fresh run that replaces nothing.
    public init(options: TrainingOptions, dataset: Dataset, output: String) {
      self.options = options
      self.dataset = dataset
      self.output = output
    }
  }

  let request: Request
  let options: TrainingOptions
  let data: TrainingData
  let step: TrainingStep
  /// The network that is scored and kept: that of the step, or the average of its weights.
  let scoredNetwork: EmbeddingNetwork
  let history: HistoryFile
  var position: Checkpoint
  var generator: SeededRandomNumberGenerator
  var minibatches: any MinibatchOrder
  private let features = ScratchMatrix()
  private let resumedUpdates: Int
  private let wordVectorCoverage: WordVectorCoverage?

  private var network: EmbeddingNetwork { step.network }
  private var checkpointPath: String { Checkpoint.path(forModel: request.output) }

  /// Opens the data and prepares the model: drawn from the seed, loaded from another model, or taken from a
  /// checkpoint. Nothing is written yet but an empty history.
  /// - Throws: a one-line error for options out of range, data that is broken or does not match, an output
  ///   that must not be replaced or cannot be written, and a checkpoint that does not fit.
  public init(_ request: Request) throws {
    try request.options.check()
    self.request = request
    let start = try TrainingStart(request)
    options = start.options
    data = start.data
    step = start.step
    scoredNetwork = start.scoredNetwork
    generator = start.generator
    position = start.position
    minibatches = options.minibatches(lengths: data.trainTokens.lengths)
    resumedUpdates = position.update
    wordVectorCoverage = start.wordVectorCoverage
    history = try HistoryFile(path: Checkpoint.historyPath(forModel: request.output))
    if !request.resumes {
      // What an earlier run left beside the model is not this run's.
      try? FileManager.default.removeItem(atPath: checkpointPath)
    }
    try history.keep(byteCount: position.historyBytes)
  }

  /// What will be trained on what.
  public var summary: TrainingSummary {
    TrainingSummary(
      options: options, model: network.configuration, trainImages: data.train.grouping.imageCount,
      trainCaptions: data.trainTokens.includedCount, emptyCaptions: data.trainTokens.emptyCount,
      tooLongCaptions: data.trainTokens.tooLongCount,
      developmentImages: data.development.grouping.imageCount,
      developmentCaptions: data.developmentTokens.includedCount, vocabularyWords: data.vocabulary.wordCount,
      parameters: network.parameters.layout.parameterCount, updatesPerEpoch: minibatches.batchesPerEpoch,
      resumedUpdates: resumedUpdates, bestScore: position.bestScore, wordVectorCoverage: wordVectorCoverage)
  }

  /// Trains to the last epoch, until there is no patience left, or until `shouldStop` says so: between two
  /// updates or during a scoring, which is then done on resuming.
  ///
  /// Stopping, and every scoring that is a while after the last, writes a checkpoint; the same request with
  /// `resumes` then goes on as if nothing had happened.
  /// - Throws: `TrainingError.diverged` when the loss is not finite, and what reading and writing files throw.
  public func run(
    shouldStop: () -> Bool = { false }, report: (TrainingEvent) -> Void = { _ in }
  ) throws -> TrainingOutcome {
    do {
      return try train(shouldStop: shouldStop, report: report)
    } catch is StopRequest {
      try writeCheckpoint(report)
      return .interrupted(update: position.update)
    } catch is OutOfPatience {
      try writeCheckpoint(report)
      return .finished(bestScore: position.bestScore ?? 0)
    }
  }

  /// Thrown where `shouldStop` said so; the position is one to go on from.
  private struct StopRequest: Error {}
  /// Thrown after a scoring that left no patience.
  private struct OutOfPatience: Error {}

  private func train(
    shouldStop: () -> Bool, report: (TrainingEvent) -> Void
  ) throws -> TrainingOutcome {
    func validate() throws { try self.validate(shouldStop: shouldStop, report: report) }
    report(.started(summary))
    // From the first moment on there is something to resume from.
    if position.update == 0 { try writeCheckpoint(report) }
    var meter = ProgressMeter(updates: minibatches.batchesPerEpoch * options.epochs, done: position.update)
    while !position.isFinished {
      position.generator = generator.words
      minibatches.startEpoch(using: &generator)
      try minibatches.skip(toBatch: position.batchesDone)
      // A scoring that was stopped: sums since the last one are kept until it is done.
      if position.totals.updates > 0, position.update % options.validateEvery == 0 { try validate() }
      while let rows = minibatches.next() {
        if shouldStop() { throw StopRequest() }
        try update(rows, meter: &meter)
        if position.update % request.reportEvery == 0 {
          report(.progressed(meter.report(position, options: options)))
        }
        if position.update % options.validateEvery == 0 {
          try validate()
          if meter.isCheckpointDue {
            try writeCheckpoint(report)
            meter.checkpointWritten()
          }
        }
      }
      // The last updates count too, and a run shorter than one interval must leave a model.
      let isLast = position.epoch + 1 == options.epochs
      if options.validatesEachEpoch || isLast, position.totals.updates > 0 { try validate() }
      position.epoch += 1
      position.batchesDone = 0
      position.generator = generator.words
      if position.epoch < options.epochs {
        try writeCheckpoint(report)
        meter.checkpointWritten()
      }
    }
    try writeCheckpoint(report)
    return .finished(bestScore: position.bestScore ?? 0)
  }

  /// The terms of the loss that count at the current position, in a minibatch of `captions`.
  private func contrastiveTerms(captions: Int) -> ContrastiveTerms {
    options.contrastiveTerms(
      at: Double(position.epoch) + Double(position.batchesDone) / Double(minibatches.batchesPerEpoch),
      captions: captions)
  }

  /// The rate of an update, counted from 0.
  private func learningRate(update: Int) -> Float {
    options.learningRate(update: update, updatesPerEpoch: minibatches.batchesPerEpoch)
  }

  private func update(_ rows: [Int], meter: inout ProgressMeter) throws {
    // All that is random in an update follows from its number, so that a resumed run needs no more to go on.
    var generator = SeededRandomNumberGenerator(seed: options.seed, stream: UInt64(position.update))
    let result = step.update(
      try data.minibatch(rows, options: options, scratch: features, generator: &generator),
      terms: contrastiveTerms(captions: rows.count),
      rate: learningRate(update: position.update), generator: &generator)
    position.update += 1
    position.batchesDone += 1
    guard result.gradientNorm.isFinite else { throw diverged }
    position.totals.add(result)
    meter.add(captions: rows.count, cost: result.cost)
  }

  /// What stops training when the last update saw or made numbers that are not finite.
  private var diverged: TrainingError {
    .diverged(
      update: position.update, epoch: position.epoch + 1, model: request.output,
      hasModel: position.bestScore != nil)
  }

  /// Scores the development set, keeps the model when it is the best, and adds a line to the history.
  private func validate(shouldStop: () -> Bool, report: (TrainingEvent) -> Void) throws {
    if scoredNetwork !== network { scoredNetwork.parametersChanged() }
    let scores: RankingScores
    do {
      scores = try scoredNetwork.evaluate(
        on: data.development, captions: data.developmentTokens, options: EvaluationOptions(),
        progress: { _ in if shouldStop() { throw StopRequest() } }
      ).scores
    } catch EvaluationError.notFinite {
      throw diverged
    }
    let isBest = position.bestScore.map { scores.sumOfRecalls > $0 } ?? true
    let record = validationRecord(scores, isBest: isBest)
    if isBest {
      try ModelFile.write(
        EmbeddingModel(
          network: scoredNetwork, vocabulary: data.vocabulary, training: options, validation: record),
        to: request.output)
      position.bestScore = scores.sumOfRecalls
    }
    position.scoringsWithoutGain = isBest ? nil : (position.scoringsWithoutGain ?? 0) + 1
    try history.append(ModelFile.json(record))
    position.historyBytes = history.byteCount
    position.totals = Checkpoint.Totals()
    report(.validated(record))
    if position.isOutOfPatience { throw OutOfPatience() }
  }

  private func validationRecord(_ scores: RankingScores, isBest: Bool) -> ValidationRecord {
    let totals = position.totals
    let count = Double(max(totals.updates, 1))
    var counted: Int?
    if options.batchTokens == 0, case .hardest(let number) = contrastiveTerms(captions: options.batchSize) {
      counted = number
    }
    return ValidationRecord(
      epoch: position.epoch + 1, update: position.update, cost: totals.cost / count,
      regularizedCost: (totals.cost + totals.regularization) / count,
      gradientNorm: totals.gradientNorm / count,
      weightNorm: network.parameters.sumOfSquares.squareRoot(),
      learningRate: learningRate(update: max(position.update - 1, 0)), countedNegatives: counted,
      scale: step.objective.scale(network.parameters), bias: step.objective.bias(network.parameters),
      scores: scores, sumOfRecalls: scores.sumOfRecalls, isBest: isBest)
  }

  private func writeCheckpoint(_ report: (TrainingEvent) -> Void) throws {
    try position.write(
      parameters: network.parameters, optimizer: step.optimizer, vocabulary: data.vocabulary,
      frozenWords: step.frozenWords, to: checkpointPath)
    report(.checkpointed(update: position.update))
  }
}

extension Checkpoint.Totals {
  mutating func add(_ step: StepReport) {
    updates += 1
    cost += step.cost
    regularization += step.regularization
    gradientNorm += step.gradientNorm
  }
}
