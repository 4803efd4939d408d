internal import DataFormats

/// Words by consecutive indices, from the entries of a dictionary that gives each word its index.
struct IndexedWords {
  /// The words in the order of their indices, `firstIndex` first.
  let words: [Word]

  /// Throws unless each index from `firstIndex` on stands once; `path` is for messages.
  init(
    _ entries: [PickleDictionary.Entry], firstIndex: Int, path: String
  ) throws(WordDictionaryError) {
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
        throw WordDictionaryError.repeatedWord(path: path, word: word)
      }
    }
    try self.init(table: table, scheme: scheme, embeddingRows: embeddingRows)
  }
}
