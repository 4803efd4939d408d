internal import DataFormats
internal import Tensors

/// A model in the files of ryankiros/visual-semantic-embedding: an .npz archive of weights, and pickles of its
/// options and its dictionary beside it.
public enum KirosModelFile {
  /// Whether an archive has the arrays by which such a model is told from other archives.
  static func isModel(_ archive: NumpyArchive) -> Bool { missingLandmarks(in: archive).isEmpty }

  private static func missingLandmarks(in archive: NumpyArchive) -> [String] {
    ["Wemb", "ff_image_W"].filter { name in !archive.members.contains { $0.name == name } }
  }

  /// Reads the model whose weights stand in the archive at `path`, checking everything; see `ModelFile.read`.
  /// - Throws: `KirosModelError`, `WordDictionaryError`, `NumpyArchiveError`, and what a damaged pickle throws.
  static func read(_ path: String, precision: Precision) throws -> EmbeddingModel {
    let archive = try NumpyArchive(path: path)
    let missing = missingLandmarks(in: archive)
    guard missing.isEmpty else { throw KirosModelError.notAModel(path: path, missing: missing) }
    let files = try KirosFiles(beside: path)
    let options = try KirosOptions(path: files.options)
    let vocabulary = try vocabulary(in: files, options: options)
    // Before memory is taken: the options may say that the model is larger than any.
    let arrays = try arrays(of: options, in: archive, files: files)
    let network = EmbeddingNetwork(configuration: options.configuration, precision: precision)
    for array in arrays { try load(array, from: archive, into: network.parameters) }
    network.parametersChanged()
    let pickles = try KirosPickles(of: files, options: options, vocabulary: vocabulary)
    return EmbeddingModel(
      network: network, vocabulary: vocabulary, training: options.ours.training,
      validation: options.ours.validation,
      // Options that we wrote say nothing that is not known already.
      originalOptions: pickles?.options == nil ? nil : options.values, kirosPickles: pickles)
  }

  /// The words, with the original's rule: those whose index has no row read as unknown.
  static func vocabulary(in files: KirosFiles, options: KirosOptions) throws -> Vocabulary {
    try Vocabulary(
      KirosDictionary(path: files.dictionary).words, path: files.dictionary, scheme: .kiros,
      embeddingRows: options.configuration.vocabularySize)
  }

  /// The arrays that the options ask for; throws unless the archive has these in their shapes, and no others.
  private static func arrays(
    of options: KirosOptions, in archive: NumpyArchive, files: KirosFiles
  ) throws(KirosModelError) -> [KirosArray] {
    let arrays = KirosArray.all(of: options.configuration)
    let path = files.weights
    for array in arrays {
      guard let header = archive.members.first(where: { $0.name == array.name })?.header else {
        throw .missingArray(path: path, name: array.name)
      }
      guard header.shape == array.shape else {
        throw .wrongShape(
          path: path, name: array.name, found: header.shape, expected: array.shape,
          options: FilePath.name(of: files.options))
      }
      guard case .numbers(.float32, _) = header.elements else {
        throw .wrongElementType(path: path, name: array.name, found: header.elements.name)
      }
    }
    for member in archive.members where !arrays.contains(where: { $0.name == member.name }) {
      throw .unknownArray(path: path, name: member.name)
    }
    return arrays
  }

  private static func load(
    _ array: KirosArray, from archive: NumpyArchive, into parameters: ParameterSet
  ) throws {
    let window = array.window(of: parameters)
    try archive.array(array.name).withUnsafeBytes { window.assign(float32: $0) }
    guard window.isFinite else { throw KirosModelError.notFinite(path: archive.path, name: array.name) }
  }
}
