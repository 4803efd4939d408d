import DataFormats
import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct DatasetTests {
  private let folder: DatasetFolder
  private var dataset: Dataset { Dataset(folder: folder.path) }
  private func path(_ name: String) -> String { folder.folder.path(name) }

  init() throws { folder = try DatasetFolder() }

  private let two: [[Float]] = [[1, 2], [3, 4]]

  @Test(arguments: ["", "f8k_", "a_b_", "train_"]) func prefixes(prefix: String) throws {
    try folder.write("train", prefix: prefix, captions: ["a", "b"], features: two)
    for path in [folder.path, folder.path + "/"] {
      let split = try Dataset(folder: path).open(.train)
      #expect(split.captions.count == 2 && split.features.rowCount == 2 && split.name == .train)
    }
  }

  /// `retrain_caps.txt` ends like a split, but not after an underscore.
  @Test func otherFilesAreNoSplits() throws {
    _ = try folder.folder.write(Array("a\n".utf8), to: "retrain_caps.txt")
    #expect(throws: DatasetError.noSplit(.train, folder: folder.path)) { try dataset.open(.train) }
  }

  @Test func severalDatasetsInOneFolder() throws {
    try folder.write("test", prefix: "b_", captions: ["a"], features: [[1]])
    try folder.write("test", prefix: "", captions: ["a"], features: [[1]])
    #expect(throws: DatasetError.severalDatasets(["test_caps.txt", "b_test_caps.txt"], folder: folder.path)) {
      try dataset.open(.test)
    }
  }

  @Test func whatIsMissing() throws {
    #expect(throws: DatasetError.noFolder(path("none"))) { try Dataset(folder: path("none")).open(.dev) }
    #expect(throws: DatasetError.noSplit(.dev, folder: folder.path)) { try dataset.open(.dev) }
    let file = try folder.folder.write([1], to: "file")
    #expect(throws: DatasetError.noFolder(file)) { try Dataset(folder: file).open(.dev) }
    try folder.write("dev", captions: ["a"], features: [[1]])
    try FileManager.default.removeItem(atPath: path("toy_dev_ims.npy"))
    #expect(throws: FeatureTableError.array(.file(.notFound(path: path("toy_dev_ims.npy"))))) {
      try dataset.open(.dev)
    }
  }

  @Test func oneRowForEachImage() throws {
    try folder.write("dev", captions: ["a", "b", "c", "d", "e", "f"], features: two)
    let split = try dataset.open(.dev)
    #expect(!split.hasRowForEachCaption)
    #expect(split.grouping.imageOfCaption == [0, 0, 0, 1, 1, 1])
    #expect((0..<6).map { split.featureRow(ofCaption: $0) } == [0, 0, 0, 1, 1, 1])
    #expect((0..<2).map { split.featureRow(ofImage: $0) } == [0, 1])
  }

  @Test func oneRowForEachCaption() throws {
    try folder.write("dev", captions: ["a", "b", "c", "d", "e"], features: [[1], [1], [2], [1], [1]])
    let split = try dataset.open(.dev)
    #expect(split.hasRowForEachCaption)
    #expect(split.grouping.imageOfCaption == [0, 0, 1, 2, 2])
    #expect((0..<3).map { split.featureRow(ofImage: $0) } == [0, 2, 3])
    #expect((0..<5).map { split.featureRow(ofCaption: $0) } == [0, 1, 2, 3, 4])
  }

  /// Two photos side by side that share their features are two where every run is a multiple of the shortest.
  @Test func neighboursWithEqualFeatures() throws {
    let rows: [[Float]] = [[1], [1], [2], [2], [2], [2], [3], [3]]
    try folder.write("dev", captions: (0..<8).map { "c\($0)" }, features: rows)
    #expect(try dataset.open(.dev).grouping.imageOfCaption == [0, 0, 1, 1, 2, 2, 3, 3])
  }

  @Test func identifiers() throws {
    let names = ["x.jpg", "y.jpg", "x.jpg", "z 1.jpg", "z 1.jpg"]
    try folder.write(
      "dev", captions: ["a", "b", "c", "d", "e"], features: [[1], [2], [3]], identifiers: names)
    var split = try dataset.open(.dev)
    #expect(!split.hasRowForEachCaption)
    #expect(split.grouping.imageOfCaption == [0, 1, 0, 2, 2])
    try folder.write(
      "dev", captions: ["a", "b", "c", "d", "e"], features: [[1], [2], [1], [2], [2]], identifiers: names)
    split = try dataset.open(.dev)
    #expect(split.hasRowForEachCaption)
    // Equal features, but the identifiers say that they are two images.
    #expect(split.grouping.imageCount == 3)
    #expect((0..<3).map { split.featureRow(ofImage: $0) } == [0, 1, 3])
  }

  @Test func rowsThatDoNotMatch() throws {
    try folder.write("dev", captions: ["a", "b", "c"], features: two)
    #expect(
      throws: ImageGroupingError.countsDoNotMatch(
        captions: 3, captionFile: path("toy_dev_caps.txt"), imageRows: 2, imageFile: path("toy_dev_ims.npy"))
    ) { try dataset.open(.dev) }
    try folder.write("dev", captions: ["a", "b", "c"], features: two, identifiers: ["x", "x", "x"])
    #expect(
      throws: DatasetError.rowsDoNotMatch(
        captions: 3, captionFile: path("toy_dev_caps.txt"), images: 1, rows: 2,
        featureFile: path("toy_dev_ims.npy"))
    ) { try dataset.open(.dev) }
  }

  @Test func captionsOfAnyBytes() throws {
    try folder.write("dev", captions: ["a", "b"], features: two)
    _ = try folder.folder.write([0xE9, 32, 0xFF, 13, 10, 0x80, 10], to: "toy_dev_caps.txt")
    let split = try dataset.open(.dev)
    #expect(split.captions.map { $0.map(\.bytes) } == [[[0xE9], [0xFF]], [[0x80]]])
  }

  @Test(arguments: [
    DatasetError.noFolder("f"), .noSplit(.dev, folder: "f"), .severalDatasets(["a", "b"], folder: "f"),
    .rowsDoNotMatch(captions: 1, captionFile: "f", images: 2, rows: 3, featureFile: "g"),
    .widthsDiffer(found: 1, file: "f", expected: 2, expectedBy: "g"),
    .nothingToTrain(captionFile: "f", batchSize: 2), .noCaption(captionFile: "f"),
  ]) func messagesAreOneLineThatNamesTheFile(error: DatasetError) {
    #expect(error.localizedDescription == error.description)
    #expect(error.description.hasPrefix("f: ") || error.description.hasPrefix("g: "))
    #expect(!error.description.contains("\n"))
  }
}
