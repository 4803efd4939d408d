internal import DataFormats

/// What a model file holds.
public struct ModelSummary: Sendable, Equatable, Encodable {
  /// Whose format it has.
  public var format: ModelFormat
  /// Its tensors.
  public var file: TensorFileSummary
  /// How the model is built.
  public var configuration: ModelConfiguration
  /// The number of trained numbers.
  public var parameters: Int
  /// Words of the vocabulary, special tokens not counted.
  public var words: Int
  /// The first words of the vocabulary: the most frequent ones of the captions that it was built from.
  public var firstWords: [String]
  /// Its special tokens.
  public var tokenScheme: TokenScheme
  /// The options that it was trained with, when they are known.
  public var training: TrainingOptions?
  /// How it scored on the development set, when that is known.
  public var validation: ValidationRecord?
  /// The options that another program had trained it with, by their names there.
  public var originalOptions: [String: OptionValue]?

  private static let shownWords = 12

  init(_ file: SafetensorsFile, path: String) throws {
    let description = try ModelFile.description(in: file, path: path)
    let vocabulary = try ModelFile.vocabulary(in: file, description: description, path: path)
    format = .vse
    self.file = TensorFileSummary(file, path: path)
    configuration = description.model
    parameters = EmbeddingNetwork.layout(of: configuration).parameterCount
    words = vocabulary.wordCount
    firstWords = vocabulary.firstWords(Self.shownWords)
    tokenScheme = description.tokenScheme
    training = description.training
    validation = description.validation
    originalOptions = description.originalOptions
  }

  /// Reads a model of Kiros et al. whole, as its files keep no checksum of what they say together.
  init(_ archive: NumpyArchive) throws {
    let model = try ModelFile.read(archive.path)
    format = .kiros
    file = TensorFileSummary(archive)
    configuration = model.configuration
    parameters = model.network.parameters.layout.parameterCount
    words = model.vocabulary.wordCount
    firstWords = model.vocabulary.firstWords(Self.shownWords)
    tokenScheme = model.vocabulary.scheme
    training = model.training
    validation = model.validation
    originalOptions = model.originalOptions
  }
}

/// What the checkpoint of a run holds.
public struct CheckpointSummary: Sendable, Equatable, Encodable {
  /// Its tensors.
  public var file: TensorFileSummary
  /// How the model is built.
  public var configuration: ModelConfiguration
  /// Words of the vocabulary, special tokens not counted.
  public var words: Int
  /// The options of the run.
  public var training: TrainingOptions
  /// Epochs completed.
  public var epochs: Int
  /// Minibatches of the current epoch that are done.
  public var batches: Int
  /// Updates done in all.
  public var updates: Int
  /// The best sum of recalls on the development set so far.
  public var bestScore: Double?

  init(_ file: SafetensorsFile, path: String) throws {
    let (checkpoint, vocabulary) = try Checkpoint.read(file, path: path)
    self.file = TensorFileSummary(file, path: path)
    configuration = checkpoint.model
    words = vocabulary.wordCount
    training = checkpoint.options
    epochs = checkpoint.epoch
    batches = checkpoint.batchesDone
    updates = checkpoint.update
    bestScore = checkpoint.bestScore
  }
}

extension Vocabulary {
  /// The first words in index order, for display.
  func firstWords(_ count: Int) -> [String] {
    (0..<min(count, wordCount)).compactMap { word(of: scheme.firstWord + Int32($0))?.description }
  }
}
