import Foundation
import Retrieval
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Whether searches rank as an evaluation does, for every query of a real test split: VSE_MODEL=model.safetensors
/// VSE_DATA=folder swift test -c release --filter DatasetRanksTests
@Suite(.enabled(if: ProcessInfo.processInfo.environment["VSE_DATA"] != nil))
struct DatasetRanksTests {
  private let environment = ProcessInfo.processInfo.environment

  /// How many others score as high as the best own item or higher: equal scores count against it.
  private func rank(in result: SearchResult, own isOwn: (IndexItem) -> Bool) -> Int? {
    guard let best = result.hits.first(where: { isOwn($0.item) })?.score else { return nil }
    return result.hits.count { $0.score >= best && !isOwn($0.item) }
  }

  @Test func ranksAreThoseOfAnEvaluation() throws {
    let modelPath = try #require(environment["VSE_MODEL"])
    let model = try ModelFile.read(modelPath)
    let split = try Dataset(folder: try #require(environment["VSE_DATA"])).open(.test)
    let tokens = TokenizedCaptions(split.captions, vocabulary: model.vocabulary)
    // A caption that an image has twice is one item of an index.
    var seen: Set<String> = []
    let rows = tokens.includedRows.filter {
      seen.insert("\(split.grouping.imageOfCaption[$0]) \(split.captions[$0])").inserted
    }
    let images = split.grouping.imageCount
    let groups = split.captions.indices.map { "image \(split.grouping.imageOfCaption[$0])" }
    let imageRows = (0..<images).map { split.featureRow(ofImage: $0) }

    let folder = try TemporaryFolder()
    let index = try EmbeddingIndex.opening(
      path: folder.path("test.index"), model: model, modelPath: modelPath)
    let vectors = try model.imageVectors(of: split.features, rows: imageRows)
    let expected = try CrossModalRanks(
      images: model.network.encode(split.features, rows: imageRows),
      captions: model.network.encode(tokens, rows: rows) { _ in },
      imageOfCaption: rows.map { split.grouping.imageOfCaption[$0] })

    // The features' table has a row a caption, so the images are added from one of its own.
    var features = [Float](repeating: 0, count: images * split.features.columnCount)
    try features.withUnsafeMutableBufferPointer { try split.features.gather(rows: imageRows, into: $0) }
    try writeFloat32(features, shape: [images, split.features.columnCount], to: folder.path("images.npy"))
    _ = try index.add(
      features: FeatureTable(path: folder.path("images.npy")), names: (0..<images).map { "image \($0)" })
    _ = try index.add(captions: split.captions, labels: ItemLabels(groups: groups))

    // Vectors from encoding in batches, as an evaluation has them: one by one they differ in the last bits.
    var different = (search: 0, annotation: 0)
    let sentences = model.network.encode(tokens, rows: rows) { _ in }
    let byText = try index.search(
      batch: (0..<sentences.rows).map { PreparedQuery(vector: sentences.rowValues($0)) },
      options: SearchOptions(count: images, filter: ItemFilter(kind: .photo)))
    for (place, row) in rows.enumerated()
    where rank(in: byText[place], own: { $0.name == groups[row] }) != expected.search[place] {
      different.search += 1
    }
    let byImage = try index.search(
      batch: vectors.map { PreparedQuery(vector: $0) },
      options: SearchOptions(count: rows.count, filter: ItemFilter(kind: .caption)))
    for image in 0..<images
    where rank(in: byImage[image], own: { $0.group == "image \(image)" }) != expected.annotation[image] {
      different.annotation += 1
    }
    print("\(rows.count) sentences and \(images) images; ranks that differ: \(different)")
    #expect(different == (0, 0))
  }
}
