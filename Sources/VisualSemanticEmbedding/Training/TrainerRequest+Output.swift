internal import DataFormats
internal import Foundation

extension Trainer.Request {
  /// Makes sure that the model can be written, and that no model or run is replaced unless that was asked for.
  ///
  /// - Throws: `TrainingError` and `FileError` when it cannot or must not be.
  public func checkOutput() throws {
    let files = FileManager.default
    let checkpoint = Checkpoint.path(forModel: output)
    if files.fileExists(atPath: output), !ModelFile.isModel(output) {
      throw TrainingError.outputIsNotAModel(path: output)
    }
    if !resumes && !overwrites {
      if files.fileExists(atPath: checkpoint) {
        let isFinished = (try? Checkpoint.read(checkpoint).checkpoint.isFinished) ?? false
        throw isFinished
          ? TrainingError.finishedRunExists(checkpoint: checkpoint)
          : TrainingError.interruptedRunExists(checkpoint: checkpoint)
      }
      if files.fileExists(atPath: output) { throw TrainingError.outputExists(path: output) }
    }
    // A place that cannot be written is told now, not at the first scoring.
    try ReplacingFile(path: output).cancel()
  }

  /// The same run with each of so many seeds, at least 1, from its own on, and the seed in the name of the output:
  /// NAME.seed-1.safetensors.
  ///
  /// A request that resumes does so for the seeds that have a checkpoint; the others, which a run that was stopped
  /// did not come to, start. Where none has one there is nothing to resume, and the first throws when it is run.
  /// - Throws: `TrainingOptionError` when there are not so many seeds.
  public func requests(seeds count: Int) throws -> [Trainer.Request] {
    precondition(count >= 1, "at least one seed")
    guard !options.seed.addingReportingOverflow(UInt64(count - 1)).overflow else {
      throw TrainingOptionError(
        option: "seed", requirement: "at most \(UInt64.max - UInt64(count - 1)) with --seeds")
    }
    var requests = (0..<count).map { index in
      var request = self
      request.options.seed += UInt64(index)
      request.output = Checkpoint.output(output, withSeed: request.options.seed)
      return request
    }
    guard resumes else { return requests }
    let isStarted = requests.map {
      FileManager.default.fileExists(atPath: Checkpoint.path(forModel: $0.output))
    }
    guard isStarted.contains(true) else { return requests }
    for index in requests.indices { requests[index].resumes = isStarted[index] }
    return requests
  }
}
