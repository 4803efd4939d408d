/// The words that a model knows, in the order of their token indices.
///
/// The first word has the scheme's index `firstWord`; a word that is not here reads as `scheme.unknown`, and so
/// does one whose index is not below `embeddingRows`.
public struct Vocabulary: Sendable, Equatable {
  /// Which indices are special and how a caption is wrapped.
  public let scheme: TokenScheme
  /// The number of rows of the word embedding, V; token indices are below it.
  public let embeddingRows: Int
  let table: WordTable

  /// Creates a vocabulary of `words` in index order.
  ///
  /// `embeddingRows` is the number of word vectors where it is not that of the words and special indices
  /// together. Throws `VocabularyError`, with positions counted from 1 as lines, when a word is empty, has
  /// a line feed or stands twice, or when the special indices do not fit into the rows.
  public init(
    words: some Sequence<Word>, scheme: TokenScheme, embeddingRows: Int? = nil
  ) throws(VocabularyError) {
    var table = WordTable()
    let reader = VocabularyReader(source: "vocabulary")
    for word in words {
      if word.bytes.contains(.lineFeed) {
        throw .whiteSpaceInWord(source: reader.source, line: table.count + 1, word: word)
      }
      try reader.add(word.bytes.span, to: &table)
    }
    try self.init(table: table, scheme: scheme, embeddingRows: embeddingRows)
  }

  init(table: WordTable, scheme: TokenScheme, embeddingRows: Int?) throws(VocabularyError) {
    let rows = embeddingRows ?? table.count + Int(scheme.firstWord)
    guard rows >= Int(scheme.firstWord), rows <= Int(Int32.max) else {
      throw .rowsOutOfRange(rows: rows, minimum: Int(scheme.firstWord))
    }
    self.table = table
    self.scheme = scheme
    self.embeddingRows = rows
  }

  /// The number of words, special tokens not counted.
  public var wordCount: Int { table.count }

  /// The words in index order.
  ///
  /// - Complexity: O(words).
  public var words: [Word] { (0..<table.count).map { table[$0] } }

  /// The number of rows that the original's recipe gives the word embedding: that of the words.
  ///
  /// There the indices of the rarest words, as many as there are special indices, have no row and read as
  /// unknown. A vocabulary smaller than the special indices keeps a row for each of these.
  public static func rowsLeavingOutRarest(ofWords count: Int, scheme: TokenScheme) -> Int {
    max(count, Int(scheme.firstWord))
  }
}
