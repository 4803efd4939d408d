internal import DataFormats
public import Foundation

/// Why there is nothing to look for.
public enum QueryError: Error, Equatable, Sendable {
  /// The query has no part, or a sentence without a word.
  case empty
  /// The model knows no word of a sentence.
  case onlyUnknownWords(text: String)
  /// The parts add up to nothing.
  case noDirection
  /// A weight is NaN, infinite or so large that the sum is not finite.
  case notFinite
  /// A photo is given and the program cannot read photos.
  case noImageEmbedder(photo: String)
  /// A photo cannot be used.
  case photo(path: String, reason: String)
  /// Features or a vector of another width than the model's.
  case wrongWidth(found: Int, expected: Int)
}

extension QueryError: CustomStringConvertible, LocalizedError {
  /// The same message as `description`.
  public var errorDescription: String? { description }

  /// What is wrong, and what to do, in one line.
  public var description: String {
    switch self {
    case .empty: "there is nothing to look for; give a sentence, a photo or an item"
    case .onlyUnknownWords(let text):
      "the model knows no word of \(quoted(text, limit: 100)); use words of the captions that it was trained on "
        + "(usually lower case)"
    case .noDirection: "the parts of the query cancel each other out; give others or other weights"
    case .notFinite: "the query's vector is not finite; give smaller weights, or check the features"
    case .noImageEmbedder(let photo):
      "photo \(quoted(photo)) needs a network; give its features instead, or a program with an ImageEmbedder"
    case .photo(let path, let reason): "photo \(quoted(path)): \(reason)"
    case .wrongWidth(let found, let expected):
      "the query has \(found) features and the model takes \(expected); use the network that its training data "
        + "came from"
    }
  }
}
