internal import DataFormats
public import Foundation
public import Tensors

/// Why a file is not a model.
public enum ModelFileError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  case notAModel(path: String)
  case newerVersion(path: String, version: Int)
  case brokenDescription(path: String, reason: String)
  case missingTensor(path: String, name: String)
  case wrongShape(path: String, name: String, found: [Int], expected: [Int])
  case wrongElementType(path: String, name: String, found: String)
  case notFinite(path: String, name: String)
  case vocabularyDoesNotFit(path: String, words: Int, rows: Int)

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .notAModel(let path):
      "\(path): a safetensors file, but not a model of vse (no description in it); give a file that vse train wrote"
    case .newerVersion(let path, let version):
      "\(path): has model format \(version), this vse reads \(ModelFile.version); update vse"
    case .brokenDescription(let path, let reason):
      "\(path): its description cannot be read (\(reason)); the file is damaged, take a copy of it"
    case .missingTensor(let path, let name):
      "\(path): lacks the tensor \(name); the file is damaged, take a copy of it"
    case .wrongShape(let path, let name, let found, let expected):
      "\(path): tensor \(name) has shape \(found), its description says \(expected); the file is damaged"
    case .wrongElementType(let path, let name, let found):
      "\(path): tensor \(name) holds \(found), F32 is needed; the file is damaged"
    case .notFinite(let path, let name):
      "\(path): tensor \(name) has a NaN or an infinite number; the model is unusable, train it anew"
    case .vocabularyDoesNotFit(let path, let words, let rows):
      "\(path): its vocabulary has \(words) words, its embedding \(rows) rows; the file is damaged"
    }
  }
}

/// A model as one safetensors file: the parameters by name, the vocabulary as bytes, the description as JSON.
public enum ModelFile {
  /// The format that is written, and the only one that is read.
  public static let version = 1
  static let vocabularyTensor = "vocabulary"
  static let descriptionKey = "vse"

  /// What `__metadata__` says of the model, as JSON under the key "vse".
  struct Description: Codable {
    var version: Int
    var model: ModelConfiguration
    var tokenScheme: TokenScheme
    var embeddingRows: Int
    var training: TrainingOptions?
    var validation: ValidationRecord?

    enum CodingKeys: String, CodingKey {
      case version, model
      case tokenScheme = "token_scheme"
      case embeddingRows = "embedding_rows"
      case training, validation
    }
  }

  /// Writes the model beside its place and renames it there.
  public static func write(_ model: EmbeddingModel, to path: String) throws {
    try SafetensorsFile.write(
      tensors(of: model.network.parameters, prefix: "") + [vocabulary(of: model.vocabulary)],
      metadata: [descriptionKey: try json(description(of: model))], to: path)
  }

  static func description(of model: EmbeddingModel) -> Description {
    Description(
      version: version, model: model.configuration, tokenScheme: model.vocabulary.scheme,
      embeddingRows: model.vocabulary.embeddingRows, training: model.training,
      validation: model.validation)
  }

  static func vocabulary(of vocabulary: Vocabulary) -> SafetensorsTensor {
    SafetensorsTensor(name: vocabularyTensor, ArrayData(vocabulary.serialized))
  }

  /// The named parameters of a set as tensors that share its memory.
  static func tensors(of set: ParameterSet, prefix: String) -> [SafetensorsTensor] {
    set.layout.entries.indices.map { index in
      let entry = set.layout.entries[index]
      return SafetensorsTensor(
        name: prefix + entry.name, elementType: .float32, shape: [entry.rows, entry.columns]
      ) { consume in
        set[ParameterSlot(index: index)].withUnsafeMutableElements { consume(UnsafeRawBufferPointer($0)) }
      }
    }
  }

  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

extension ModelFile {
  /// Reads a model, checking everything: checksum, description, shapes, numbers.
  /// - Parameter precision: the number format of products with it.
  /// - Throws: `SafetensorsError`, `ModelFileError`, `VocabularyError`.
  public static func read(_ path: String, precision: Precision = .float32) throws -> EmbeddingModel {
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
      validation: description.validation)
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
    guard let array = file[vocabularyTensor] else {
      throw ModelFileError.missingTensor(path: path, name: vocabularyTensor)
    }
    guard array.elementType == .uint8 else {
      throw ModelFileError.wrongElementType(
        path: path, name: vocabularyTensor, found: array.elementType.safetensorsName)
    }
    let vocabulary = try Vocabulary(
      serialized: array.values(as: UInt8.self), source: path, scheme: description.tokenScheme,
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
          path: path, name: name, found: array.elementType.safetensorsName)
      }
      guard array.shape == [entry.rows, entry.columns] else {
        throw ModelFileError.wrongShape(
          path: path, name: name, found: array.shape, expected: [entry.rows, entry.columns])
      }
      let matrix = set[ParameterSlot(index: index)]
      array.withUnsafeBytes { bytes in
        matrix.withUnsafeMutableElements { UnsafeMutableRawBufferPointer($0).copyMemory(from: bytes) }
      }
      guard matrix.isFinite else { throw ModelFileError.notFinite(path: path, name: name) }
    }
  }
}
