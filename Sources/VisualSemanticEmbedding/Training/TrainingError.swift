public import Foundation

/// Why training did not start or did not go on.
public enum TrainingError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// What is at the output's place is no model and is left alone.
  case outputIsNotAModel(path: String)
  /// A model is at the output's place.
  case outputExists(path: String)
  /// An unfinished run is there, which can be gone on with.
  case interruptedRunExists(checkpoint: String)
  /// The checkpoint of a finished run is there.
  case finishedRunExists(checkpoint: String)
  /// Another process is training to the same place.
  case runInProgress(history: String)
  /// The model does not fit into the memory of this machine.
  case modelTooLarge(bytes: Double, memory: UInt64)
  /// A minibatch does not fit into the memory of this machine.
  case minibatchTooLarge(captions: Int, tokens: Int, bytes: Double, memory: UInt64)
  /// There is no checkpoint to go on from.
  case nothingToResume(checkpoint: String)
  /// The model that the checkpoint's run has kept is not there.
  case keptModelIsMissing(path: String, checkpoint: String)
  /// The checkpoint cannot be gone on from.
  case brokenCheckpoint(path: String, reason: String)
  /// The run had other options.
  case optionsDiffer(checkpoint: String, options: [String])
  /// The run had other data.
  case dataDiffers(checkpoint: String)
  /// The model to start from is built otherwise.
  case initialModelDiffers(path: String, what: String)
  /// The loss or a gradient is no longer finite.
  case diverged(update: Int, epoch: Int, model: String, hasModel: Bool)

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .outputIsNotAModel(let path):
      "\(path): exists and is not a model, so it is left alone; choose another --output"
    case .outputExists(let path):
      "\(path): a model is there already; choose another --output, or replace it with --overwrite"
    case .interruptedRunExists(let checkpoint):
      "\(checkpoint): an interrupted run is kept there; go on with --resume, or start anew with --overwrite"
    case .finishedRunExists(let checkpoint):
      "\(checkpoint): a finished run is kept there; train it further with --resume and more --epochs, choose "
        + "another --output, or start anew with --overwrite"
    case .runInProgress(let history):
      "\(history): another vse is training this output; wait for it, or choose another --output"
    case .modelTooLarge(let bytes, let memory):
      "training this model needs \(gigabytes(bytes)) of memory, and this machine has "
        + "\(gigabytes(Double(memory))); choose a smaller --dim or --word-dim, or fewer words with --min-count"
    case .minibatchTooLarge(let captions, let tokens, let bytes, let memory):
      "training on a minibatch of \(captions) × \(tokens) tokens needs \(gigabytes(bytes)) of memory, "
        + "and this machine has \(gigabytes(Double(memory))); choose a smaller --batch-size or --chunk-size, or "
        + "leave out long captions with --max-length"
    case .nothingToResume(let checkpoint):
      "\(checkpoint): no such file, so there is no run to resume; leave out --resume to start one"
    case .keptModelIsMissing(let path, let checkpoint):
      "\(path): no such file, but the run of \(checkpoint) kept its best model there; put it back, or start anew "
        + "with --overwrite"
    case .brokenCheckpoint(let path, let reason):
      "\(path): not a checkpoint that this vse can resume (\(reason)); start anew with --overwrite"
    case .optionsDiffer(let checkpoint, let options):
      "\(checkpoint): the interrupted run had another \(options.joined(separator: ", ")); give the same options "
        + "(they are printed at the start), or start anew with --overwrite"
    case .dataDiffers(let checkpoint):
      "\(checkpoint): the interrupted run had other captions or features; give the same --data, or start anew "
        + "with --overwrite"
    case .initialModelDiffers(let path, let what):
      "\(path): \(what); --init-from needs a model of the same kind and sizes"
    case .diverged(let update, let epoch, let model, let hasModel):
      "the loss became NaN or infinite at update \(update) (epoch \(epoch)); try a smaller --learning-rate, "
        + "a --grad-clip, or scale features that are very large; "
        + (hasModel
          ? "\(model) holds the best model before that: go on from it with --init-from and another --output"
          : "no model was kept yet, so start anew with --overwrite")
    }
  }
}

private func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
