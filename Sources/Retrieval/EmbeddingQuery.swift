/// What to look for: a weighted sum of sentences, photos and vectors, each of unit norm, scaled to unit norm.
///
/// `"a dog on a beach"` is one; image − word + word of Kiros et al. is
/// `EmbeddingQuery(photo: "car.jpg").subtracting("blue").adding("red")`.
public struct EmbeddingQuery: Sendable, Equatable, ExpressibleByStringLiteral {
  /// A part of the sum.
  public struct Term: Sendable, Equatable {
    /// Where a vector comes from.
    public enum Source: Sendable, Equatable {
      /// A sentence, or a word as the sentence of one word.
      case text(String)
      /// The photo at a path; needs an `ImageEmbedder`.
      case photo(String)
      /// Features of an image, [I].
      case features([Float])
      /// An item of the index, which is then no answer.
      case item(IndexItem)
      /// A vector of the joint space, [D].
      case vector([Float])
    }

    /// Where its vector comes from.
    public var source: Source
    /// What the vector, scaled to unit norm, is multiplied by; negative to move away from it.
    public var weight: Float

    /// A part with a weight.
    public init(_ source: Source, weight: Float = 1) {
      self.source = source
      self.weight = weight
    }
  }

  /// The parts.
  public var terms: [Term]

  /// A sum of parts.
  public init(terms: [Term]) { self.terms = terms }

  /// A sentence.
  public init(_ text: String) { terms = [Term(.text(text))] }

  /// A sentence.
  public init(stringLiteral text: String) { self.init(text) }

  /// The photo at `path`.
  public init(photo path: String) { terms = [Term(.photo(path))] }

  /// The sentence that it is, where it is one and nothing else.
  var sentence: String? {
    guard terms.count == 1, terms[0].weight > 0, case .text(let text) = terms[0].source else { return nil }
    return text
  }

  /// The query with a sentence or word more.
  public func adding(_ text: String, weight: Float = 1) -> EmbeddingQuery {
    EmbeddingQuery(terms: terms + [Term(.text(text), weight: weight)])
  }

  /// The query with a sentence or word less.
  public func subtracting(_ text: String, weight: Float = 1) -> EmbeddingQuery {
    EmbeddingQuery(terms: terms + [Term(.text(text), weight: -weight)])
  }
}

/// A query as a vector.
public struct PreparedQuery: Sendable, Equatable {
  /// [D], of unit norm.
  public var vector: [Float]
  /// Words of its sentences that the model does not know, each once.
  public var unknownWords: [String]
  /// The items that it is made from, which are no answers.
  public var items: [Int64]
  /// How many words it has, where it is one sentence and nothing else; such a query can be compared with noise.
  public var sentenceWords: Int?

  /// A vector of unit norm that was made elsewhere.
  public init(vector: [Float], unknownWords: [String] = [], items: [Int64] = [], sentenceWords: Int? = nil) {
    self.vector = vector
    self.unknownWords = unknownWords
    self.items = items
    self.sentenceWords = sentenceWords
  }
}
