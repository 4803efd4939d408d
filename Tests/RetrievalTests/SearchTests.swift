import Retrieval
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct SearchTests {
  private let toy: ToyIndex

  init() throws { toy = try ToyIndex() }

  /// All items with their scores, the best first, by the definition.
  private func reference(_ index: EmbeddingIndex, _ query: [Float], _ filter: ItemFilter = ItemFilter())
    throws
    -> [(id: Int64, score: Float)]
  {
    try index.items(filter).map { ($0.id, $0.row, dot(try index.vector(of: $0), query)) }
      .sorted { ($1.2, $0.1) < ($0.2, $1.1) }.map { ($0.0, $0.2) }
  }

  private func filled(_ precision: Precision = .float32) throws -> EmbeddingIndex {
    let index = try toy.open(IndexOptions(precision: precision))
    let metadata = (0..<60).map { "{\"year\":\(2000 + $0 % 3),\"flash\":\($0 % 2 == 0)}" }
    let groups = (0..<60).map { "group \($0 % 4)" }
    _ = try index.add(
      captions: ToyIndex.captions(ToyIndex.lines(60)), labels: ItemLabels(groups: groups, metadata: metadata))
    _ = try index.add(features: toy.features(40), names: ToyIndex.names(40))
    return index
  }

  @Test(arguments: Precision.allCases)
  func theNearestAreFoundInOrder(precision: Precision) throws {
    let index = try filled(precision)
    for text in ["a dog", "the red cat sleeps", "beach"] {
      for filter in [
        ItemFilter(), ItemFilter(kind: .photo), ItemFilter(kind: .caption), ItemFilter(group: "group 1"),
        ItemFilter(metadata: ["year": "2001"]), ItemFilter(metadata: ["flash": "true", "year": "2002"]),
        ItemFilter(kind: .photo, group: "group 1"),
      ] {
        for count in [1, 7, 1000] {
          let result = try index.search(
            EmbeddingQuery(text), options: SearchOptions(count: count, filter: filter))
          let expected = try reference(index, try toy.vector(text), filter)
          #expect(result.candidates == expected.count)
          #expect(result.hits.count == min(count, expected.count))
          #expect(
            maximumAbsoluteDifference(result.hits.map(\.score), expected.prefix(count).map(\.score)) < 1e-5)
          // Where scores are well apart, the order is that of the definition.
          for (hit, wanted) in zip(result.hits, expected) where hit.item.id != wanted.id {
            let own = try #require(expected.first { $0.id == hit.item.id })
            #expect(abs(own.score - wanted.score) < 1e-5)
          }
        }
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func manyQueriesGiveWhatEachGives(precision: Precision) throws {
    let index = try filled(precision)
    let queries = try ToyIndex.lines(150).map { try index.prepare(EmbeddingQuery($0)) }
    for filter in [ItemFilter(), ItemFilter(kind: .photo), ItemFilter(group: "group 2")] {
      let options = SearchOptions(count: 5, filter: filter)
      let results = try index.search(batch: queries, options: options)
      for (query, result) in zip(queries, results) {
        #expect(result.hits == (try index.search(query, options: options).hits))
      }
    }
  }

  @Test func equalVectorsComeInTheOrderOfTheirRows() throws {
    let index = try toy.open()
    let groups = (0..<300).map { "\($0)" }
    _ = try index.add(
      captions: ToyIndex.captions([String](repeating: "a dog runs", count: 300)),
      labels: ItemLabels(groups: groups))
    let result = try index.search("a red dog", options: SearchOptions(count: 250))
    #expect(result.hits.map(\.item.row) == Array(0..<250))
    #expect(Set(result.hits.map(\.score)).count == 1)
  }

  @Test func thresholdsAndItemsAsQueries() throws {
    let index = try filled()
    let all = try index.search("a dog", options: SearchOptions(count: 100))
    let limit = all.hits[9].score
    let some = try index.search("a dog", options: SearchOptions(count: 100, threshold: limit))
    #expect(some.hits == Array(all.hits.prefix(10)) && some.bestScore == all.bestScore)
    #expect(try index.search("a dog", options: SearchOptions(threshold: 2)).hits.isEmpty)

    let item = try index.item(named: "photo 5.jpg")
    let like = try index.search(
      EmbeddingQuery(terms: [.init(.item(item))]), options: SearchOptions(count: 100))
    #expect(like.hits.count == 99 && !like.hits.contains { $0.item.id == item.id })
    let same = try index.search(
      EmbeddingQuery(terms: [.init(.vector(try index.vector(of: item)))]), options: SearchOptions(count: 1))
    #expect(same.hits.first?.item == item)
    #expect(abs(try #require(same.bestScore) - 1) < 1e-5)
  }

  @Test func arithmeticIsThatOfTheOriginal() throws {
    let index = try filled()
    let photo = try index.item(named: "photo 3.jpg")
    let query = EmbeddingQuery(terms: [
      .init(.item(photo)), .init(.text("red"), weight: -1), .init(.text("blue"), weight: 0.5),
    ])
    let (image, red, blue) = (try index.vector(of: photo), try toy.vector("red"), try toy.vector("blue"))
    let expected = unit(image.indices.map { image[$0] - red[$0] + 0.5 * blue[$0] })
    let prepared = try index.prepare(query)
    #expect(maximumAbsoluteDifference(prepared.vector, expected) < 1e-6)

    // Re-ranked by the mean of the results: the same ten, by their products with their mean.
    let plain = try index.search(query, options: SearchOptions(count: 10))
    let ranked = try index.search(query, options: SearchOptions(count: 10, reranksByMean: true))
    let vectors = try plain.hits.map { try index.vector(of: $0.item) }
    let mean = (0..<24).map { column in vectors.reduce(Float(0)) { $0 + $1[column] } / 10 }
    let order = plain.hits.indices.sorted { dot(vectors[$0], mean) > dot(vectors[$1], mean) }
    #expect(ranked.hits == order.map { plain.hits[$0] })
    #expect(ranked.hits != plain.hits)
  }

  @Test func wordsThatNobodyKnows() throws {
    let index = try filled()
    let prepared = try index.prepare(EmbeddingQuery("a zebra zebra runs").adding("yak dog"))
    #expect(prepared.unknownWords == ["zebra", "yak"])
    #expect(throws: QueryError.onlyUnknownWords(text: "zebra yak")) { try index.prepare("zebra yak") }
    #expect(throws: QueryError.onlyUnknownWords(text: "yak")) {
      try index.prepare(EmbeddingQuery("a dog").adding("yak"))
    }
    #expect(throws: QueryError.empty) { try index.prepare("  \n ") }
    #expect(throws: QueryError.empty) { try index.prepare(EmbeddingQuery(terms: [])) }
    #expect(throws: QueryError.noDirection) {
      try index.prepare(EmbeddingQuery("a dog").subtracting("a dog"))
    }
    #expect(throws: QueryError.notFinite) {
      try index.prepare(EmbeddingQuery(terms: [.init(.text("a dog"), weight: .infinity)]).adding("a"))
    }
    #expect(throws: QueryError.wrongWidth(found: 3, expected: 24)) {
      try index.prepare(EmbeddingQuery(terms: [.init(.vector([1, 2, 3]))]))
    }
  }

  @Test func whereNobodySaysWhichKindPhotosAreFound() throws {
    let index = try filled()
    #expect(try index.search("a dog", count: 1000).hits.allSatisfy { $0.item.kind == .photo })
    #expect(
      try index.search("a dog", count: 1000).hits.count == index.count(ItemFilter(kind: .photo)))
    try index.remove(ids: index.items(ItemFilter(kind: .photo)).map(\.id))
    let captions = try index.search("a dog", count: 3).hits
    #expect(captions.count == 3 && captions.allSatisfy { $0.item.kind == .caption })
  }

  @Test func vectorsComeWithTheHitsWhereTheyAreAskedFor() throws {
    let index = try filled()
    var options = SearchOptions(count: 5)
    #expect(try index.search("a dog", options: options).hits.allSatisfy { $0.vector == nil })
    options.includesVectors = true
    for hit in try index.search("a dog", options: options).hits {
      #expect(try hit.vector == index.vector(of: hit.item))
    }
  }

  @Test func anEmptyIndexHasNoAnswer() throws {
    let index = try toy.open()
    let result = try index.search("a dog", options: SearchOptions(count: 5))
    #expect(result.hits.isEmpty && result.candidates == 0 && result.bestScore == nil)
    #expect(try index.search(batch: [index.prepare("a dog")]).map(\.hits) == [[]])
    #expect(try index.verify() == VerificationReport())
    #expect(try index.compact() == CompactionReport(rowsBefore: 0, rowsAfter: 0))
    #expect(try index.makeGraphs(forced: true).isEmpty)
  }

  @Test func searchSeesWhatOthersHaveChanged() throws {
    let reader = try filled()
    _ = try reader.search("a dog", options: SearchOptions(count: 3))
    let writer = try EmbeddingIndex(path: toy.path)
    _ = try writer.add(captions: ToyIndex.captions(["the dog sleeps on the red street"]))
    let found = try reader.search("the dog sleeps on the red street", options: SearchOptions(count: 1))
    #expect(found.hits.first?.item.name == "the dog sleeps on the red street")
    let removed = try writer.items(ItemFilter(group: "group 0")).map(\.id)
    #expect(try writer.remove(ids: removed) == 15)
    let before = try reader.search("a dog", options: SearchOptions(count: 1000))
    #expect(!before.hits.contains { removed.contains($0.item.id) } && before.candidates == 86)
    #expect(try writer.compact() == CompactionReport(rowsBefore: 101, rowsAfter: 86))
    let after = try reader.search("a dog", options: SearchOptions(count: 1000))
    #expect(after.hits.map(\.score) == before.hits.map(\.score))
    #expect(after.hits.map(\.item.id) == before.hits.map(\.item.id))
    #expect(try reader.verify().isSound)
  }

  @Test(arguments: [
    nil, HubnessCorrection.csls(neighbors: 3), .csls(neighbors: 1000), .invertedSoftmax(temperature: 0.1),
  ])
  func ranksAreThoseOfAnEvaluation(hubness: HubnessCorrection?) throws {
    let (images, perImage) = (50, 3)
    let features = try toy.features(images)
    let lines = ToyIndex.lines(images * perImage)
    let captions = try ToyIndex.captions(lines)
    let groups = lines.indices.map { ToyIndex.names(images)[$0 / perImage] }
    let index = try toy.open()
    _ = try index.add(features: features, names: ToyIndex.names(images))
    _ = try index.add(captions: captions, labels: ItemLabels(groups: groups))
    let tokens = TokenizedCaptions(captions, vocabulary: toy.model.vocabulary)
    let sentences = toy.model.network.encode(tokens, rows: Array(lines.indices)) { _ in }
    let expected = try CrossModalRanks(
      images: toy.model.network.encode(features, rows: Array(0..<images)), captions: sentences,
      imageOfCaption: lines.indices.map { $0 / perImage }, hubness: hubness)
    let byText = try index.search(
      batch: lines.map { try index.prepare(EmbeddingQuery($0)) },
      options: SearchOptions(count: images, filter: ItemFilter(kind: .photo), hubness: hubness))
    for (number, result) in byText.enumerated() {
      let rank = result.hits.firstIndex { $0.item.name == groups[number] }
      #expect(rank == expected.search[number])
    }
    let vectors = try toy.model.imageVectors(of: features, rows: Array(0..<images))
    let byImage = try index.search(
      batch: vectors.map { PreparedQuery(vector: $0) },
      options: SearchOptions(count: lines.count, filter: ItemFilter(kind: .caption), hubness: hubness))
    for (number, result) in byImage.enumerated() {
      let rank = result.hits.firstIndex { $0.item.group == ToyIndex.names(images)[number] }
      #expect(rank == expected.annotation[number])
    }
  }

  @Test func captionsForImagesWithoutAnIndex() throws {
    let features = try toy.features(9)
    let lines = ToyIndex.lines(40)
    let matcher = try CaptionMatcher(
      model: toy.model, captions: ToyIndex.captions(lines + ["", "a dog", "a dog"]))
    let found = try matcher.captions(for: toy.model.imageVectors(of: features, rows: [2, 5]), count: 4)
    for (row, answer) in zip([2, 5], found) {
      let image = try toy.model.imageVectors(of: features, rows: [row])[0]
      let expected = try Set(lines + ["a dog"]).map { ($0, dot(try toy.vector($0), image)) }.sorted {
        $0.1 > $1.1
      }
      #expect(answer.map(\.text) == expected.prefix(4).map(\.0))
      #expect(maximumAbsoluteDifference(answer.map(\.score), expected.prefix(4).map(\.1)) < 1e-5)
    }
  }
}
