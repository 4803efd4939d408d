internal import DataFormats
internal import Foundation
internal import Tensors

extension TrainingStart {
  /// Goes on from the checkpoint beside the output.
  init(resuming request: Trainer.Request) throws {
    let path = Checkpoint.path(forModel: request.output)
    var (checkpoint, vocabulary, file) = try Checkpoint.read(path)
    let options = try Self.resumedOptions(request, checkpoint: checkpoint, path: path)
    checkpoint.options = options
    // It may stay the best, and then nothing would be at the output in the end.
    guard checkpoint.bestScore == nil || FileManager.default.fileExists(atPath: request.output) else {
      throw TrainingError.keptModelIsMissing(path: request.output, checkpoint: path)
    }
    guard let generator = SeededRandomNumberGenerator(words: checkpoint.generator) else {
      throw TrainingError.brokenCheckpoint(path: path, reason: "its random state cannot be read")
    }
    let data = try TrainingData(dataset: request.dataset, options: options, given: vocabulary)
    guard try data.fingerprint() == checkpoint.data else { throw TrainingError.dataDiffers(checkpoint: path) }
    try ModelFile.checkTensors(of: checkpoint.model, in: file, prefix: "parameters/", path: path)
    try Self.checkMemory(checkpoint.model, data: data, options: options)
    var trained = Trained(checkpoint.model, options: options)
    trained.frozenWords = try checkpoint.frozenWords(in: file, path: path)
    self.init(options: options, data: data, trained: trained, position: checkpoint, generator: generator)
    try position.load(
      parameters: trained.network.parameters, optimizer: step.optimizer, from: file, path: path)
    trained.network.parametersChanged()
  }

  /// The options of the interrupted run, with the number of epochs and the patience of this one; anything else
  /// must be equal.
  private static func resumedOptions(
    _ request: Trainer.Request, checkpoint: Checkpoint, path: String
  ) throws -> TrainingOptions {
    var expected = checkpoint.options
    expected.epochs = request.options.epochs
    expected.patience = request.options.patience
    var given = request.options
    // These are settled when a run starts, from --vocabulary-from, --init-from and --word-vectors.
    given.vocabularySource = expected.vocabularySource
    given.tokenScheme = expected.tokenScheme
    given.wordVectors = expected.wordVectors
    let differing = differences(given, expected)
    guard differing.isEmpty else { throw TrainingError.optionsDiffer(checkpoint: path, options: differing) }
    return expected
  }

  /// The command-line names of the options that differ.
  private static func differences(_ first: TrainingOptions, _ second: TrainingOptions) -> [String] {
    func fields(_ options: TrainingOptions) -> [String: String] {
      guard let data = try? JSONEncoder().encode(options),
        let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
      else { return [:] }
      // As text with sorted keys: some options are objects themselves.
      return object.mapValues { value in
        let text = try? JSONSerialization.data(withJSONObject: [value], options: .sortedKeys)
        return text.map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
      }
    }
    let (left, right) = (fields(first), fields(second))
    // These two come with a recipe, and have no name on the command line.
    let unnamed: Set = ["validates_each_epoch", "rarest_words_are_unknown"]
    return Set(left.keys).union(right.keys).subtracting(unnamed).filter { left[$0] != right[$0] }
      .map { "--" + $0.replacing("_", with: "-") }.sorted()
  }
}
