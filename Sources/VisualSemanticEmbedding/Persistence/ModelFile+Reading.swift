internal import DataFormats
internal import Foundation
public import Tensors

extension ModelFile {
  /// No size of a model is larger, so that no product of two overflows.
  static let sizeLimit = 1 << 28

  /// Reads a model, checking everything: checksum, description, shapes, numbers.
  ///
  /// An .npz archive is read as a model of Kiros et al., with the pickles of its options and its dictionary
  /// beside it (M.npz.pkl and M.npz.dictionary.pkl, or M.pkl and M.dictionary.pkl). Nothing in a pickle is run.
  /// - Parameters:
  ///   - path: a .safetensors file of ours, or an .npz archive of Kiros et al.
  ///   - precision: the number format of products with it.
  /// - Throws: `SafetensorsError`, `ModelFileError`, `VocabularyError`; for an archive `KirosModelError`,
  ///   `WordDictionaryError`, `NumpyArchiveError`.
  public static func read(_ path: String, precision: Precision = .float32) throws -> EmbeddingModel {
    switch FileKind(path: path) {
    case .zip: return try KirosModelFile.read(path, precision: precision)
    case .pytorch: throw ModelFileError.needsConversion(path: path)
    case .empty: throw ModelFileError.empty(path: path)
    case .numpy, .pickle: throw ModelFileError.otherFile(path: path)
    // By its name it is a model of ours whose first bytes are damaged, of which the reader says more.
    case .unknown where !path.hasSuffix(".safetensors"): throw ModelFileError.otherFile(path: path)
    default: return try readSafetensors(path, precision: precision)
    }
  }

  private static func readSafetensors(_ path: String, precision: Precision) throws -> EmbeddingModel {
    let file = try SafetensorsFile.read(path: path)
    let description = try description(in: file, path: path)
    let vocabulary = try vocabulary(in: file, description: description, path: path)
    try checkTensors(of: description.model, in: file, prefix: "", path: path)
    // What the loss learned is kept with the model: training can go on from it.
    let (network, _) = EmbeddingNetwork.extended(configuration: description.model, precision: precision) {
      for name in TrainingObjective.parameterNames where file[name] != nil {
        _ = $0.add(name, rows: 1, columns: 1, .zero)
      }
    }
    try load(network.parameters, from: file, prefix: "", path: path)
    network.parametersChanged()
    return EmbeddingModel(
      network: network, vocabulary: vocabulary, training: description.training,
      validation: description.validation, originalOptions: description.originalOptions,
      kirosPickles: try kirosPickles(in: file, path: path))
  }

  /// Whether the file is a model of ours by its header, whether or not the rest is sound.
  static func isModel(_ path: String) -> Bool {
    let file = try? SafetensorsFile.read(path: path, verifyingChecksum: false)
    return file?.metadata[descriptionKey] != nil
  }

  /// What the file keeps of the files of Kiros et al. that its model came from.
  static func kirosPickles(in file: SafetensorsFile, path: String) throws -> KirosPickles? {
    let options = try bytes(of: kirosOptionsTensor, in: file, path: path)
    let dictionary = try bytes(of: kirosDictionaryTensor, in: file, path: path)
    return options == nil && dictionary == nil ? nil : KirosPickles(options: options, dictionary: dictionary)
  }

  /// The bytes of a tensor of them, if there is one.
  private static func bytes(of name: String, in file: SafetensorsFile, path: String) throws -> [UInt8]? {
    guard let array = file[name] else { return nil }
    guard array.elementType == .uint8 else {
      throw ModelFileError.wrongElementType(
        path: path, name: name, found: array.elementType.safetensorsName, expected: "U8")
    }
    return try array.values(as: UInt8.self)
  }

  static func description(in file: SafetensorsFile, path: String) throws -> Description {
    guard let text = file.metadata[descriptionKey] else { throw ModelFileError.notAModel(path: path) }
    struct Version: Decodable { var version: Int }
    let data = Data(text.utf8)
    do {
      let found = try JSONDecoder().decode(Version.self, from: data).version
      guard found == version else { throw ModelFileError.newerVersion(path: path, version: found) }
      let description = try JSONDecoder().decode(Description.self, from: data)
      try check(description.model, path: path)
      return description
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw ModelFileError.brokenDescription(path: path, reason: shortReason(error))
    }
  }

  /// Sizes that no file of ours has must not overflow.
  private static func check(_ model: ModelConfiguration, path: String) throws(ModelFileError) {
    guard model.isPossible else {
      throw .brokenDescription(
        path: path,
        reason: "impossible sizes \([model.dim, model.wordDim, model.imageDim, model.vocabularySize]), "
          + "\(model.layers) layers, image hidden \(model.imageHidden)")
    }
  }

  private static func shortReason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "no value for \(key.stringValue)"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
    default: "\(error)"
    }
  }

  static func vocabulary(
    in file: SafetensorsFile, description: Description, path: String
  ) throws -> Vocabulary {
    guard let words = try bytes(of: vocabularyTensor, in: file, path: path) else {
      throw ModelFileError.missingTensor(path: path, name: vocabularyTensor)
    }
    let vocabulary = try Vocabulary(
      serialized: words, source: path, scheme: description.tokenScheme,
      embeddingRows: description.embeddingRows)
    guard vocabulary.embeddingRows == description.model.vocabularySize else {
      throw ModelFileError.vocabularyDoesNotFit(
        path: path, words: vocabulary.wordCount, rows: description.model.vocabularySize)
    }
    return vocabulary
  }

  /// Throws unless the file has all parameters of such a model, in their shapes.
  ///
  /// To be called before memory is taken for them: a file may say that it is larger than any memory.
  static func checkTensors(
    of model: ModelConfiguration, in file: SafetensorsFile, prefix: String, path: String
  ) throws(ModelFileError) {
    try check(model, path: path)
    for entry in EmbeddingNetwork.layout(of: model).entries {
      let name = prefix + entry.name
      guard let array = file[name] else { throw .missingTensor(path: path, name: name) }
      guard array.shape == [entry.rows, entry.columns] else {
        throw .wrongShape(path: path, name: name, found: array.shape, expected: [entry.rows, entry.columns])
      }
    }
  }

  /// Fills a set from the tensors named as its entries, after `prefix`.
  static func load(_ set: ParameterSet, from file: SafetensorsFile, prefix: String, path: String) throws {
    for (index, entry) in set.layout.entries.enumerated() {
      let name = prefix + entry.name
      guard let array = file[name] else { throw ModelFileError.missingTensor(path: path, name: name) }
      guard array.elementType == .float32 else {
        throw ModelFileError.wrongElementType(
          path: path, name: name, found: array.elementType.safetensorsName, expected: "F32")
      }
      guard array.shape == [entry.rows, entry.columns] else {
        throw ModelFileError.wrongShape(
          path: path, name: name, found: array.shape, expected: [entry.rows, entry.columns])
      }
      let matrix = set[ParameterSlot(index: index)]
      array.withUnsafeBytes { matrix.assign(float32: $0) }
      guard matrix.isFinite else { throw ModelFileError.notFinite(path: path, name: name) }
    }
  }
}
