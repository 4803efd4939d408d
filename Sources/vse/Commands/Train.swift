import ArgumentParser
import DataFormats
import Foundation
import VisualSemanticEmbedding

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on captions and image features.",
    discussion: """
      The model with the best sum of recalls on the development set is kept in the output; beside it stand \
      NAME.checkpoint.safetensors, from which --resume goes on, and NAME.history.jsonl, a line for each scoring. \
      With --seeds each seed has files of its own, and --resume goes on with those that are not finished.

      --resume with more --epochs than before trains a finished run on. With --rate-schedule cosine, as the recipes \
      best and fast have it, the rate then jumps up from 0 to where the longer curve stands, and the scores fall before \
      they rise: a run that had these epochs from the start is better. For example:
        vse train --data f8k --output model.safetensors
        vse train --data f8k --output quick.safetensors --recipe fast
        vse train --data f8k --output kiros.safetensors --recipe kiros --seeds 3
        vse train --data f8k --output model.safetensors --resume
      """)

  @OptionGroup var training: TrainingArguments
  @OptionGroup var compute: ComputeOptions

  func run() throws {
    let precision = compute.apply(preferring: training.essentials.recipe.options.precision)
    let requests = try training.requests(precision: precision)
    // What must not be replaced is told before the first of them trains for hours.
    for request in requests.dropFirst() { try request.checkOutput() }
    for (index, request) in requests.enumerated() {
      if requests.count > 1 {
        Terminal.note("seed \(request.options.seed), \(index + 1) of \(requests.count): \(request.output)")
      }
      try train(request)
    }
    if training.essentials.seeds != nil { try showScores(of: requests.map(\.output)) }
  }

  private func train(_ request: Trainer.Request) throws {
    let trainer = try Trainer(request)
    Interruption.install()
    switch try trainer.run(shouldStop: { Interruption.isRequested }, report: show) {
    case .finished(let best):
      print(String(format: "%@: best sum of recalls on dev %.1f", request.output, best))
    case .interrupted(let update):
      Terminal.note("stopped after update \(update); go on with the same command and --resume")
      throw ExitCode(130)
    }
  }

  /// The scores on dev with which the models were kept, and their mean and deviation.
  private func showScores(of models: [String]) throws {
    let scored = try models.compactMap { path in
      try ModelFile.read(path).validation.map { (path: path, scores: $0.scores) }
    }
    guard !scored.isEmpty else { return }
    print("on dev, " + PerRecall<MeanAndDeviation>(of: scored.map(\.scores)).table(of: scored.count))
    for (path, scores) in scored { print("\(path): \(scores.line)") }
  }

  private func show(_ event: TrainingEvent) {
    switch event {
    case .started(let summary):
      Terminal.note(summary.text + " --threads \(compute.threadCount)")
    case .progressed(let progress): Terminal.progress(progress.line)
    case .validated(let record):
      Terminal.note(
        String(
          format: "dev after update %d (epoch %d): sum of recalls %.1f%@; cost %.2f, |gradient| %.2f\n%@",
          record.update, record.epoch, record.sumOfRecalls, record.isBest ? ", best so far, kept" : "",
          record.cost, record.gradientNorm, record.scores.table))
    case .checkpointed: break
    }
  }
}

extension TrainingSummary {
  fileprivate var text: String {
    var lines = [
      "train: \(counted(trainCaptions, "caption")) of \(counted(trainImages, "image")); dev: \(developmentCaptions) of "
        + "\(developmentImages); \(vocabularyWords) words, \(parameters) parameters, "
        + "\(updatesPerEpoch) updates an epoch"
    ]
    if emptyCaptions > 0 { lines.append("captions without a word, skipped: \(emptyCaptions)") }
    if tooLongCaptions > 0 {
      lines.append("captions of --max-length words or more, left out: \(tooLongCaptions)")
    }
    if resumedUpdates > 0 {
      lines.append(
        "resumed after update \(resumedUpdates)"
          + (bestScore.map { String(format: ", best sum of recalls so far %.1f", $0) } ?? ""))
    }
    if let coverage = wordVectorCoverage {
      lines.append(
        "word vectors: \(coverage.foundWords) of \(coverage.words) words are in \(options.wordVectors ?? "the file")"
          + (options.freezesWordVectors ? ", and stay as they are there" : ""))
    }
    if options.validatesEachEpoch { lines.append("dev is scored at the end of each epoch too") }
    let unknown = vocabularyWords + Int(options.tokenScheme.firstWord) - model.vocabularySize
    if options.rarestWordsAreUnknown, unknown > 0 {
      lines.append(
        "the \(unknown) rarest words read as unknown, as in the original")
    }
    if options.tokenScheme == .vsepp { lines.append("captions are wrapped in <start> and <end>") }
    lines.append("in force: \(options.commandLine)")
    return lines.joined(separator: "\n")
  }
}

extension TrainingProgress {
  /// The progress in one line.
  var line: String {
    String(
      format: "epoch %d/%d  update %d/%d  cost %.2f  %.0f captions/s  %@ left", epoch, epochs, update,
      updates,
      cost, captionsPerSecond, Terminal.duration(secondsLeft))
  }
}
