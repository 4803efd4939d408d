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
  init(_ pickles: [PickleValue], path: String) throws(KirosDictionaryError) {
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

/// Words by consecutive indices, from the entries of a dictionary that gives each word its index.
struct IndexedWords {
  /// The words in the order of their indices, `firstIndex` first.
  let words: [Word]

  /// Throws unless each index from `firstIndex` on stands once; `path` is for messages.
  init(
    _ entries: [PickleDictionary.Entry], firstIndex: Int, path: String
  ) throws(KirosDictionaryError) {
    let indices = firstIndex..<firstIndex + entries.count
    var places = [Word?](repeating: nil, count: entries.count)
    var outside: (word: Word, index: Int)?
    for (position, entry) in entries.enumerated() {
      guard let bytes = entry.key.stringBytes else { throw .notAWord(path: path, position: position + 1) }
      let word = Word(bytes: bytes)
      guard !bytes.isEmpty, !bytes.contains(.lineFeed) else { throw .unusableWord(path: path, word: word) }
      guard let index = entry.value.int else { throw .notAnIndex(path: path, word: word) }
      guard index >= firstIndex else {
        throw .reservedIndex(path: path, word: word, index: index, firstIndex: firstIndex)
      }
      guard index < indices.upperBound else {
        outside = (word, index)
        continue
      }
      if let other = places[index - firstIndex] {
        throw .sharedIndex(path: path, index: index, first: other, second: word)
      }
      places[index - firstIndex] = word
    }
    words = places.compactMap(\.self)
    if let outside, let hole = places.firstIndex(of: nil) {
      throw .hole(path: path, index: firstIndex + hole, beyond: outside.word, at: outside.index)
    }
  }
}

extension Vocabulary {
  /// The vocabulary of words that a file holds in index order; `path` is for messages.
  init(
    _ words: [Word], path: String, scheme: TokenScheme, embeddingRows: Int? = nil
  ) throws {
    var table = WordTable()
    for word in words {
      // A dictionary of Python's can have 'é' as bytes and as text; here they are one word.
      guard table.insert(word.bytes.span).isNew else {
        throw KirosDictionaryError.repeatedWord(path: path, word: word)
      }
    }
    try self.init(table: table, scheme: scheme, embeddingRows: embeddingRows)
  }
}
