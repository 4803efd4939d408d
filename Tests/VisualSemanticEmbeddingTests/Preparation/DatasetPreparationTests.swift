import DataFormats
import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct DatasetPreparationTests {
  private let folder: TemporaryFolder
  private let width = 3

  /// Features of a.jpg to f.jpg: row i is [i, 3, 4], in float16 or float32.
  init() throws {
    folder = try TemporaryFolder()
    try NumpyArray.write(
      ArrayData((0..<6).flatMap { [Float($0), 3, 4] }, shape: [6, 3]), to: folder.path("f.npy"))
    try write("names.txt", "a.jpg\nb.jpg\nc.jpg\nd.jpg\ne.jpg\nf.jpg\n")
    try write("train.txt", "c.jpg\na.jpg\n")
    try write("test.txt", "d.jpg\n")
  }

  private func write(_ name: String, _ text: String) throws {
    _ = try folder.write(Array(text.utf8), to: name)
  }
  private func text(_ name: String) throws -> String {
    String(decoding: try bytes(ofFile: folder.path("out/" + name)), as: UTF8.self)
  }

  /// Writes the captions and prepares them by the lists into `out`.
  private func prepare(
    _ captions: String, change: (inout DatasetPreparation) -> Void = { _ in },
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> PreparationReport {
    try write("captions", captions)
    var preparation = DatasetPreparation(captions: [folder.path("captions")], output: folder.path("out"))
    preparation.splits = .lists([.train: folder.path("train.txt"), .test: folder.path("test.txt")])
    change(&preparation)
    return try preparation.run(
      features: { _ in
        try NamedFeatures(features: folder.path("f.npy"), names: folder.path("names.txt"))
      }, progress: progress)
  }

  private static let even =
    "a.jpg#0\tone\na.jpg#1\ttwo\nc.jpg#0\tthree\nc.jpg#1\tfour\nd.jpg#0\tfive\nd.jpg#1\tsix\n"
  private static let uneven = "a.jpg#0\tone\nc.jpg#0\ttwo\nc.jpg#1\tthree\nd.jpg#0\tfour\n"

  private func rows(_ split: Dataset.Split) throws -> [[Float]] {
    let table = try Dataset(folder: folder.path("out")).open(split).features
    return try (0..<table.rowCount).map { row in
      var values = [Float](repeating: 0, count: table.columnCount)
      try values.withUnsafeMutableBufferPointer { try table.gather(rows: [row], into: $0) }
      return values
    }
  }

  @Test func evenCaptionsNeedNoIdentifiers() throws {
    let report = try prepare(Self.even)
    #expect(try text("out_train_caps.txt") == "three\nfour\none\ntwo\n")
    #expect(try text("out_train_images.txt") == "c.jpg\na.jpg\n")
    #expect(try rows(.train) == [[2, 3, 4], [0, 3, 4]])
    #expect(try rows(.test) == [[3, 3, 4]])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
        == ["test", "train"].flatMap { split in
          ["caps.txt", "images.txt", "ims.npy"].map { "out_\(split)_\($0)" }
        })
    #expect(report.splits.mapValues { [$0.images, $0.captions] } == ["train": [2, 4], "test": [1, 2]])
    #expect(report.splitOrigin == .lists && report.featureWidth == 3)
    #expect(report.featuresWithoutCaption == ["b.jpg", "e.jpg", "f.jpg"])
  }

  @Test(arguments: [FeatureRows.image, .caption]) func unevenCaptionsHaveIdentifiers(rows kind: FeatureRows)
    throws
  {
    _ = try prepare(Self.uneven) { $0.rows = kind }
    #expect(try text("out_train_ids.txt") == "c.jpg\nc.jpg\na.jpg\n")
    let split = try Dataset(folder: folder.path("out")).open(.train)
    #expect(split.grouping.imageOfCaption == [0, 0, 1])
    #expect(split.hasRowForEachCaption == (kind == .caption))
    #expect(try (0..<3).map { try rows(.train)[split.featureRow(ofCaption: $0)][0] } == [2, 2, 0])
  }

  /// Equal rows side by side would pass for one image's.
  @Test func neighboursWithEqualFeaturesStayTwoImages() throws {
    try NumpyArray.write(
      ArrayData([Float](repeating: 1, count: 18), shape: [6, 3]), to: folder.path("f.npy"))
    for rows in FeatureRows.allCases {
      _ = try prepare("a.jpg#0\tone\nc.jpg#0\ttwo\nd.jpg#0\tthree\n") {
        $0.rows = rows
        $0.overwrites = true
      }
      #expect(try Dataset(folder: folder.path("out")).open(.train).grouping.imageCount == 2)
    }
  }

  @Test func rowsCanBeScaledToUnitNorm() throws {
    _ = try prepare(Self.even) { $0.normalizesFeatures = true }
    #expect(try rows(.train)[1] == [0, 0.6, 0.8])
  }

  @Test func whatLacksSomethingIsLeftOutAndTold() throws {
    try write("train.txt", "c.jpg\na.jpg\nx.jpg\nnone.jpg\na.jpg\n")
    _ = try FileManager.default.createDirectory(
      atPath: folder.path("photos"), withIntermediateDirectories: true)
    for name in ["a.jpg", "d.jpg", "x.jpg", "z.png"] { try write("photos/" + name, "") }
    let report = try prepare(Self.even + "x.jpg#0\tseven\na.jpg#2\tone\na.jpg#3\t \nq.jpg#0\teight\n") {
      $0.photos = folder.path("photos")
    }
    #expect(report.imagesWithoutCaption.map(\.description) == ["none.jpg"])
    #expect(report.imagesWithoutPhoto.map(\.description) == ["c.jpg"])
    #expect(report.imagesWithoutFeatures.map(\.description) == ["x.jpg"])
    #expect(report.photosWithoutCaption.map(\.description) == ["z.png"])
    #expect(report.imagesListedTwice.map(\.description) == ["a.jpg"])
    #expect(report.imagesInNoSplit == 1 && report.repeatedCaptions == 1 && report.emptyCaptions == 1)
    #expect(report.imagesFound == 5 && report.captionsFound == 9)
    #expect(try text("out_train_caps.txt") == "one\ntwo\none\n")
  }

  @Test(arguments: ["", "none.jpg\n"]) func listsWithoutAnImageAreRefused(list: String) throws {
    try write("train.txt", list)
    let error = #expect(throws: PreparationError.self) {
      try prepare(Self.even) { $0.splits = .lists([.train: folder.path("train.txt")]) }
    }
    #expect(error?.description.contains("train.txt") ?? false)
    #expect(list.isEmpty || error?.description.contains("'none.jpg'") ?? false)
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
    // One among others is told.
    #expect(try prepare(Self.even).listsWithoutImages == [folder.path("train.txt")])
  }

  @Test(arguments: [".", "..", "./", "/"]) func theFolderNeedsAName(ending: String) throws {
    let path = ending == "/" ? "/" : folder.url.path + "/new/" + ending
    let error = #expect(throws: PreparationError.self) {
      try prepare(Self.even) {
        $0.name = "mine"
        $0.output = path
      }
    }
    guard case .wrongKindOfPath(path, _)? = error else {
      Issue.record("unexpected: \(String(describing: error))")
      return
    }
    #expect(try folder.contents() == ["captions", "f.npy", "names.txt", "test.txt", "train.txt"])
  }

  @Test func photosKeepTheWhiteSpaceOfTheirFiles() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("photos"), withIntermediateDirectories: true)
    for name in [" a.jpg", "c.jpg", "d.jpg"] { try write("photos/" + name, "") }
    try write("captions", Self.even)
    var preparation = DatasetPreparation(captions: [folder.path("captions")], output: folder.path("out"))
    preparation.photos = folder.path("photos")
    preparation.splits = .lists([.train: folder.path("train.txt")])
    var asked: [String?] = []
    _ = try preparation.run { photos in
      asked = photos.map(\.path)
      return try NamedFeatures(features: folder.path("f.npy"), names: folder.path("names.txt"))
    }
    #expect(asked == ["c.jpg", " a.jpg"].map { folder.path("photos/" + $0) })
  }

  @Test func repeatedCaptionsCanBeDropped() throws {
    let report = try prepare(Self.even + "a.jpg#2\tone\n") { $0.repeatedCaptions = .drop }
    #expect(report.repeatedCaptions == 1 && report.splits["train"]?.captions == 4)
  }

  @Test(arguments: ["x.jpg", "y.jpg"]) func incompleteImagesCanBeRefused(name: String) throws {
    try write("train.txt", "a.jpg\n\(name)\n")
    #expect(throws: PreparationError.self) {
      try prepare(Self.even + "x.jpg#0\tseven\n") { $0.incompleteImages = .refuse }
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }

  @Test func namesThatNobodyKnowsAreRefused() throws {
    try write("names.txt", "1\n2\n3\n4\n5\n6\n")
    let error = #expect(throws: PreparationError.self) { try prepare(Self.even) }
    #expect(error?.description.contains("'c.jpg'") ?? false)
  }

  @Test(arguments: ["a.jpg\n", "a.jpg\n\nb.jpg\nc.jpg\nd.jpg\ne.jpg\n", "a\na\nc\nd\ne\nf\n", ""])
  func namesMustFitTheRows(names: String) throws {
    try write("names.txt", names)
    #expect(throws: PreparationError.self) { try prepare(Self.even) }
  }

  @Test func featuresListedTwiceCountOnceWhenTheyAreEqual() throws {
    try NumpyArray.write(
      ArrayData([Float](repeating: 1, count: 18), shape: [6, 3]), to: folder.path("f.npy"))
    try write("names.txt", "a.jpg\na.jpg\nc.jpg\nd.jpg\ne.jpg\nf.jpg\n")
    #expect(try prepare(Self.even).featuresListedTwice == ["a.jpg"])
  }

  @Test func aFeatureThatIsNoNumberLeavesNothing() throws {
    var values = (0..<18).map(Float.init)
    values[7] = .nan
    try NumpyArray.write(ArrayData(values, shape: [6, 3]), to: folder.path("f.npy"))
    #expect(throws: FeatureTableError.self) { try prepare(Self.even) }
    #expect(try folder.contents() == ["captions", "f.npy", "names.txt", "test.txt", "train.txt"])
  }

  @Test func anInterruptionLeavesNothing() throws {
    struct Stop: Error {}
    let before = try folder.contents()
    #expect(throws: Stop.self) { try prepare(Self.even, progress: { _, _ in throw Stop() }) }
    #expect(try folder.contents() == (before + ["captions"]).sorted())
  }

  @Test func whatIsThereIsReplacedOnlyWhenToldTo() throws {
    _ = try prepare(Self.even)
    #expect(throws: PreparationError.outputExists(path: folder.path("out"))) { try prepare(Self.uneven) }
    #expect(try text("out_test_caps.txt") == "five\nsix\n")
    _ = try prepare(Self.uneven) { $0.overwrites = true }
    #expect(try text("out_test_caps.txt") == "four\n")
    try write("out/notes", "mine")
    #expect(throws: PreparationError.outputHoldsOtherFiles(path: folder.path("out"), name: "notes")) {
      try prepare(Self.even) { $0.overwrites = true }
    }
    #expect(try text("notes") == "mine")
    #expect(try folder.contents().allSatisfy { !$0.hasPrefix(".") })
  }

  @Test func theFeaturesAreAskedForWhatIsNeeded() throws {
    try write("captions", Self.even + "q.jpg#0\tx\n")
    var preparation = DatasetPreparation(captions: [folder.path("captions")], output: folder.path("out"))
    preparation.splits = .lists([.test: folder.path("test.txt")])
    preparation.name = "mine"
    var asked: [NeededPhoto] = []
    _ = try preparation.run { photos in
      asked = photos
      return try NamedFeatures(features: folder.path("f.npy"), names: folder.path("names.txt"))
    }
    #expect(asked.map(\.name.description) == ["d.jpg"] && asked.map(\.path) == [nil])
    #expect(try text("mine_test_images.txt") == "d.jpg\n")
  }

  @Test(arguments: ["a/b", "", "a\nb"]) func namesOfDatasetsBeginFiles(name: String) {
    #expect(throws: PreparationError.badDatasetName(name)) { try prepare(Self.even) { $0.name = name } }
  }
}
