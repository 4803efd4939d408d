internal import Retrieval

/// A query as it comes from a client: what its parts are, before anything is computed.
struct ServerQuery: Sendable {
  /// A part of the sum.
  struct Term: Sendable {
    enum Source: Sendable {
      case text(String)
      /// A photo as its network wants it.
      case photo(PreparedPhoto)
      /// An item of the index by its number.
      case item(Int64)
    }

    var source: Source
    var weight: Float = 1
  }

  var terms: [Term]
  /// Without a kind of its own the filter gets photos, or captions where the index has no photos.
  var options: SearchOptions

  /// Its sentences and words.
  var texts: [String] { terms.compactMap { if case .text(let text) = $0.source { text } else { nil } } }

  /// Its photos.
  var photos: [PreparedPhoto] {
    terms.compactMap { if case .photo(let photo) = $0.source { photo } else { nil } }
  }
}

/// The vector of a sentence, and the words of it that the model does not know.
typealias SentenceVector = (vector: [Float], unknownWords: [String])

/// A photo decoded, resized and normalized: the numbers [3 · S · S] that a network takes.
struct PreparedPhoto: Sendable {
  let input: [Float]
  /// Counts the numbers for as long as they are there.
  let part: ByteBudget.Part
}
