import Foundation
import Retrieval
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct AddingTests {
  private let toy: ToyIndex

  init() throws { toy = try ToyIndex() }

  @Test(arguments: Precision.allCases)
  func whatIsAddedIsThereAfterwards(precision: Precision) throws {
    let features = try toy.features(7)
    let index = try toy.open(IndexOptions(precision: precision))
    let captions = try index.add(captions: ToyIndex.captions(ToyIndex.lines(20)))
    #expect(captions.added == 20 && captions.replaced == 0 && captions.unchanged == 0)
    let photos = try index.add(features: features, names: ToyIndex.names(7))
    #expect(photos.added == 7)

    let reopened = try EmbeddingIndex(path: toy.path)
    let summary = try reopened.summary()
    #expect(summary.photos == 7 && summary.captions == 20 && summary.rows == 27 && summary.unusedRows == 0)
    #expect(summary.precision == precision && summary.dim == 24)
    #expect(try reopened.items(ItemFilter(kind: .caption)).map(\.name) == ToyIndex.lines(20))
    #expect(try reopened.items(ItemFilter(kind: .photo)).map(\.name) == ToyIndex.names(7))
    let tolerance: Float = precision == .float32 ? 0 : 1e-2
    for item in try reopened.items(ItemFilter(kind: .caption)) {
      let found = try reopened.vector(of: item)
      #expect(maximumAbsoluteDifference(found, try toy.vector(item.name)) <= tolerance)
    }
    let images = try toy.model.imageVectors(of: features, rows: Array(0..<7))
    for (item, expected) in zip(try reopened.items(ItemFilter(kind: .photo)), images) {
      #expect(maximumAbsoluteDifference(try reopened.vector(of: item), expected) <= max(tolerance, 1e-6))
    }
  }

  @Test func addingAgainChangesNothing() throws {
    let index = try toy.open()
    for round in 0..<3 {
      let report = try index.add(captions: ToyIndex.captions(ToyIndex.lines(10)))
      #expect(report.added == (round == 0 ? 10 : 0) && report.unchanged == (round == 0 ? 0 : 10))
      let photos = try index.add(features: toy.features(5), names: ToyIndex.names(5))
      #expect(photos.added == (round == 0 ? 5 : 0) && photos.unchanged == (round == 0 ? 0 : 5))
    }
    #expect(try index.summary().rows == 15)
  }

  @Test func changedContentIsReplaced() throws {
    let index = try toy.open()
    _ = try index.add(features: toy.features(5), names: ToyIndex.names(5))
    let before = try index.items()
    let report = try index.add(features: toy.features(5, seed: 8), names: ToyIndex.names(5))
    #expect(report.replaced == 5 && report.added == 0)
    let after = try index.items()
    #expect(after.map(\.id) == before.map(\.id) && after.map(\.row) == [5, 6, 7, 8, 9])
    #expect(try index.summary().unusedRows == 5)
    let expected = try toy.model.imageVectors(of: toy.features(5, seed: 8), rows: [3])[0]
    #expect(maximumAbsoluteDifference(try index.vector(of: after[3]), expected) <= 1e-6)
  }

  @Test func changedMetadataKeepsTheVector() throws {
    let index = try toy.open()
    _ = try index.add(features: toy.features(3), names: ToyIndex.names(3))
    let labels = ItemLabels(groups: ["trip"], metadata: ["{\"year\":1}", "{}", "{\"year\":2}"])
    let report = try index.add(features: toy.features(3), names: ToyIndex.names(3), labels: labels)
    #expect(report.replaced == 3)
    #expect(try index.items().map(\.row) == [0, 1, 2])
    #expect(try index.items().map(\.group) == ["trip", "trip", "trip"])
    #expect(try index.items(ItemFilter(metadata: ["year": "2"])).map(\.name) == ["photo 2.jpg"])
  }

  @Test func oneTextInTwoGroupsIsTwoItemsAndTwiceInOneIsOne() throws {
    let index = try toy.open()
    let captions = try ToyIndex.captions(["a dog", "a dog", "a dog", "", "a cat"])
    let report = try index.add(captions: captions, labels: ItemLabels(groups: ["1", "2", "1", "2", "2"]))
    #expect(report.added == 3 && report.unchanged == 1 && report.emptyCaptions == 1)
    #expect(try index.items().map(\.group) == ["1", "2", "2"])
  }

  @Test func twoSpellingsOfALetterAreTwoCaptions() throws {
    let index = try toy.open()
    let composed = "a caf\u{E9}"
    let decomposed = "a cafe\u{301}"
    let report = try index.add(captions: ToyIndex.captions([composed, decomposed]))
    #expect(report.added == 2 && report.unknownWords == 1)
    #expect(try index.items().map { Array($0.name.utf8) } == [Array(composed.utf8), Array(decomposed.utf8)])
  }

  @Test func captionsOfAllKindsAreKeptAsTheyAre() throws {
    let long = Array(repeating: "dog", count: 2500).joined(separator: " ")
    let lines = [
      #"a "dog" on 'the' beach; DROP TABLE items"#, "a 👩‍👩‍👧 runs", "كلب a dog \u{202E}abc", long,
      #"\ % _ ? -- /*"#,
    ]
    let index = try toy.open()
    #expect(try index.add(captions: ToyIndex.captions(lines)).added == 5)
    #expect(try index.add(captions: ToyIndex.captions(lines)).unchanged == 5)
    #expect(try index.items().map(\.name) == lines)
    for (line, query) in [(lines[0], #"a "dog" on 'the' beach; DROP TABLE items"#), (long, long)] {
      #expect(try index.search(EmbeddingQuery(query), count: 1).hits.first?.item.name == line)
    }
    #expect(long.utf8.count == 9999)
  }

  /// Kept as text, "a \u{FF}" and "a \u{FE}" would be one caption.
  @Test(arguments: [[0x61, 0x20, 0xFF], [0x61, 0x20, 0xFE], Array("a dog\0runs".utf8)])
  func aCaptionWithAZeroOrWithoutUTF8IsRefused(line: [UInt8]) throws {
    let index = try toy.open()
    let captions = try CaptionFile(bytes: Array("a cat\n\n".utf8) + line, path: "captions.txt")
    #expect(throws: IndexError.notText(file: "captions.txt", line: 3)) { try index.add(captions: captions) }
    #expect(try index.items().isEmpty)
  }

  @Test func namesThatWouldTakeEachOthersPlacesAreRefused() throws {
    let index = try toy.open()
    let features = try toy.features(3)
    #expect(throws: IndexError.nameTwice(file: "the names", name: "a", lines: [1, 3])) {
      try index.add(features: features, names: ["a", "b", "a"])
    }
    #expect(throws: IndexError.notText(file: "the names", line: 2)) {
      try index.add(features: features, names: ["a", "b\0c", "b"])
    }
    // Two names to SQLite, and to the file system, whatever Swift says.
    #expect(try index.add(features: features, names: ["\u{E9}", "e\u{301}", "c"]).added == 3)
  }

  @Test func labelsThatTheCatalogueCannotKeepAreRefused() throws {
    let index = try toy.open()
    let captions = try ToyIndex.captions(["a dog", "a cat"])
    #expect(throws: IndexError.notText(file: "the groups", line: 2)) {
      try index.add(captions: captions, labels: ItemLabels(groups: ["a", "b\0c"]))
    }
    for bad in ["", "year", "[1]", "{\"year\": }", "7"] {
      #expect(throws: IndexError.badMetadata(file: "the metadata", line: 2)) {
        try index.add(captions: captions, labels: ItemLabels(metadata: ["{\"year\": 1}", bad]))
      }
    }
    let labels = ItemLabels(
      groups: ["a", "b"], metadata: ["{\"big\": 12345678901234567890}", "{\"big\":7}"])
    _ = try index.add(captions: captions, labels: labels)
    #expect(try index.verify().isSound)
    for (value, name) in [
      ("12345678901234567890", "a dog"), ("1.2345678901234567e+19", "a dog"), ("7", "a cat"),
    ] {
      #expect(try index.items(ItemFilter(metadata: ["big": value])).map(\.name) == [name])
    }
    #expect(try index.items(ItemFilter(metadata: ["small": "7"])).isEmpty)
  }

  @Test func aModelThatMovedIsFoundWhereItIsNow() throws {
    _ = try toy.open().add(captions: ToyIndex.captions(["a dog"]))
    let moved = toy.folder.path("moved.safetensors")
    try FileManager.default.moveItem(atPath: toy.modelPath, toPath: moved)
    #expect(throws: IndexError.self) { try EmbeddingIndex(path: toy.path).model() }
    _ = try EmbeddingIndex.opening(path: toy.path, model: toy.model, modelPath: moved)
    #expect(try EmbeddingIndex(path: toy.path).model().identity == toy.model.identity)
  }

  @Test func anotherModelIsRefusedWithTheCommandThatRebuilds() throws {
    _ = try toy.open().add(captions: ToyIndex.captions(["a dog"]))
    let other = try ToyIndex(seed: 2)
    let error = #expect(throws: IndexError.self) {
      try EmbeddingIndex.opening(path: toy.path, model: other.model, modelPath: "other.safetensors")
    }
    let text = try #require(error).description
    #expect(text.contains("another model") && text.contains("vse index add NEW --model other.safetensors"))
    #expect(throws: IndexError.self) { try EmbeddingIndex(path: toy.path, model: other.model) }
  }

  @Test func aModelIsTheSameWhateverItsFileSays() throws {
    let copy = try ModelFile.read(toy.modelPath)
    #expect(copy.identity == toy.model.identity)
    let other = EmbeddingModel(
      network: copy.network, vocabulary: copy.vocabulary, training: TrainingOptions())
    #expect(other.identity == toy.model.identity)
    let words = ToyIndex.words.map { Word($0) }.reversed()
    let renamed = EmbeddingModel(
      network: copy.network, vocabulary: try Vocabulary(words: words, scheme: .kiros))
    #expect(renamed.identity != toy.model.identity)
    copy.network.parameters["image_projection.bias"]?[0, 3] += 1e-6
    #expect(copy.identity != toy.model.identity)
  }

  @Test func whatIsNoIndexIsLeftAlone() throws {
    #expect(throws: IndexError.notAnIndex(path: toy.path)) { try EmbeddingIndex(path: toy.path) }
    try FileManager.default.createDirectory(atPath: toy.path, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: toy.path + "/notes.txt"))
    #expect(throws: IndexError.folderIsTaken(path: toy.path)) { try toy.open() }
    #expect(throws: IndexError.folderIsTaken(path: toy.modelPath)) {
      try EmbeddingIndex.opening(path: toy.modelPath, model: toy.model, modelPath: toy.modelPath)
    }
  }

  /// Names that only look like those of an index are somebody else's.
  @Test(arguments: ["vectors-holiday.npy", "vectors-1.bin.bak", "mine.graph", "essay.new", "photos-a.graph"])
  func filesOfOthersAreLeftAlone(name: String) throws {
    try FileManager.default.createDirectory(atPath: toy.path, withIntermediateDirectories: true)
    let file = toy.path + "/" + name
    try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
    #expect(throws: IndexError.folderIsTaken(path: toy.path)) { try toy.open() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: toy.path) == [name])

    // They may come into the folder of an index later.
    try FileManager.default.removeItem(atPath: file)
    _ = try toy.open().add(captions: ToyIndex.captions(["a dog"]))
    try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
    let left = ["vectors-7.bin", ".captions-1.graph.tmp-1-a", "photos-12.graph"].map { toy.path + "/" + $0 }
    for path in left { try Data("left".utf8).write(to: URL(fileURLWithPath: path)) }
    #expect(try toy.open().add(captions: ToyIndex.captions(["a cat"])).added == 1)
    #expect(try bytes(ofFile: file) == Array("mine".utf8))
    for path in left { #expect(!FileManager.default.fileExists(atPath: path)) }
  }

  @Test func featuresOfAnotherNetworkAreRefused() throws {
    let path = toy.folder.path("wide.npy")
    let values = [Float](repeating: 0.5, count: 2 * 13)
    try writeFloat32(values, shape: [2, 13], to: path)
    let table = try FeatureTable(path: path)
    #expect(throws: IndexError.wrongWidth(path: path, found: 13, expected: 12)) {
      try toy.open().add(features: table, names: ["a", "b"])
    }
  }

  @Test func stoppingKeepsTheBlocksThatAreDone() throws {
    struct Stop: Error {}
    let index = try toy.open()
    let lines = ToyIndex.lines(9000)
    let distinct = Set(lines).count
    #expect(throws: Stop.self) {
      try index.add(captions: ToyIndex.captions(lines)) { done in if done > 0 { throw Stop() } }
    }
    let kept = try index.summary().captions
    #expect(kept > 0 && kept < distinct)
    let report = try index.add(captions: ToyIndex.captions(lines))
    #expect(report.added == distinct - kept)
    #expect(try index.summary().captions == distinct)
    #expect(try index.verify().isSound)
  }
}
