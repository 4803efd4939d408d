internal import DataFormats

/// The pickles that a model of Kiros et al. came with, byte for byte, so that they can be written again.
///
/// Each is kept only where a new one of the same model would have other bytes: the options because the trainer
/// had more of them than a model needs, the dictionary because Python orders and spells it in many ways.
public struct KirosPickles: Sendable, Equatable {
  /// The options, where a new pickle would differ.
  public let options: [UInt8]?
  /// The dictionary, where a new pickle would differ.
  public let dictionary: [UInt8]?

  init(options: [UInt8]?, dictionary: [UInt8]?) {
    self.options = options
    self.dictionary = dictionary
  }

  /// What is to be kept of the files from which the options and the vocabulary were read; nil when nothing is.
  init?(of files: KirosFiles, options: KirosOptions, vocabulary: Vocabulary) throws {
    func kept(_ path: String, unless new: [UInt8]) throws -> [UInt8]? {
      let bytes = try MappedFile(path: path).withBytes { Array($0) }
      return bytes == new ? nil : bytes
    }
    self.options = try kept(
      files.options, unless: KirosOptions.pickle(configuration: options.configuration, ours: options.ours))
    dictionary = try kept(files.dictionary, unless: KirosDictionary.pickle(of: vocabulary))
    if self.options == nil && dictionary == nil { return nil }
  }

  /// The options and the dictionary to write for a model: those it came with, or new ones.
  ///
  /// What it came with has passed through a file of ours, which someone may have changed, and Python runs what a
  /// pickle says. So it must still be the model's, and name nothing but plain data.
  /// - Parameter path: the place of the model, for messages.
  static func toWrite(
    for model: EmbeddingModel, path: String
  ) throws -> (options: [UInt8], dictionary: [UInt8]) {
    if let options = model.kirosPickles?.options {
      let values = try plainValues(options, name: "options", path: path)
      guard values.count == 1, let value = values.first,
        try KirosOptions(value, path: path).configuration == model.configuration
      else { throw KirosModelError.keptPickleDiffers(model: path, pickle: "options") }
    }
    if let dictionary = model.kirosPickles?.dictionary {
      let values = try plainValues(dictionary, name: "dictionary", path: path)
      guard try KirosDictionary(values, path: path).words == model.vocabulary.words else {
        throw KirosModelError.keptPickleDiffers(model: path, pickle: "dictionary")
      }
    }
    return (
      try model.kirosPickles?.options
        ?? KirosOptions.pickle(
          configuration: model.configuration,
          ours: KirosOptions.Ours(training: model.training, validation: model.validation)),
      try model.kirosPickles?.dictionary ?? KirosDictionary.pickle(of: model.vocabulary)
    )
  }

  private static func plainValues(_ bytes: [UInt8], name: String, path: String) throws -> [PickleValue] {
    let source = ByteString(bytes)
    guard try PickleReader.holdsPlainData(source, path: path) else {
      throw KirosModelError.keptPickleDiffers(model: path, pickle: name)
    }
    return try PickleReader.readAll(source, path: path)
  }
}
