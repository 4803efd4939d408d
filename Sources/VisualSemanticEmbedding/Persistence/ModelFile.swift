internal import DataFormats
internal import Foundation
internal import Tensors

/// A model as one safetensors file: the parameters by name, the vocabulary as bytes, the description as JSON.
public enum ModelFile {
  /// The format that is written, and the only one that is read.
  public static let version = 1
  static let vocabularyTensor = "vocabulary"
  static let kirosOptionsTensor = "kiros.options"
  static let kirosDictionaryTensor = "kiros.dictionary"
  static let descriptionKey = "vse"

  /// What `__metadata__` says of the model, as JSON under the key "vse".
  struct Description: Codable {
    var version: Int
    var model: ModelConfiguration
    var tokenScheme: TokenScheme
    var embeddingRows: Int
    var training: TrainingOptions?
    var validation: ValidationRecord?
    var originalOptions: [String: OptionValue]?

    enum CodingKeys: String, CodingKey {
      case version, model
      case tokenScheme = "token_scheme"
      case embeddingRows = "embedding_rows"
      case training, validation
      case originalOptions = "original_options"
    }
  }

  /// Writes the model beside its place and renames it there.
  public static func write(_ model: EmbeddingModel, to path: String) throws {
    try SafetensorsFile.write(
      tensors(of: model.network.parameters, prefix: "") + [vocabulary(of: model.vocabulary)]
        + tensors(of: model.kirosPickles),
      metadata: [descriptionKey: try json(description(of: model))], to: path)
  }

  static func description(of model: EmbeddingModel) -> Description {
    Description(
      version: version, model: model.configuration, tokenScheme: model.vocabulary.scheme,
      embeddingRows: model.vocabulary.embeddingRows, training: model.training,
      validation: model.validation, originalOptions: model.originalOptions)
  }

  static func vocabulary(of vocabulary: Vocabulary) -> SafetensorsTensor {
    SafetensorsTensor(name: vocabularyTensor, ArrayData(vocabulary.serialized))
  }

  static func tensors(of pickles: KirosPickles?) -> [SafetensorsTensor] {
    let named = [(kirosOptionsTensor, pickles?.options), (kirosDictionaryTensor, pickles?.dictionary)]
    return named.compactMap { name, bytes in bytes.map { SafetensorsTensor(name: name, ArrayData($0)) } }
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
