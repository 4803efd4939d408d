public import Foundation

/// Why a pickle is no dictionary that gives each word its index.
public enum WordDictionaryError: Error, Equatable, Sendable {
  /// The file holds something else.
  case notADictionary(path: String)
  /// More than a dictionary and the words' counts.
  case tooManyPickles(path: String, count: Int)
  /// A key, counted from 1, is no string.
  case notAWord(path: String, position: Int)
  /// A word is empty or has a line feed.
  case unusableWord(path: String, word: Word)
  /// A word that captions are to be looked up with has white space, which parts words.
  case whiteSpaceInWord(path: String, word: Word)
  /// There is no word.
  case noWords(path: String)
  /// The same bytes stand twice, once as bytes and once as text.
  case repeatedWord(path: String, word: Word)
  /// The value of a word is no whole number.
  case notAnIndex(path: String, word: Word)
  /// A word has the index of a special token, or a negative one.
  case reservedIndex(path: String, word: Word, index: Int, firstIndex: Int)
  /// Two words have one index.
  case sharedIndex(path: String, index: Int, first: Word, second: Word)
  /// No word has an index that is below another word's.
  case hole(path: String, index: Int, beyond: Word, at: Int)
}

extension WordDictionaryError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .notADictionary(let path):
      "\(path): should hold a dictionary of words and their indices; give that of a model"
    case .tooManyPickles(let path, let count):
      "\(path): holds \(count) pickles, expected a dictionary and perhaps the words' counts; give a dictionary"
    case .notAWord(let path, let position):
      "\(path): key \(position) is no string; a dictionary should give each word its index"
    case .unusableWord(let path, let word):
      "\(path): the word \(word.quoted) is empty or has a line feed, which no caption can hold; remove it"
    case .whiteSpaceInWord(let path, let word):
      "\(path): the word \(word.quoted) has white space, so no caption can hold it; remove it"
    case .noWords(let path):
      "\(path): holds no words, so every word would be unknown; give the dictionary of a model"
    case .repeatedWord(let path, let word):
      "\(path): the word \(word.quoted) stands twice, as bytes and as text; remove one of them"
    case .notAnIndex(let path, let word):
      "\(path): the value of \(word.quoted) is no index; a dictionary should give each word a whole number"
    case .reservedIndex(let path, let word, let index, let firstIndex):
      "\(path): the word \(word.quoted) has the index \(index); words start at \(firstIndex), what is below is special"
    case .sharedIndex(let path, let index, let first, let second):
      "\(path): the words \(first.quoted) and \(second.quoted) have the same index \(index); each needs its own"
    case .hole(let path, let index, let word, let found):
      "\(path): no word has the index \(index), while \(word.quoted) has \(found); the indices should have no gaps"
    }
  }
}
