extension Vocabulary {
  /// The words in index order joined by line feeds, whatever their bytes; what a model file keeps.
  ///
  /// - Complexity: O(bytes).
  public var serialized: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(table.bytes.count + table.count)
    for number in 0..<table.count {
      if number > 0 { bytes.append(.lineFeed) }
      bytes.append(contentsOf: table.bytes[table.starts[number]..<table.starts[number + 1]])
    }
    return bytes
  }

  /// Reads what `serialized` gives; `source` is the name that messages give it.
  ///
  /// Throws `VocabularyError` as `init(words:scheme:embeddingRows:)` does.
  public init(
    serialized bytes: [UInt8], source: String, scheme: TokenScheme, embeddingRows: Int? = nil
  ) throws(VocabularyError) {
    var table = WordTable()
    let reader = VocabularyReader(source: source)
    if !bytes.isEmpty { try reader.addLines(of: bytes.span, to: &table) }
    try self.init(table: table, scheme: scheme, embeddingRows: embeddingRows)
  }

  /// Reads a text file with a word a line in index order; LF or CRLF, the last line may end with the file.
  ///
  /// Throws `TextFileError` when the file cannot be read or is empty, and `VocabularyError`, with the line, when
  /// a line has no word, two words, or one that an earlier line has.
  public init(contentsOf path: String, scheme: TokenScheme) throws {
    var bytes = try readTextFile(path, holding: .vocabulary)
    guard !bytes.isEmpty else { throw TextFileError.empty(file: path, contents: .vocabulary) }
    if bytes.last == .lineFeed { bytes.removeLast() }
    var table = WordTable()
    let reader = VocabularyReader(source: path)
    try reader.addLines(of: bytes.span, asText: true, to: &table)
    try self.init(table: table, scheme: scheme, embeddingRows: nil)
  }
}

/// Adds words to a table line by line and refuses those that make no vocabulary.
struct VocabularyReader {
  /// The name that messages give what is read.
  let source: String

  /// Adds the word of the next line.
  ///
  /// Each line adds one word, so the line follows from the number of words there are.
  func add(_ word: Span<UInt8>, to table: inout WordTable) throws(VocabularyError) {
    let line = table.count + 1
    guard !word.isEmpty else { throw .emptyWord(source: source, line: line) }
    let (number, isNew) = table.insert(word)
    guard isNew else {
      throw .duplicateWord(source: source, line: line, firstLine: number + 1, word: table[number])
    }
  }

  /// Adds the words of all lines; as text, a carriage return before the line feed is no part of the word, and
  /// white space inside a word is an error.
  func addLines(
    of bytes: Span<UInt8>, asText: Bool = false, to table: inout WordTable
  ) throws(VocabularyError) {
    var start = 0
    for position in 0...bytes.count where position == bytes.count || bytes[position] == .lineFeed {
      var end = position
      if asText, end > start, bytes[end - 1] == .carriageReturn { end -= 1 }
      let word = bytes.extracting(start..<end)
      if asText { try checkWhiteSpace(in: word, line: table.count + 1) }
      try add(word, to: &table)
      start = position + 1
    }
  }

  private func checkWhiteSpace(in word: Span<UInt8>, line: Int) throws(VocabularyError) {
    var isBlank = true
    var hasWhiteSpace = false
    for index in word.indices {
      if word[index].isWhiteSpace { hasWhiteSpace = true } else { isBlank = false }
    }
    if hasWhiteSpace, !isBlank {
      throw .whiteSpaceInWord(source: source, line: line, word: Word(bytes: word.indices.map { word[$0] }))
    }
    if isBlank { throw .emptyWord(source: source, line: line) }
  }
}
