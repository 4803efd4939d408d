internal import DataFormats

/// The dictionary of a model of Kiros et al., which stands alone as well: words with the indices 2, 3, … as the
/// original's `build_dictionary` gives them, whatever their order in the file.
struct KirosDictionary {
  /// The words in the order of their indices.
  let words: [Word]

  /// Reads the pickle at `path`, behind which the words' counts may stand as a second one, as `save_dictionary`
  /// writes them.
  init(path: String) throws {
    try self.init(PickleReader.readAll(path: path), path: path)
  }

  /// Takes what pickles hold for a dictionary; `path` is for messages.
  init(_ pickles: [PickleValue], path: String) throws(WordDictionaryError) {
    guard let entries = pickles.first?.entries else { throw .notADictionary(path: path) }
    guard pickles.count <= 2 else { throw .tooManyPickles(path: path, count: pickles.count) }
    words = try IndexedWords(entries, firstIndex: Int(TokenScheme.kiros.firstWord), path: path).words
  }

  /// The words and their indices as a pickle of protocol 0, an OrderedDict in the order of the
  /// indices, as the original's trainer writes them.
  static func pickle(of vocabulary: Vocabulary) throws -> [UInt8] {
    let first = Int64(vocabulary.scheme.firstWord)
    let entries = vocabulary.words.enumerated().map { number, word in
      PickleDictionary.Entry(
        key: .bytes(ByteString(word.bytes)), value: .integer(PickleInteger(first + Int64(number))))
    }
    return try PickleWriter.pickle(
      .dictionary(PickleDictionary(kind: .ordered, entries: entries)), as: .text)
  }
}
