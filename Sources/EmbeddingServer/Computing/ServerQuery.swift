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
  var wantsVectors = false

  /// Its sentences and words.
  var texts: [String] { terms.compactMap { if case .text(let text) = $0.source { text } else { nil } } }

  /// Its photos.
  var photos: [PreparedPhoto] {
    terms.compactMap { if case .photo(let photo) = $0.source { photo } else { nil } }
  }
}

/// The answer to a query.
struct QueryAnswer: Sendable {
  var result: SearchResult
  /// The vectors of the hits, where they were wanted.
  var vectors: [[Float]]?
}

/// A photo decoded, resized and normalized: the numbers [3 · S · S] that a network takes.
struct PreparedPhoto: Sendable {
  var input: [Float]
}
