import DataFormats
import Foundation
import Galleries
import Retrieval
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Pages of small indexes, with a model that was never trained: what is equal stays equal.
@Suite struct IndexPageTests {
  private let folder: TemporaryFolder
  private let index: EmbeddingIndex

  private struct NoPhotos: ThumbnailMaker {
    func thumbnail(ofPhotoAt path: String) throws -> Thumbnail {
      if path.hasSuffix("gone.jpg") { throw ThumbnailFailure(reason: "there is no such photo") }
      return Thumbnail(jpeg: Array(path.utf8), width: 4, height: 3)
    }
  }

  private static let words = ["dog", "cat", "<b>", "bird"]

  init() throws {
    folder = try TemporaryFolder()
    let vocabulary = try Vocabulary(words: Self.words.map { Word($0) }, scheme: .kiros)
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        encoder: .gru, dim: 4, wordDim: 3, imageDim: 4, vocabularySize: vocabulary.embeddingRows))
    var generator = SeededRandomNumberGenerator(seed: 3)
    network.initialize(using: &generator)
    let model = EmbeddingModel(network: network, vocabulary: vocabulary)
    try ModelFile.write(model, to: folder.path("model.safetensors"))
    index = try EmbeddingIndex.opening(
      path: folder.path("a & b.index"), model: model, modelPath: folder.path("model.safetensors"))
  }

  private func add(_ rows: [[Float]], names: [String], groups: [String] = []) throws {
    let path = folder.path("features-\(names[0].hashValue).npy")
    try NumpyArray.write(ArrayData(rows.flatMap { $0 }, shape: [rows.count, 4]), to: path)
    _ = try index.add(
      features: FeatureTable(path: path), names: names, labels: ItemLabels(groups: groups))
  }

  private func addCaptions(_ lines: [String], groups: [String]) throws {
    let file = try CaptionFile(bytes: Array(lines.joined(separator: "\n").utf8), path: "captions.txt")
    _ = try index.add(captions: file, labels: ItemLabels(groups: groups))
  }

  private func gallery(_ options: IndexGalleryOptions = IndexGalleryOptions()) throws -> IndexGallery {
    var builder = IndexGalleryBuilder(
      index, album: PhotoAlbum(finder: nil, maker: NoPhotos()), options: options)
    var last = 0.0
    let gallery = try builder.build(name: "a & b.index", model: "model.safetensors") { done in
      #expect(done >= last - 1e-9 && done <= 1 + 1e-9)
      last = done
    }
    #expect(last == 1)
    return gallery
  }

  private func name(_ item: ShownItem) -> String {
    switch item {
    case .photo(let photo): photo.name
    case .caption(let text, _): text
    }
  }

  @Test func photosComeWithTheirCaptionsAndNeighbours() throws {
    try add(
      [[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
      names: ["/x/one.jpg", "/x/same.jpg", "/x/other.jpg", "/x/gone.jpg"])
    try addCaptions(["dog", "cat <b>", "bird"], groups: ["/x/one.jpg", "/x/other.jpg", ""])
    let gallery = try gallery()
    #expect(gallery.examples.map { name($0.item) } == ["one.jpg", "same.jpg", "other.jpg", "gone.jpg"])
    let first = gallery.examples[0]
    #expect(
      first.captions.count == 3 && first.captions.map(\.score) == first.captions.map(\.score).sorted(by: >))
    #expect(first.captions.filter(\.isOwn).map(\.text) == ["dog"])
    #expect(first.neighbours.count == 3 && name(first.neighbours[0].item) == "same.jpg")
    #expect(abs(first.neighbours[0].score - 1) < 1e-5)
    // The two that are the same, once.
    let alike = try #require(gallery.lookalikes.first { $0.kind == .photo })
    #expect(alike.examined == 4 && alike.total == 1)
    #expect(alike.pairs.map { [name($0.first), name($0.second)] } == [["one.jpg", "same.jpg"]])
    #expect(gallery.groups.count == 2 && gallery.groups.largest.map(\.items) == [1, 1])
    #expect(gallery.scores.map(\.total) == [12, 6, 3])

    let page = try WellFormedPage(IndexPage(gallery).bytes)
    for text in [
      "a & b.index", "4 photos, 3 captions", "cat <b>", "there is no such photo", "1 pair with 0.99",
    ] {
      #expect(page.text.contains(text), "\(text)")
    }
    #expect(!page.text.contains("/x/") && page.elements["symbol"] == 3)
    #expect(page.attributes["href"]?.count { $0.hasPrefix("data:image/jpeg;base64,") } == 3)
    let identifiers = try #require(page.attributes["id"])
    #expect(Set(identifiers).count == identifiers.count)
    #expect(try gallery.examples == self.gallery().examples)
  }

  @Test func hubsAreWhatIsFoundMostOften() throws {
    var generator = SeededGenerator(seed: 2)
    var rows = (0..<30).map { _ in (0..<4).map { _ in Float.random(in: -1...1, using: &generator) } }
    rows = rows.map { [$0[0], $0[1], $0[2], 1] }
    try add(rows, names: (0..<30).map { "\($0).jpg" })
    try addCaptions((0..<4).map { Self.words[$0] }, groups: [])
    let gallery = try gallery()
    let photos = try #require(gallery.hubs.first { $0.kind == .photo })
    #expect(photos.queryKind == .caption && photos.queries == 4)
    // By the definition: how often each is among the ten best of the four captions.
    var counts: [String: Int] = [:]
    for caption in try index.items(ItemFilter(kind: .caption)) {
      let vector = try index.vector(of: caption)
      let scored = try index.items(ItemFilter(kind: .photo)).map { item in
        (item.name, zip(try index.vector(of: item), vector).reduce(Float(0)) { $0 + $1.0 * $1.1 })
      }
      for (name, _) in scored.sorted(by: { $0.1 > $1.1 }).prefix(10) { counts[name, default: 0] += 1 }
    }
    #expect(photos.neverFound == 30 - counts.count)
    for hub in photos.hubs { #expect(counts[name(hub.item)] == hub.queries) }
    #expect(photos.hubs.count == min(12, counts.values.count { Double($0) > 2 * photos.even }))
  }

  @Test func captionsAloneAndNothingAtAll() throws {
    let empty = try WellFormedPage(IndexPage(try gallery()).bytes)
    #expect(empty.text.contains("0 photos, 0 captions") && empty.text.contains("nothing in the index"))
    try addCaptions(["dog", "cat dog", "dog"], groups: ["1", "2", "3"])
    var options = IndexGalleryOptions()
    options.examples = 2
    let gallery = try gallery(options)
    #expect(gallery.examples.count == 2 && gallery.examples.allSatisfy { $0.captions.isEmpty })
    let pair = try #require(gallery.lookalikes.first?.pairs.first)
    #expect(name(pair.first) == "dog" && name(pair.second) == "dog" && abs(pair.score - 1) < 1e-5)
    #expect(gallery.lookalikes.count == 1 && gallery.hubs.map(\.kind) == [.caption])
    let page = try WellFormedPage(IndexPage(gallery).bytes)
    #expect(page.text.contains("2 of 3 captions, drawn at random") && page.elements["use"] == nil)
  }

  @Test(
    arguments: [
      (0.05, 10), (-0.05, 9), (1, 19), (1.0001, 19), (-1, 0), (-1.1, 0), (0.99, 19), (0.1, 11), (.nan, 10),
    ] as [(Float, Int)])
  func scoresAreCountedByTheirTenths(score: Float, bin: Int) {
    var distribution = ScoreDistribution(name: "")
    distribution.add(score)
    #expect(distribution.counts[bin] == 1 && distribution.total == 1)
  }

  @Test(arguments: [("/a/b.jpg", "b.jpg"), ("a/b.jpg", "a/b.jpg"), ("b.jpg", "b.jpg"), ("", "")])
  func wholePathsAreNotGivenAway(name: String, title: String) {
    #expect(IndexGalleryBuilder.title(name) == title)
  }
}
