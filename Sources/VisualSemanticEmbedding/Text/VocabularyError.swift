public import Foundation

/// Why words make no vocabulary.
public enum VocabularyError: Error, Equatable, Sendable {
  /// The captions hold no word that occurs as often as asked.
  case noFrequentWord(minimumCount: Int)
  /// A line has no word.
  case emptyWord(source: String, line: Int)
  /// A word has white space inside, so that no caption can hold it.
  case whiteSpaceInWord(source: String, line: Int, word: Word)
  /// A word stands on two lines.
  case duplicateWord(source: String, line: Int, firstLine: Int, word: Word)
  /// The special tokens do not fit into the rows of the word embedding, or the rows exceed 32 bits.
  case rowsOutOfRange(rows: Int, minimum: Int)
}

extension VocabularyError: CustomStringConvertible, LocalizedError {
  /// The same message as `description`.
  public var errorDescription: String? { description }

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .noFrequentWord(let minimumCount):
      "vocabulary: no word of the captions occurs \(minimumCount) times or more; ask for fewer (--min-count)"
    case .emptyWord(let source, let line):
      "\(source), line \(line): no word here; every line should hold one"
    case .whiteSpaceInWord(let source, let line, let word):
      "\(source), line \(line): \(word.quoted) has white space inside; put one word on each line"
    case .duplicateWord(let source, let line, let firstLine, let word):
      "\(source), line \(line): \(word.quoted) is already on line \(firstLine); remove one of them"
    case .rowsOutOfRange(let rows, let minimum):
      "vocabulary: \(rows) word vectors; there should be at least \(minimum), one for each special token, "
        + "and at most \(Int32.max)"
    }
  }
}
