internal import Tensors
public import VisualSemanticEmbedding

extension EmbeddingModel {
  /// The vector [D] of a sentence, of unit norm, and the words of it that the model does not know.
  ///
  /// - Throws: `QueryError` when it has no word, or only words that the model does not know.
  public func vector(of sentence: String) throws(QueryError) -> (vector: [Float], unknownWords: [String]) {
    let (tokens, unknownWords) = try tokens(of: sentence)
    let vector = vectors(ofTokens: [tokens])[0]
    guard vector.allSatisfy(\.isFinite) else { throw .notFinite }
    return (vector, unknownWords)
  }

  /// The tokens of a sentence, and the words of it that the model does not know.
  ///
  /// - Throws: `QueryError` when it has no word, or only words that the model does not know.
  public func tokens(of sentence: String) throws(QueryError) -> (tokens: [Int32], unknownWords: [String]) {
    let caption = Caption(sentence)
    guard !caption.isEmpty else { throw .empty }
    let unknown = vocabulary.unknownWords(in: caption)
    guard caption.contains(where: { !unknown.contains($0) }) else { throw .onlyUnknownWords(text: sentence) }
    return (vocabulary.tokens(of: caption), unknown.map(\.description))
  }

  /// The most sentences that are encoded at once.
  private static let sentencesAtOnce = 128

  /// The vectors [D] of sentences by their tokens; those of one length are encoded together.
  ///
  /// They have unit norm, unless the model is broken: then some may not be finite.
  public func vectors(ofTokens sentences: [[Int32]]) -> [[Float]] {
    var vectors = [[Float]](repeating: [], count: sentences.count)
    for places in Dictionary(grouping: sentences.indices, by: { sentences[$0].count }).values {
      for start in stride(from: 0, to: places.count, by: Self.sentencesAtOnce) {
        let chosen = places[start..<min(start + Self.sentencesAtOnce, places.count)]
        let batch = TokenBatch(
          captions: chosen.map { sentences[$0][...] }, vocabulary: configuration.vocabularySize)
        let made = network.sentenceVectors(batch)
        for (row, place) in chosen.enumerated() { vectors[place] = made.rowValues(row) }
      }
    }
    return vectors
  }

  /// The vector [D] of an image's features [I], of unit norm.
  ///
  /// - Throws: `QueryError` for another width, or numbers that are not finite.
  public func vector(ofFeatures features: [Float]) throws(QueryError) -> [Float] {
    guard features.count == configuration.imageDim else {
      throw .wrongWidth(found: features.count, expected: configuration.imageDim)
    }
    let vector = network.imageVectors(Matrix(rows: 1, columns: features.count, values: features)).rowValues(0)
    guard vector.allSatisfy(\.isFinite) else { throw .notFinite }
    return vector
  }
}

/// Adds up the parts of a query.
struct QuerySum {
  private var sum: [Float]
  private var parts = 0
  private var whole: [Float]?
  private(set) var unknownWords: [String] = []

  init(dim: Int) { sum = [Float](repeating: 0, count: dim) }

  /// Adds a part; `isUnit` says that it is known to have unit norm.
  mutating func add(_ vector: [Float], weight: Float, isUnit: Bool = true) throws(QueryError) {
    guard vector.count == sum.count else { throw .wrongWidth(found: vector.count, expected: sum.count) }
    // A single part stays as the model made it: its scores are those of an evaluation, to the last bit.
    whole = parts == 0 && weight > 0 && isUnit ? vector : nil
    parts += 1
    for index in sum.indices { sum[index] += weight * vector[index] }
  }

  mutating func add(unknownWords words: [String]) {
    // Byte for byte, as the vocabulary compares them.
    for word in words where !unknownWords.contains(where: { $0.utf8.elementsEqual(word.utf8) }) {
      unknownWords.append(word)
    }
  }

  /// The sum, scaled to unit norm.
  func normalized() throws(QueryError) -> [Float] {
    if let whole { return whole }
    let norm = sum.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard norm.isFinite else { throw .notFinite }
    // Parts that cancel out leave rounding, which is no direction.
    guard norm > 1e-6 else { throw .noDirection }
    return sum.map { Float(Double($0) / norm) }
  }
}

extension EmbeddingIndex {
  /// The vector of a query.
  ///
  /// - Throws: `QueryError`, and what reading the model throws when a part needs it.
  public func prepare(_ query: EmbeddingQuery) throws -> PreparedQuery {
    try prepare(query) { try model().vector(of: $0) }
  }

  /// The same with the vectors of sentences, and their unknown words, from elsewhere, such as a cache.
  package func prepare(
    _ query: EmbeddingQuery, sentence: (String) throws -> (vector: [Float], unknownWords: [String])
  ) throws -> PreparedQuery {
    guard !query.terms.isEmpty else { throw QueryError.empty }
    var sum = QuerySum(dim: try state().dim)
    var items: [Int64] = []
    for term in query.terms {
      switch term.source {
      case .text(let text):
        let (vector, unknown) = try sentence(text)
        sum.add(unknownWords: unknown)
        try sum.add(vector, weight: term.weight)
      case .photo(let path): try sum.add(vector(ofPhoto: path), weight: term.weight)
      case .features(let features):
        try sum.add(model().vector(ofFeatures: features), weight: term.weight)
      case .item(let item):
        try sum.add(vector(of: item), weight: term.weight)
        items.append(item.id)
      case .vector(let vector): try sum.add(vector, weight: term.weight, isUnit: false)
      }
    }
    return PreparedQuery(vector: try sum.normalized(), unknownWords: sum.unknownWords, items: items)
  }

  private func vector(ofPhoto path: String) throws -> [Float] {
    guard let imageEmbedder else { throw QueryError.noImageEmbedder(photo: path) }
    switch imageEmbedder.features(ofPhotos: [path]).first {
    case .success(let features): return try model().vector(ofFeatures: features)
    case .failure(let error): throw QueryError.photo(path: path, reason: "\(error)")
    case nil: throw QueryError.photo(path: path, reason: "its network gave no features")
    }
  }
}
