import Retrieval
import Tensors
import Testing

/// Searches that are answered together.
@Suite struct BatchTests {
  @Test func eachOfABatchGetsWhatItWouldGetAlone() throws {
    let toy = try ToyIndex()
    let index = try toy.open()
    _ = try index.add(captions: ToyIndex.captions(ToyIndex.lines(300)))
    _ = try index.add(
      features: toy.features(40), names: ToyIndex.names(40),
      labels: ItemLabels(groups: (0..<40).map { $0 % 2 == 0 ? "even" : "odd" }))
    let item = try index.item(named: "photo 3.jpg")
    let requests = [
      SearchRequest(try index.prepare("a dog")),
      SearchRequest(
        try index.prepare("the red cat"), options: SearchOptions(count: 3, filter: ItemFilter(kind: .photo))),
      SearchRequest(
        try index.prepare("a cat"),
        options: SearchOptions(count: 5, filter: ItemFilter(kind: .photo, group: "odd"), threshold: 0)),
      SearchRequest(
        try index.prepare(EmbeddingQuery(terms: [.init(.item(item))])),
        options: SearchOptions(count: 7, filter: ItemFilter(kind: .photo), reranksByMean: true)),
      SearchRequest(
        try index.prepare("a dog on the beach"),
        options: SearchOptions(count: 300, filter: ItemFilter(kind: .caption))),
    ]
    let answers = try index.search(batch: requests)
    #expect(answers.count == requests.count)
    for (answer, request) in zip(answers, requests) {
      let alone = try index.search(request.query, options: request.options)
      #expect(answer.hits == alone.hits)
      #expect(answer.candidates == alone.candidates)
      #expect(answer.bestScore == alone.bestScore)
      #expect(abs(answer.chance - alone.chance) < 1e-3)
    }
    #expect(!answers[3].hits.contains { $0.item.id == item.id })
  }

  @Test func sentencesOfAllLengthsAreEncodedAsAlone() throws {
    let toy = try ToyIndex()
    let sentences = ToyIndex.lines(300)
    let tokens = try sentences.map { try toy.model.tokens(of: $0).tokens }
    let together = toy.model.vectors(ofTokens: tokens)
    for (sentence, vector) in zip(sentences, together) {
      #expect(dot(vector, try toy.vector(sentence)) > 0.99999)
    }
    #expect(toy.model.vectors(ofTokens: []).isEmpty)
  }

  @Test(arguments: [0, 1, 7, 40, 100])
  func aSampleIsDrawnEvenly(limit: Int) throws {
    let toy = try ToyIndex()
    let index = try toy.open()
    _ = try index.add(captions: ToyIndex.captions(["a dog"]))
    _ = try index.add(features: toy.features(40), names: ToyIndex.names(40))
    let sample = try index.sample(of: .photo, limit: limit)
    let count = min(limit, 40)
    #expect(sample.items.map(\.name) == (0..<count).map { "photo \($0 * 40 / max(count, 1)).jpg" })
    for (row, item) in sample.items.enumerated() {
      #expect(sample.vectors.rowValues(row) == (try index.vector(of: item)))
    }
  }

  @Test func changesAreCounted() throws {
    let toy = try ToyIndex()
    let (index, other) = (try toy.open(), try toy.open())
    let before = try index.changeCount()
    _ = try other.add(captions: ToyIndex.captions(["a dog"]))
    let after = try index.changeCount()
    #expect(after > before)
    try other.remove(ids: [try #require(try other.items().first).id])
    #expect(try index.changeCount() > after)
  }

  @Test func whoDoesNotWantToWaitForTheLockNeedNot() throws {
    struct Refused: Error {}
    let toy = try ToyIndex()
    let (index, other) = (try toy.open(), try toy.open())
    // While one adds, a second one of the same process finds the lock taken.
    _ = try index.add(captions: ToyIndex.captions(["a dog", "a cat"])) { _ in
      #expect(throws: Refused.self) {
        _ = try other.add(captions: ToyIndex.captions(["a red dog"]), waiting: { throw Refused() })
      }
    }
    #expect(try index.items().count == 2)
  }
}
