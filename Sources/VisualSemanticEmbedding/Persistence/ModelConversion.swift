internal import DataFormats
internal import Foundation

/// Reads a model in one program's files and writes it in another's.
public struct ModelConversion: Sendable {
  /// The model to read: ours, an .npz archive of Kiros et al. or a checkpoint of VSE++, told by its bytes.
  public var source: String
  /// The file to write; its suffix says in which format.
  public var destination: String
  /// The vocabulary of a VSE++ checkpoint; nil to look for it beside the checkpoint.
  public var vocabularyFile: String?
  /// Whether a model at the destination may be replaced.
  public var overwrites = false

  /// A conversion from `source` to `destination`.
  public init(from source: String, to destination: String) {
    self.source = source
    self.destination = destination
  }

  /// What was read and written.
  public struct Report: Sendable, Equatable {
    /// The format of the source.
    public var from: ModelFormat
    /// The format of the destination.
    public var to: ModelFormat
    /// How the model is built.
    public var configuration: ModelConfiguration
    /// Words of the vocabulary, special tokens not counted.
    public var words: Int
    /// The number of trained numbers.
    public var parameters: Int
    /// The vocabulary that a VSE++ checkpoint was read with.
    public var vocabularyFile: String?
    /// The files written.
    public var files: [String]
    /// What to know of the new model.
    public var remarks: [Remark]
  }

  /// What to know of a model that was converted.
  public enum Remark: Sendable, Equatable {
    /// Its features come from this network, each scaled to unit norm, as the checkpoint had the network inside.
    case takesFeaturesOf(network: String)
    /// VSE++ does not scale its image vectors to unit norm, and here they always are.
    case imagesAreNormalized
    /// In the options or the dictionary, as `pickle` says, stands an instance of a class of Python's, so that the
    /// model cannot be written in the original's files again.
    case cannotBeWrittenBack(pickle: String, name: String)
  }

  /// The format that a suffix stands for, where it stands for one that is written.
  public static func format(ofDestination path: String) -> ModelFormat? {
    if path.hasSuffix(".safetensors") { return .vse }
    return path.hasSuffix(".npz") ? .kiros : nil
  }

  /// Converts the model; what is at the destination is replaced by whole files or not at all.
  /// - Throws: `ModelConversionError`, what reading the source throws, and `KirosModelError.cannotHold` for a model
  ///   that the original's code cannot compute.
  public func run() throws -> Report {
    guard let to = Self.format(ofDestination: destination) else {
      throw ModelConversionError.unknownSuffix(path: destination)
    }
    let from = try sourceFormat()
    guard from != to else { throw ModelConversionError.sameFormat(path: source, destination: destination) }
    let files = to == .kiros ? KirosModelFile.files(for: destination) : [destination]
    try checkDestinations(to)
    let input = try read(from)
    switch to {
    case .kiros: try KirosModelFile.write(input.model, to: destination)
    default: try ModelFile.write(input.model, to: destination)
    }
    return Report(
      from: from, to: to, configuration: input.model.configuration, words: input.model.vocabulary.wordCount,
      parameters: input.model.network.parameters.layout.parameterCount,
      vocabularyFile: input.vocabularyFile, files: files, remarks: input.remarks)
  }

  private func sourceFormat() throws -> ModelFormat {
    switch FileKind(path: source) {
    case .safetensors: return .vse
    case .zip: return .kiros
    case .pytorch: return .vsepp
    case .missing: throw FileError.notFound(path: source)
    default: throw ModelConversionError.notAModel(path: source)
    }
  }

  /// What is no model is left alone, and a model is replaced only when that was asked for.
  private func checkDestinations(_ format: ModelFormat) throws(ModelConversionError) {
    try check(destination) { kind in
      switch kind {
      case .safetensors: ModelFile.isModel(destination)
      case .zip: (try? NumpyArchive(path: destination)).map(KirosModelFile.isModel) ?? false
      default: false
      }
    }
    guard format == .kiros else { return }
    // Most pickles are no model's, so that each must read as what will stand in its place.
    let files = KirosFiles(archive: destination)
    try check(files.options) { $0 == .pickle && (try? KirosOptions(path: files.options)) != nil }
    try check(files.dictionary) { $0 == .pickle && (try? KirosDictionary(path: files.dictionary)) != nil }
  }

  /// Throws unless nothing is at `path`, or what `isModel` finds to be of a model and may be replaced.
  private func check(
    _ path: String, isModel: (FileKind) -> Bool
  ) throws(ModelConversionError) {
    let kind = FileKind(path: path)
    if kind == .missing || kind == .empty { return }
    guard isModel(kind) else { throw .destinationIsNoModel(path: path) }
    guard overwrites else { throw .destinationExists(path: path) }
  }

  private struct Input {
    var model: EmbeddingModel
    var vocabularyFile: String?
    var remarks: [Remark] = []
  }

  private func read(_ format: ModelFormat) throws -> Input {
    guard format == .vsepp else {
      guard vocabularyFile == nil else { throw ModelConversionError.vocabularyNotNeeded(path: source) }
      var input = Input(model: try ModelFile.read(source))
      if format == .kiros, let refused = input.model.kirosPickles?.refused {
        input.remarks.append(.cannotBeWrittenBack(pickle: refused.pickle, name: refused.name))
      }
      return input
    }
    let checkpoint = try VSEPPCheckpoint(path: source)
    let file =
      try vocabularyFile ?? VSEPPVocabulary.file(beside: source, dataName: checkpoint.options.dataName)
    var input = Input(model: try checkpoint.model(vocabularyFile: file), vocabularyFile: file)
    if checkpoint.hasNetwork {
      input.remarks.append(.takesFeaturesOf(network: checkpoint.options.network))
    }
    if !checkpoint.options.normalizesImages { input.remarks.append(.imagesAreNormalized) }
    return input
  }
}
