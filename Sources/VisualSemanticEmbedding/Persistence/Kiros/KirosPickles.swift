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
    let options = try model.kirosPickles?.options.map { pickle in
      try checked(pickle, "options", path: path) { values in
        try values.count == 1
          && KirosOptions(values[0], path: path).configuration == model.configuration
      }
    }
    let dictionary = try model.kirosPickles?.dictionary.map { pickle in
      try checked(pickle, "dictionary", path: path) { values in
        try KirosDictionary(values, path: path).words == model.vocabulary.words
      }
    }
    return (
      try options
        ?? KirosOptions.pickle(
          configuration: model.configuration,
          ours: KirosOptions.Ours(training: model.training, validation: model.validation)),
      try dictionary ?? KirosDictionary.pickle(of: model.vocabulary)
    )
  }

  /// The bytes, once they are found to be plain data that fit the model.
  private static func checked(
    _ pickle: [UInt8], _ name: String, path: String, fit: ([PickleValue]) throws -> Bool
  ) throws(KirosModelError) -> [UInt8] {
    let source = ByteString(pickle)
    let unknown: PickleName?
    let fits: Bool
    do {
      unknown = try PickleReader.firstUnknownName(in: source, path: path)
      fits = try unknown == nil && fit(PickleReader.readAll(source, path: path))
    } catch {
      // Whatever may be wrong with them: when they were imported, they could be read.
      throw .keptPickleDiffers(path: path, pickle: name)
    }
    if let unknown {
      throw .keptPickleNamesClass(path: path, pickle: name, name: unknown.description)
    }
    guard fits else { throw .keptPickleDiffers(path: path, pickle: name) }
    return pickle
  }

  /// A pickle that `toWrite` will refuse, though it is the one that was imported, and the first name in it that
  /// Python would run.
  var refused: (pickle: String, name: String)? {
    for (pickle, bytes) in [("options", options), ("dictionary", dictionary)] {
      // They were read in full just before.
      if let bytes, let name = try? PickleReader.firstUnknownName(in: ByteString(bytes), path: pickle) {
        return (pickle, name.description)
      }
    }
    return nil
  }
}
