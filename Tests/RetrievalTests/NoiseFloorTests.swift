import Retrieval
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct NoiseFloorTests {
  private let toy: ToyIndex

  init() throws { toy = try ToyIndex() }

  @Test func theChanceIsTheShareOfNoiseThatReachesTheScore() {
    let floor = NoiseFloor(bestScores: [0.1, 0.4, 0.2, 0.3])
    #expect(floor.chance(of: 0.05) == 1 && floor.chance(of: 0.3) == 0.5 && floor.chance(of: 0.35) == 0.25)
    #expect(floor.chance(of: 0.5) == 0 && NoiseFloor(bestScores: []).chance(of: -1) == 0)
  }

  @Test func sentencesAloneAreComparedWithNoise() throws {
    let index = try toy.open()
    #expect(try index.search("a dog", options: SearchOptions(count: 3)).chance == 1)
    _ = try index.add(captions: ToyIndex.captions(ToyIndex.lines(60)))
    _ = try index.add(features: toy.features(40), names: ToyIndex.names(40))
    let item = try index.item(named: "photo 5.jpg")
    for query in [
      EmbeddingQuery(terms: [.init(.item(item))]), EmbeddingQuery("a dog").subtracting("red"),
      EmbeddingQuery(terms: [.init(.vector(try toy.vector("a dog")))]),
      EmbeddingQuery(terms: [.init(.text("a dog"), weight: -1)]),
    ] {
      let result = try index.search(query, options: SearchOptions(count: 3))
      #expect(result.noise == nil && result.chance == 0 && !result.fitsNothing)
    }
    for options in [
      SearchOptions(), SearchOptions(filter: ItemFilter(kind: .photo)),
      SearchOptions(filter: ItemFilter(kind: .photo), hubness: .csls(neighbors: 5)),
    ] {
      let result = try index.search("a dog runs", options: options)
      let noise = try #require(result.noise)
      // The same again, from what is kept and in another process.
      #expect(try index.search("the red cat", options: options).noise == noise)
      #expect(try EmbeddingIndex(path: toy.path).search("a dog runs", options: options).noise == noise)
      #expect(try index.search("a dog", options: options).noise != noise)
      #expect(try index.search(batch: [index.prepare("a dog runs")], options: options)[0].noise == noise)
      #expect(result.chance == noise.chance(of: try #require(result.bestScore)))
    }
  }

  /// The best of the photos for sentences of random words is about as high as that of the noise: half are flagged.
  @Test func halfOfTheNoiseIsTakenForNoise() throws {
    let index = try toy.open()
    _ = try index.add(features: toy.features(200), names: ToyIndex.names(200))
    var generator = SeededGenerator(seed: 4)
    let flagged = try (0..<200).count { _ in
      let words = (0..<5).map { _ in ToyIndex.words.randomElement(using: &generator) ?? "" }
      return try index.search(EmbeddingQuery(words.joined(separator: " ")), options: SearchOptions(count: 1))
        .fitsNothing
    }
    #expect((60...140).contains(flagged), "\(flagged) of 200")
  }

  @Test func graphsHaveTheSameNoise() throws {
    let index = try toy.open(IndexOptions(approximateFrom: 10))
    _ = try index.add(features: toy.features(60), names: ToyIndex.names(60))
    _ = try index.makeGraphs()
    func result(_ method: SearchOptions.Method) throws -> SearchResult {
      try EmbeddingIndex(path: toy.path).search(
        "a dog", options: SearchOptions(filter: ItemFilter(kind: .photo), method: method))
    }
    #expect(try result(.approximate).isApproximate && !result(.exact).isApproximate)
    #expect(try result(.approximate).noise == result(.exact).noise)
  }
}
