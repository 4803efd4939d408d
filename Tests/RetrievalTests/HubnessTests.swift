import Retrieval
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct HubnessTests {
  private let toy: ToyIndex

  init() throws { toy = try ToyIndex() }

  private func filled(_ options: IndexOptions = IndexOptions()) throws -> EmbeddingIndex {
    let index = try toy.open(options)
    _ = try index.add(captions: ToyIndex.captions(ToyIndex.lines(60)))
    _ = try index.add(features: toy.features(40), names: ToyIndex.names(40))
    return index
  }

  /// CSLS by its definition, without what is the same for all items of one query: s − r / 2.
  private func reference(
    _ index: EmbeddingIndex, _ query: [Float], kind: IndexItem.Kind, neighbors: Int
  ) throws -> [(id: Int64, score: Float)] {
    let references = try index.items(ItemFilter(kind: kind == .photo ? .caption : .photo)).map {
      try index.vector(of: $0)
    }
    return try index.items(ItemFilter(kind: kind)).map { item in
      let vector = try index.vector(of: item)
      let nearest = references.map { dot($0, vector) }.sorted(by: >).prefix(neighbors)
      return (item.id, dot(vector, query) - nearest.reduce(0, +) / Float(nearest.count) / 2)
    }.sorted { $0.score > $1.score }
  }

  @Test(arguments: Precision.allCases, IndexItem.Kind.allCases)
  func scoresAreThoseOfTheDefinition(precision: Precision, kind: IndexItem.Kind) throws {
    let index = try filled(IndexOptions(precision: precision))
    let options = SearchOptions(
      count: 100, filter: ItemFilter(kind: kind), hubness: .csls(neighbors: 4))
    let plain = try index.search("a red dog", options: SearchOptions(count: 100, filter: options.filter))
    let result = try index.search("a red dog", options: options)
    let expected = try reference(index, toy.vector("a red dog"), kind: kind, neighbors: 4)
    #expect(result.hits.map(\.item.id) == expected.map(\.id))
    #expect(maximumAbsoluteDifference(result.hits.map(\.score), expected.map(\.score)) < 1e-5)
    #expect(
      result.hits.map(\.item.id) != plain.hits.map(\.item.id) && result.bestScore == result.hits[0].score)
    let cosines = Dictionary(uniqueKeysWithValues: plain.hits.map { ($0.item.id, $0.score) })
    for hit in result.hits { #expect(abs(hit.cosine - (try #require(cosines[hit.item.id]))) < 1e-6) }
    for hit in plain.hits { #expect(hit.cosine == hit.score) }
    let mean = expected.reduce(0) { $0 + Double($1.score) } / Double(expected.count)
    #expect(abs(result.moments.mean - mean) < 1e-5)
    let many = try index.search(batch: [index.prepare("a red dog")], options: options)
    #expect(many[0].hits == result.hits && many[0].hubness == result.hubness)
  }

  @Test func whatWasLookedAtIsStated() throws {
    let index = try filled()
    func correction(_ kind: IndexItem.Kind?, _ hubness: HubnessCorrection?) throws -> SearchCorrection? {
      try index.search(
        "a dog", options: SearchOptions(filter: ItemFilter(kind: kind), hubness: hubness)
      ).hubness
    }
    #expect(try correction(nil, nil) == nil)
    let photos = try #require(try correction(.photo, .csls(neighbors: 10)))
    #expect(
      photos.captions == 60 && photos.photos == 0 && photos.looksAt.hasSuffix("60 captions of the index"))
    let captions = try #require(try correction(.caption, .invertedSoftmax(temperature: 0.5)))
    #expect(captions.looksAt == "the scores of each answer with 40 photos of the index")
    let all = try #require(try correction(nil, .csls(neighbors: 2)))
    #expect(all.captions == 60 && all.photos == 40)
  }

  @Test func whatIsAddedCounts() throws {
    let index = try filled()
    let options = SearchOptions(filter: ItemFilter(kind: .photo), hubness: .csls(neighbors: 4))
    #expect(try index.search("a dog", options: options).hubness?.captions == 60)
    let writer = try EmbeddingIndex(path: toy.path)
    _ = try writer.add(captions: ToyIndex.captions(["the dog sleeps on the red street"]))
    let result = try index.search("a red dog", options: options)
    let expected = try reference(index, toy.vector("a red dog"), kind: .photo, neighbors: 4)
    #expect(result.hubness?.captions == 61)
    #expect(
      maximumAbsoluteDifference(result.hits.map(\.score), expected.prefix(10).map(\.score)) < 1e-5)
  }

  @Test func graphsAreNotUsed() throws {
    let index = try filled(IndexOptions(approximateFrom: 10))
    _ = try index.makeGraphs()
    let filter = ItemFilter(kind: .photo)
    #expect(try index.search("a dog", options: SearchOptions(filter: filter)).isApproximate)
    for method in [SearchOptions.Method.automatic, .approximate] {
      let options = SearchOptions(filter: filter, method: method, hubness: .csls(neighbors: 4))
      let result = try index.search("a dog", options: options)
      let expected = try reference(index, toy.vector("a dog"), kind: .photo, neighbors: 4)
      #expect(!result.isApproximate && result.hits.map(\.item.id) == expected.prefix(10).map(\.id))
    }
  }

  @Test func withoutTheOtherKindThereIsNothingToMeasureOn() throws {
    let index = try toy.open()
    let options = SearchOptions(hubness: .csls(neighbors: 10))
    #expect(try index.search("a dog", options: options).hits.isEmpty)
    _ = try index.add(captions: ToyIndex.captions(ToyIndex.lines(9)))
    #expect(throws: IndexError.noReferences(index: toy.path, of: .caption)) {
      try index.search("a dog", options: options)
    }
    #expect(throws: IndexError.noReferences(index: toy.path, of: .caption)) {
      try index.search(batch: [index.prepare("a dog")], options: options)
    }
    _ = try index.add(features: toy.features(1), names: ToyIndex.names(1))
    #expect(try index.search("a dog", options: options).hits.count == 10)
  }
}
