import ArgumentParser
import Foundation
import VisualSemanticEmbedding

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model on captions and image features.",
    discussion: """
      The model with the best sum of recalls on the development set is kept in the output; beside it stand \
      NAME.checkpoint.safetensors, from which --resume goes on, and NAME.history.jsonl, a line for each scoring.
      """)

  @OptionGroup var training: TrainingArguments
  @OptionGroup var compute: ComputeOptions

  func run() throws {
    let precision = compute.apply()
    let request = try training.request(precision: precision)
    let trainer = try Trainer(request)
    Interruption.install()
    let outcome = try trainer.run(shouldStop: { Interruption.isRequested }, report: show)
    switch outcome {
    case .finished(let best):
      print(String(format: "%@: best sum of recalls on dev %.1f", training.output, best))
    case .interrupted(let update):
      Terminal.note("stopped after update \(update); go on with the same command and --resume")
      throw ExitCode(130)
    }
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
      "train: \(trainCaptions) captions of \(trainImages) images; dev: \(developmentCaptions) of "
        + "\(developmentImages); \(vocabularyWords) words, \(parameters) parameters, "
        + "\(updatesPerEpoch) updates an epoch"
    ]
    if emptyCaptions > 0 { lines.append("\(emptyCaptions) captions without a word were skipped") }
    if tooLongCaptions > 0 {
      lines.append("\(tooLongCaptions) captions of --max-length words or more were left out")
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
    if options.rarestWordsAreUnknown {
      lines.append(
        "the \(vocabularyWords + 2 - model.vocabularySize) rarest words read as unknown, as in the original")
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
