internal import DataFormats
internal import Foundation
internal import Tensors

/// Everything that a run needs to go on bit for bit as if it had not stopped.
///
/// One safetensors file beside the model, replaced in one step: parameters, both moments, the average of the
/// parameters where there is one, the vocabulary, which word vectors are frozen where some are, and the position as
/// JSON.
struct Checkpoint: Codable, Equatable {
  static let version = 1
  static let metadataKey = "vse_checkpoint"
  /// Whether each token's vector stays as it is; only where some do.
  private static let frozenWordsTensor = "frozen_words"

  var version = Checkpoint.version
  var options: TrainingOptions
  var model: ModelConfiguration
  var embeddingRows: Int
  /// See `TrainingData.fingerprint()`.
  var data: String
  /// Epochs completed.
  var epoch = 0
  /// Minibatches of the current epoch that are done.
  var batchesDone = 0
  /// Updates done.
  var update = 0
  /// The random state at the start of the current epoch, four words in hexadecimal.
  var generator: [String] = []
  var bestScore: Double?
  /// Scorings since that one; nil for none, as in checkpoints from before there was patience.
  var scoringsWithoutGain: Int?
  /// Length of the history up to here; what comes after it is forgotten on resuming.
  var historyBytes = 0
  /// Sums since the last scoring.
  var totals = Totals()

  /// Whether the run came to its last epoch's end, or ran out of patience.
  var isFinished: Bool { epoch >= options.epochs || isOutOfPatience }

  /// Whether so many scorings in a row brought no better one that training ends.
  var isOutOfPatience: Bool { options.patience > 0 && scoringsWithoutGain ?? 0 >= options.patience }

  struct Totals: Codable, Equatable {
    var updates = 0
    var cost = 0.0
    var regularization = 0.0
    var gradientNorm = 0.0
  }

  /// Where the checkpoint and the history of a model stand: NAME.checkpoint.safetensors, NAME.history.jsonl.
  static func path(forModel model: String) -> String { base(model) + ".checkpoint.safetensors" }
  static func historyPath(forModel model: String) -> String { base(model) + ".history.jsonl" }

  /// Where the model of one of several seeds stands: NAME.seed-1.safetensors.
  static func output(_ model: String, withSeed seed: UInt64) -> String {
    "\(base(model)).seed-\(seed)" + (model.hasSuffix(suffix) ? suffix : "")
  }

  private static let suffix = ".safetensors"

  private static func base(_ model: String) -> String {
    model.hasSuffix(suffix) ? String(model.dropLast(suffix.count)) : model
  }
}

extension Checkpoint {
  func write(
    parameters: ParameterSet, optimizer: AdamOptimizer, vocabulary: Vocabulary, frozenWords: [Bool],
    to path: String
  ) throws {
    let frozen =
      frozenWords.isEmpty
      ? []
      : [SafetensorsTensor(name: Self.frozenWordsTensor, ArrayData(frozenWords.map { UInt8($0 ? 1 : 0) }))]
    try SafetensorsFile.write(
      ModelFile.tensors(of: parameters, prefix: "parameters/")
        + ModelFile.tensors(of: optimizer.firstMoments, prefix: "first_moments/")
        + ModelFile.tensors(of: optimizer.secondMoments, prefix: "second_moments/")
        + (optimizer.average.map { ModelFile.tensors(of: $0.values, prefix: "average/") } ?? [])
        + [ModelFile.vocabulary(of: vocabulary)] + frozen,
      metadata: [Self.metadataKey: try ModelFile.json(self)], to: path)
  }

  /// Reads the position and the vocabulary; `load` then fills parameters, moments and average.
  static func read(_ path: String) throws -> (
    checkpoint: Checkpoint, vocabulary: Vocabulary, file: SafetensorsFile
  ) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw TrainingError.nothingToResume(checkpoint: path)
    }
    let file = try SafetensorsFile.read(path: path)
    let (checkpoint, vocabulary) = try read(file, path: path)
    return (checkpoint, vocabulary, file)
  }

  /// The same from a file that is already open; `path` is the name that messages give it.
  static func read(
    _ file: SafetensorsFile, path: String
  ) throws -> (checkpoint: Checkpoint, vocabulary: Vocabulary) {
    guard let text = file.metadata[metadataKey] else {
      throw TrainingError.brokenCheckpoint(path: path, reason: "it has no position")
    }
    let checkpoint: Checkpoint
    do {
      checkpoint = try JSONDecoder().decode(Checkpoint.self, from: Data(text.utf8))
    } catch {
      throw TrainingError.brokenCheckpoint(path: path, reason: "its position cannot be read")
    }
    guard checkpoint.version == version else {
      throw TrainingError.brokenCheckpoint(path: path, reason: "format \(checkpoint.version), not \(version)")
    }
    let vocabulary = try ModelFile.vocabulary(
      in: file,
      description: ModelFile.Description(
        version: ModelFile.version, model: checkpoint.model, tokenScheme: checkpoint.options.tokenScheme,
        embeddingRows: checkpoint.embeddingRows), path: path)
    return (checkpoint, vocabulary)
  }

  /// Which words' vectors stay as they are; empty where none do.
  func frozenWords(in file: SafetensorsFile, path: String) throws -> [Bool] {
    guard options.freezesWordVectors else { return [] }
    guard let array = file[Self.frozenWordsTensor], array.elementType == .uint8,
      array.shape == [embeddingRows]
    else {
      throw TrainingError.brokenCheckpoint(
        path: path, reason: "it does not say which word vectors are frozen")
    }
    return try array.values(as: UInt8.self).map { $0 != 0 }
  }

  func load(parameters: ParameterSet, optimizer: AdamOptimizer, from file: SafetensorsFile, path: String)
    throws
  {
    try ModelFile.load(parameters, from: file, prefix: "parameters/", path: path)
    try ModelFile.load(optimizer.firstMoments, from: file, prefix: "first_moments/", path: path)
    try ModelFile.load(optimizer.secondMoments, from: file, prefix: "second_moments/", path: path)
    if let average = optimizer.average {
      try ModelFile.load(average.values, from: file, prefix: "average/", path: path)
    }
    optimizer.resume(step: update)
  }
}

extension SeededRandomNumberGenerator {
  var words: [String] { state.map { String($0, radix: 16) } }

  init?(words: [String]) {
    let state = words.compactMap { UInt64($0, radix: 16) }
    guard state.count == words.count else { return nil }
    self.init(state: state)
  }
}
