internal import Tensors
internal import VisualSemanticEmbedding

/// What tells the noise of one search from that of another.
struct NoiseKey: Hashable {
  var words: Int
  var filter: ItemFilter
  var hubness: HubnessCorrection?
}

extension EmbeddingIndex {
  private static let noiseSentences = 64
  /// Beyond this many words noise does not change any more.
  private static let longestNoise = 20
  /// So many items are looked at at most, drawn evenly: the best of a part is a little lower than that of all.
  private static let noiseItems = 20_000
  /// Noise of so many kinds of searches is kept for as long as the index does not change.
  private static let keptNoise = 64

  /// The noise of a search for a sentence; nil for other queries, with which random words cannot be compared.
  func noise(
    of query: PreparedQuery, in selection: RowSelection, options: SearchOptions, offsets: SearchOffsets?,
    snapshot: IndexSnapshot
  ) throws -> NoiseFloor? {
    guard let words = query.sentenceWords, words > 0, selection.count > 0 else { return nil }
    let key = NoiseKey(
      words: min(words, Self.longestNoise), filter: options.filter, hubness: options.hubness)
    if let known = snapshot.noise[key] { return known }
    let found = snapshot.table.rows.highest(
      1, in: selection.drawnEvenly(Self.noiseItems),
      queries: try model().randomSentences(Self.noiseSentences, words: key.words),
      loweredBy: offsets?.ofRows)
    let noise = NoiseFloor(bestScores: found.compactMap { $0.first?.score })
    if snapshot.noise.count >= Self.keptNoise { snapshot.noise = [:] }
    snapshot.noise[key] = noise
    return noise
  }
}

extension EmbeddingModel {
  /// The vectors [count, D] of sentences of so many words, drawn evenly from the vocabulary; always the same.
  func randomSentences(_ count: Int, words: Int) -> Matrix {
    let known = vocabulary.words
    guard !known.isEmpty else { return Matrix(rows: 0, columns: configuration.dim) }
    var generator = SeededRandomNumberGenerator(seed: UInt64(words))
    // Words of a vocabulary from elsewhere may be none, or two, when a sentence is read.
    let length = words + vocabulary.scheme.wrappingTokenCount
    let sentences = (0..<count).map { _ in
      let text = (0..<words).map { _ in known[generator.integer(below: known.count)].description }
      return vocabulary.tokens(of: Caption(text.joined(separator: " ")))
    }.filter { $0.count == length }
    guard !sentences.isEmpty else { return Matrix(rows: 0, columns: configuration.dim) }
    let tokens = TokenBatch(captions: sentences.map { $0[...] }, vocabulary: configuration.vocabularySize)
    return network.sentenceVectors(tokens).copy()
  }
}
