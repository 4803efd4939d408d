import DataFormats
import Foundation
import Retrieval
import TestSupport
import Testing

/// Features from the bytes of a file: enough of a network for an index.
private struct ByteEmbedder: ImageEmbedder {
  struct Undecodable: Error {}

  let featureCount = ToyIndex.imageDim

  func features(ofPhotos paths: [String]) -> [Result<[Float], any Error>] {
    paths.map { path in
      Result {
        let bytes = try bytes(ofFile: path)
        guard bytes.count >= featureCount else { throw Undecodable() }
        return bytes.prefix(featureCount).map { Float($0) / 255 }
      }
    }
  }
}

@Suite struct PhotoTests {
  private let toy: ToyIndex

  init() throws { toy = try ToyIndex() }

  private func photo(_ name: String, _ byte: UInt8) throws -> String {
    try toy.folder.write((0..<12).map { UInt8($0 * 20) ^ byte }, to: name)
  }

  @Test func photosComeInByTheirFilesAndFailuresAreReported() throws {
    let broken = try toy.folder.write([1, 2, 3], to: "broken.jpg")
    let paths = [try photo("1.jpg", 1), toy.folder.path("missing.jpg"), broken, try photo("2.jpg", 77)]
    let index = try toy.open()
    let report = try index.add(photos: paths, embedder: ByteEmbedder())
    #expect(report.added == 2)
    #expect(Set(report.failures.map(\.name)) == [paths[1], paths[2]])
    #expect(try index.items().map(\.name) == [paths[0], paths[3]])
    #expect(try index.add(photos: paths, embedder: ByteEmbedder()).unchanged == 2)
    _ = try photo("2.jpg", 78)
    #expect(try index.add(photos: paths, embedder: ByteEmbedder()).replaced == 1)
  }

  @Test func aPhotoIsOneWhereverItIsNamedFrom() throws {
    let path = try photo("1.jpg", 1)
    let folder = FilePath.folder(of: path)
    let index = try toy.open()
    // The current folder belongs to the whole process, so that no test may change it.
    let up = [String](
      repeating: "..", count: FileManager.default.currentDirectoryPath.split(separator: "/").count)
    let relative = up.joined(separator: "/") + path
    for (name, added) in [(path, 1), (folder + "/./1.jpg", 0), (folder + "//1.jpg", 0), (relative, 0)] {
      let report = try index.add(photos: [name], embedder: ByteEmbedder())
      #expect(report.failures.isEmpty && report.added == added)
    }
    #expect(try index.items().map(\.name) == [path])
    #expect(try index.item(named: relative).name == path)
    #expect(try index.verify().vanishedPhotos.isEmpty)
  }

  @Test func aNameOfSeveralLinesFailsAlone() throws {
    let paths = [try photo("1\n2.jpg", 1), try photo("3.jpg", 3)]
    let index = try toy.open()
    let report = try index.add(photos: paths, embedder: ByteEmbedder())
    #expect(report.added == 1 && report.failures.map(\.name) == [paths[0]])
    #expect(try index.items().map(\.name) == [paths[1]])
  }

  @Test func aPhotoFindsItselfAndStaysWhenItsFileVanishes() throws {
    let paths = try (0..<5).map { try photo("\($0).jpg", UInt8($0 * 40)) }
    let index = try toy.open()
    _ = try index.add(photos: paths, embedder: ByteEmbedder())
    index.imageEmbedder = ByteEmbedder()
    #expect(try index.search(EmbeddingQuery(photo: paths[2]), count: 1).hits.first?.item.name == paths[2])
    try FileManager.default.removeItem(atPath: paths[2])
    let report = try index.verify()
    #expect(report.isSound && report.vanishedPhotos.map(\.name) == [paths[2]])
    let item = try index.item(named: paths[2])
    #expect(try index.vector(of: item).count == 24)
    #expect(throws: QueryError.self) { try index.search(EmbeddingQuery(photo: paths[2]), count: 1) }
    index.imageEmbedder = nil
    #expect(throws: QueryError.noImageEmbedder(photo: paths[1])) {
      try index.search(EmbeddingQuery(photo: paths[1]), count: 1)
    }
  }
}
