import Foundation
import GRDB
import Retrieval
import TestSupport
import Testing

/// Catalogues that others have written, or written in.
@Suite struct CatalogueTests {
  private let toy: ToyIndex

  init() throws { toy = try ToyIndex() }

  /// Runs a statement as SQLite's own tool would.
  private func execute(_ sql: String) throws {
    let queue = try DatabaseQueue(path: toy.path + "/catalogue.sqlite")
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test(arguments: [0, 1, 7])
  func theDatabaseOfAnotherProgramIsLeftAlone(version: Int) throws {
    try FileManager.default.createDirectory(atPath: toy.path, withIntermediateDirectories: true)
    let database = toy.path + "/catalogue.sqlite"
    try execute("CREATE TABLE books (title TEXT); PRAGMA user_version = \(version)")
    let before = try bytes(ofFile: database)
    #expect(throws: IndexError.self) { try toy.open() }
    #expect(throws: IndexError.self) { try EmbeddingIndex(path: toy.path) }
    #expect(try bytes(ofFile: database) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: toy.path) == ["catalogue.sqlite"])
  }

  @Test func anIndexOfBeforeApplicationNumbersOpens() throws {
    _ = try toy.open().add(captions: ToyIndex.captions(["a dog"]))
    try execute("PRAGMA application_id = 0")
    #expect(try toy.open().add(captions: ToyIndex.captions(["a cat"])).added == 1)
  }

  @Test func anEntryThatWasChangedIsNoAnswerAndIsNotSealedAnew() throws {
    let index = try toy.open()
    _ = try index.add(captions: ToyIndex.captions(["a dog", "a cat", "the beach", "the street"]))
    try index.remove(ids: [4])
    try execute("UPDATE items SET name = 'a zebra' WHERE id = 2")
    let reader = try EmbeddingIndex(path: toy.path)
    let result = try reader.search("a dog", count: 10)
    #expect(result.hits.map(\.item.id).sorted() == [1, 3] && result.damagedItems == 1)
    #expect(throws: IndexError.damagedItem(index: toy.path, item: "a zebra")) { try reader.compact() }
    #expect(try reader.verify().damagedItems.map(\.id) == [2])
    try reader.remove(ids: [2])
    #expect(try reader.compact().rowsAfter == 2)
    #expect(try reader.verify().isSound)
  }

  @Test func aFolderInThePlaceOfTheCatalogueIsCalledOne() throws {
    try FileManager.default.createDirectory(
      atPath: toy.path + "/catalogue.sqlite", withIntermediateDirectories: true)
    let error = #expect(throws: IndexError.self) { try EmbeddingIndex(path: toy.path) }
    #expect(try #require(error).description.contains("is a folder"))
  }
}
