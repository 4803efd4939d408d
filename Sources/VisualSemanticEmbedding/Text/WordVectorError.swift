public import DataFormats
public import Foundation

/// Why a file does not give word vectors.
public enum WordVectorError: Error, Equatable, Sendable {
  /// The file cannot be read.
  case file(FileError)
  /// There is no vector in it.
  case empty(path: String)
  /// A row has more or fewer numbers than a word vector.
  case wrongWidth(path: String, line: Int, found: Int, expected: Int)
  /// The header says that rows have more or fewer numbers than a word vector.
  case wrongHeader(path: String, found: Int, expected: Int)
  /// What should be a number of a known word is none, or not finite.
  case notANumber(path: String, line: Int, text: String)
  /// There are fewer rows than the header says.
  case truncated(path: String, found: Int, expected: Int)
}

extension WordVectorError: CustomStringConvertible, LocalizedError {
  /// The same message as `description`.
  public var errorDescription: String? { description }

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .empty(let path):
      "\(quoted(path)) has no word vectors; give a text file in the format of GloVe or word2vec, unpacked"
    case .wrongWidth(let path, let line, let found, let expected):
      "\(quoted(path)), line \(line): \(found) numbers after the word, but --word-dim is \(expected); give that of "
        + "the file, which must be text in the format of GloVe or word2vec, unpacked"
    case .wrongHeader(let path, let found, let expected):
      "\(quoted(path)), line 1: vectors of \(found) numbers, but --word-dim is \(expected); give --word-dim \(found)"
    case .notANumber(let path, let line, let text):
      "\(quoted(path)), line \(line): \(text.debugDescription) is no finite number; take a copy of the file"
    case .truncated(let path, let found, let expected):
      "\(quoted(path)): ends after \(found) of \(expected) vectors; take a copy of the file"
    }
  }
}
