import Foundation
import GRDB
import Retrieval
import Tensors
import TestSupport
import Testing

@Suite struct GraphTests {
  private let toy: ToyIndex

  init() throws { toy = try ToyIndex() }

  private func filled(_ count: Int = 600, _ precision: Precision = .float32) throws -> EmbeddingIndex {
    let index = try toy.open(IndexOptions(precision: precision, approximateFrom: 200))
    _ = try index.add(features: toy.features(count), names: ToyIndex.names(count))
    return index
  }

  private let approximate = SearchOptions(count: 10, filter: ItemFilter(kind: .photo))
  private let exact = SearchOptions(count: 10, filter: ItemFilter(kind: .photo), method: .exact)

  private func recall(_ index: EmbeddingIndex) throws -> Double {
    var found = 0
    for line in ToyIndex.lines(40) {
      let wanted = try index.search(EmbeddingQuery(line), options: exact).hits
      let answer = try index.search(EmbeddingQuery(line), options: approximate)
      #expect(answer.isApproximate)
      // What is found has the scores of an exact search.
      for hit in answer.hits { #expect(wanted.contains(hit) || hit.score <= wanted[9].score) }
      found += Set(answer.hits.map(\.item.id)).intersection(wanted.map(\.item.id)).count
    }
    return Double(found) / 400
  }

  @Test(arguments: Precision.allCases)
  func aGraphFindsNearlyAll(precision: Precision) throws {
    let index = try filled(600, precision)
    #expect(try !index.search("a dog", options: approximate).isApproximate)
    let made = try index.makeGraphs()
    #expect(made.map(\.kind) == [.photo] && made[0].items == 600)
    #expect(try #require(made[0].recall) >= 0.95)
    #expect(try index.makeGraphs().isEmpty)
    #expect(try recall(index) > 0.95)
    let reopened = try EmbeddingIndex(path: toy.path)
    #expect(try recall(reopened) > 0.95)
    #expect(try reopened.graphs().map(\.isCurrent) == [true])
  }

  @Test func itemsThatCameOrWentAfterItAreRight() throws {
    let index = try filled()
    try index.makeGraphs()
    _ = try index.add(features: toy.features(20, seed: 5), names: ToyIndex.names(20).map { "new " + $0 })
    let gone = try index.items(limit: 50).map(\.id)
    try index.remove(ids: gone)
    for line in ToyIndex.lines(20) {
      let answer = try index.search(EmbeddingQuery(line), options: approximate)
      #expect(answer.isApproximate && answer.hits.count == 10)
      #expect(!answer.hits.contains { gone.contains($0.item.id) })
    }
    let new = try index.item(named: "new photo 7.jpg")
    let query = EmbeddingQuery(terms: [.init(.vector(try index.vector(of: new)))])
    #expect(try index.search(query, options: approximate).hits.contains { $0.item.id == new.id })
    #expect(try recall(index) > 0.95)
  }

  @Test func aStaleGraphIsNotUsedAndMadeAnew() throws {
    let index = try filled()
    try index.makeGraphs()
    try index.remove(ids: index.items(limit: 300).map(\.id))
    #expect(try !index.search("a dog", options: approximate).isApproximate)
    #expect(try index.makeGraphs().map(\.items) == [300])
    #expect(try index.search("a dog", options: approximate).isApproximate)
    _ = try index.compact()
    #expect(try !index.search("a dog", options: approximate).isApproximate)
    #expect(try index.graphs().isEmpty)
    try index.makeGraphs()
    #expect(try recall(index) > 0.95)
  }

  @Test func aDamagedOrMissingGraphIsAsIfThereWereNone() throws {
    let index = try filled()
    try index.makeGraphs()
    let path = toy.path + "/photos-1.graph"
    let whole = try bytes(ofFile: path)
    for place in [0, 9, 100, whole.count / 2, whole.count - 1] {
      var content = whole
      content[place] ^= 0x10
      try Data(content).write(to: URL(fileURLWithPath: path))
      let damaged = try EmbeddingIndex(path: toy.path)
      let result = try damaged.search("a dog", options: approximate)
      #expect(!result.isApproximate && result.hasDamagedGraph)
      let report = try damaged.verify()
      #expect(report.damagedGraphs == [.photo] && report.damagedItems.isEmpty && !report.isSound)
      #expect(try damaged.graphs().map { $0.isCurrent } == [false])
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(try !EmbeddingIndex(path: toy.path).search("a dog", options: approximate).isApproximate)
    #expect(try EmbeddingIndex(path: toy.path).verify().damagedGraphs == [.photo])
    #expect(try EmbeddingIndex(path: toy.path).makeGraphs().count == 1)
    #expect(try EmbeddingIndex(path: toy.path).verify().isSound)
    let result = try EmbeddingIndex(path: toy.path).search("a dog", options: approximate)
    #expect(result.isApproximate && !result.hasDamagedGraph)
  }

  @Test func damagedVectorsAreLeftOutThere() throws {
    let index = try filled()
    try index.makeGraphs()
    let best = try index.search("a dog", options: approximate).hits[0].item
    let path = toy.path + "/vectors-1.bin"
    var content = try bytes(ofFile: path)
    content[4096 + best.row * 24 * 4 + 2] ^= 0x01
    try Data(content).write(to: URL(fileURLWithPath: path))
    let result = try EmbeddingIndex(path: toy.path).search("a dog", options: approximate)
    #expect(result.isApproximate && result.damagedItems == 1)
    #expect(!result.hits.contains { $0.item.id == best.id })
  }

  @Test func itSaysWithWhatItsRecallWasMeasured() throws {
    let index = try filled()
    #expect(try index.makeGraphs().map(\.queries) == [.photo])
    _ = try index.add(captions: ToyIndex.captions(ToyIndex.lines(99)))
    #expect(try index.makeGraphs(forced: true).map(\.queries) == [.photo, .photo])
    _ = try index.add(captions: ToyIndex.captions(ToyIndex.lines(120)))
    #expect(try index.makeGraphs(forced: true).map(\.queries) == [.caption, .photo])
    #expect(try EmbeddingIndex(path: toy.path).graphs().map(\.summary.queries) == [.caption, .photo])
  }

  @Test func aNarrowFilterLooksAtAllItLetsThrough() throws {
    let index = try toy.open(IndexOptions(approximateFrom: 200))
    let groups = (0..<600).map { "group \($0 % 20)" }
    _ = try index.add(
      features: toy.features(600), names: ToyIndex.names(600), labels: ItemLabels(groups: groups))
    try index.makeGraphs()
    var narrow = approximate
    narrow.method = .approximate
    narrow.filter.group = "group 7"
    let result = try index.search("a dog", options: narrow)
    #expect(!result.isApproximate && result.candidates == 30 && result.hits.count == 10)
    #expect(result.hits.allSatisfy { $0.item.group == "group 7" })
    narrow.filter.group = nil
    #expect(try index.search("a dog", options: narrow).isApproximate)
  }

  @Test func graphsOfTheFirstFormatCountAsNone() throws {
    let index = try filled()
    try index.makeGraphs()
    let queue = try DatabaseQueue(path: toy.path + "/catalogue.sqlite")
    try queue.write { try $0.execute(sql: "ALTER TABLE graphs DROP COLUMN queries") }
    try queue.close()
    let old = try EmbeddingIndex(path: toy.path)
    #expect(try !old.search("a dog", options: approximate).isApproximate)
    #expect(try old.graphs().isEmpty && old.verify().isSound)
    #expect(try old.makeGraphs().count == 1)
    #expect(try old.search("a dog", options: approximate).isApproximate)
  }
}
