internal import Hummingbird
internal import VisualSemanticEmbedding

extension ServerAPI {
  /// `POST /api/embed`: the vectors of sentences, or of a photo.
  func embed(_ request: Request, _ context: ServerContext) async throws -> Response {
    let content = try await bodies.content(of: request, context: context)
    if let photo = try await onlyPhoto(of: content) {
      guard content.json == nil else { throw APIError.bad("give either texts or a photo") }
      let vector = try await compute.perform { try $0.vector(of: photo) }
      return .json(EmbedReply(vectors: [vector], unknownWords: [[]]))
    }
    let texts = try content.decode(EmbedBody.self).texts
    guard (1...limits.texts).contains(texts.count) else {
      throw APIError.bad("texts should be 1 to \(limits.texts) sentences")
    }
    try limits.check(texts: texts)
    defer { withExtendedLifetime(content.part) {} }
    let vectors = try await embed(texts)
    return .json(EmbedReply(vectors: vectors.map(\.vector), unknownWords: vectors.map(\.unknownWords)))
  }

  /// The vectors of many sentences, a part of them after the other: between two parts the requests of others come to
  /// their turn, and each part is encoded together with the sentences of theirs.
  private func embed(_ texts: [String]) async throws -> [SentenceVector] {
    let words = texts.map { Caption($0).count }
    // Those of one length are encoded in one pass, so they should be in one part.
    var rest = texts.indices.sorted { (words[$0], $0) < (words[$1], $1) }[...]
    var vectors = [SentenceVector](repeating: ([], []), count: texts.count)
    while let first = rest.first {
      var count = 0
      var total = 0
      for place in rest {
        total += words[place]
        guard place == first || total <= limits.wordsAtOnce else { break }
        count += 1
      }
      let part = rest.prefix(count)
      for (place, vector) in zip(part, try await compute.embed(part.map { texts[$0] })) {
        vectors[place] = vector
      }
      rest = rest.dropFirst(count)
    }
    return vectors
  }
}
