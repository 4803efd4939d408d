import DataFormats
import Foundation
import Retrieval
import Tensors
import TestSupport
import Testing

@Suite struct DamageTests {
  private let toy: ToyIndex

  init() throws {
    toy = try ToyIndex()
    let index = try toy.open()
    _ = try index.add(captions: ToyIndex.captions(ToyIndex.lines(30)))
    _ = try index.add(features: toy.features(10), names: ToyIndex.names(10))
  }

  private func change(_ name: String, _ body: (inout [UInt8]) -> Void) throws {
    let path = toy.path + "/" + name
    var content = try bytes(ofFile: path)
    body(&content)
    try Data(content).write(to: URL(fileURLWithPath: path))
  }

  @Test(arguments: [0, 1, 17, 39])
  func aFlippedBitOfAVectorIsFoundAndTheItemLeftOut(row: Int) throws {
    for bit in [0, 7, 30] {
      try change("vectors-1.bin") { $0[4096 + row * 24 * 4 + 11 * 4 + bit / 8] ^= 1 << UInt8(bit % 8) }
      let index = try EmbeddingIndex(path: toy.path)
      let report = try index.verify()
      #expect(report.damagedItems.map(\.row) == [row] && !report.isSound)
      let result = try index.search("a dog", options: SearchOptions(count: 100))
      #expect(result.damagedItems == 1 && result.hits.count == 39)
      #expect(!result.hits.contains { $0.item.row == row })
      #expect(throws: IndexError.self) { try index.vector(of: report.damagedItems[0]) }
      _ = try index.add(captions: ToyIndex.captions(["a dog"]))
      try change("vectors-1.bin") { $0[4096 + row * 24 * 4 + 11 * 4 + bit / 8] ^= 1 << UInt8(bit % 8) }
      #expect(try index.verify().isSound)
    }
  }

  @Test func damagedItemsCanBeRemovedAndAddedAgain() throws {
    try change("vectors-1.bin") { $0[4096 + 5 * 24 * 4] ^= 1 }
    let index = try EmbeddingIndex(path: toy.path)
    let damaged = try index.verify().damagedItems
    _ = try index.add(features: toy.features(1, seed: 99), names: ["photo 0.jpg"])
    #expect(throws: IndexError.self) { try index.compact() }
    try index.remove(ids: damaged.map(\.id))
    #expect(try index.verify().isSound)
    #expect(try index.add(captions: ToyIndex.captions(ToyIndex.lines(30))).added == 1)
    #expect(try index.compact().rowsAfter == 40)
    #expect(
      try index.verify()
        == {
          var report = VerificationReport()
          report.items = 40
          return report
        }())
  }

  @Test func aDamagedHeaderAndAShortFileAreRefused() throws {
    for (name, damage) in [
      ("magic", { (content: inout [UInt8]) in content[0] ^= 1 }), ("width", { $0[16] ^= 1 }),
      ("checksum", { $0[33] ^= 1 }), ("padding", { $0[100] = 1 }), ("short", { $0.removeLast() }),
      ("empty", { $0 = [] }),
    ] {
      let whole = try bytes(ofFile: toy.path + "/vectors-1.bin")
      try change("vectors-1.bin", damage)
      let index = try EmbeddingIndex(path: toy.path)
      #expect(throws: IndexError.self, "\(name)") {
        try index.search("a dog", options: SearchOptions(count: 1))
      }
      #expect(throws: IndexError.self, "\(name)") { try index.add(captions: ToyIndex.captions(["a cat"])) }
      try change("vectors-1.bin") { $0 = whole }
    }
    try FileManager.default.removeItem(atPath: toy.path + "/vectors-1.bin")
    #expect(throws: IndexError.self) {
      try EmbeddingIndex(path: toy.path).search("a dog", options: SearchOptions(count: 1))
    }
  }

  @Test func whatAKilledWriterLeftIsCutOff() throws {
    try change("vectors-1.bin") { $0 += [UInt8](repeating: 0xAB, count: 1000) }
    let index = try EmbeddingIndex(path: toy.path)
    #expect(try index.verify().isSound)
    _ = try index.add(captions: ToyIndex.captions(["the red red dog"]))
    #expect(try index.verify().isSound)
    #expect(try bytes(ofFile: toy.path + "/vectors-1.bin").count == 4096 + 41 * 24 * 4)
    #expect(try index.search("the red red dog", options: SearchOptions(count: 1)).hits.first?.item.row == 40)
  }

  @Test func noFlippedByteOfTheCatalogueEndsTheProcessOrGoesUnseen() throws {
    let whole = try bytes(ofFile: toy.path + "/catalogue.sqlite")
    let sound = try EmbeddingIndex(path: toy.path).items()
    var generator = SeededGenerator(seed: 3)
    var found = 0
    for _ in 0..<60 {
      let place = Int.random(in: 0..<whole.count, using: &generator)
      try change("catalogue.sqlite") { $0[place] ^= UInt8.random(in: 1...255, using: &generator) }
      do {
        let index = try EmbeddingIndex(path: toy.path)
        let isSound = try index.verify().isSound
        if !isSound { found += 1 }
        _ = try index.search("a dog", options: SearchOptions(count: 5))
        // Free room and unused bytes may change unseen, but never an item.
        if isSound { #expect(try index.items() == sound) }
      } catch {
        found += 1
      }
      try change("catalogue.sqlite") { $0 = whole }
    }
    #expect(found > 0)
  }

  @Test func aFileThatIsNoDatabaseIsRefused() throws {
    try change("catalogue.sqlite") { $0 = Array("not a database, whatever its name says".utf8) }
    #expect(throws: IndexError.self) { try EmbeddingIndex(path: toy.path) }
  }
}
