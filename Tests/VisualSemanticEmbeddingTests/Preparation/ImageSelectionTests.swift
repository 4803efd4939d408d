import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct ImageSelectionTests {
  private func collection(_ count: Int) throws -> CaptionCollection {
    var reader = CaptionReader(kind: .csv)
    try reader.read(Array((0..<count).map { "\($0).jpg,words\n" }.joined().utf8), path: "file")
    return reader.collection
  }

  private func collection(splits: [String], restval: RestvalUse = .train) throws -> CaptionCollection {
    var reader = CaptionReader()
    reader.restval = restval
    let rows = splits.enumerated().map { "\($0).jpg,words,\($1)\n" }.joined()
    try reader.read(Array(("image,caption,split\n" + rows).utf8), path: "file")
    return reader.collection
  }

  private func random(_ dev: SplitSize, _ test: SplitSize, seed: UInt64 = 1) -> SplitRule {
    .random(RandomSplits(dev: dev, test: test, seed: seed))
  }

  @Test(arguments: [
    (SplitSize.images(3), SplitSize.share(0.25), 3, 5), (.images(0), .images(1), 0, 1),
    (.share(0.001), .share(0), 1, 0),
    (.images(10), .images(9), 10, 9),
  ])
  func randomSplitsAreDisjointWholeAndOfTheirSizes(
    dev: SplitSize, test: SplitSize, devCount: Int, testCount: Int
  ) throws {
    let selection = try ImageSelection(collection(20), rule: random(dev, test), restval: .train)
    let splits = try selection.splits { _ in true }
    #expect(splits[.dev]?.count == devCount && splits[.test]?.count == testCount)
    #expect(splits.values.flatMap { $0 }.sorted() == Array(0..<20))
    #expect(splits.values.allSatisfy { $0 == $0.sorted() })
  }

  @Test func randomSplitsFollowFromTheirSeedAndHoldOnlyWhatIsComplete() throws {
    func dev(_ seed: UInt64) throws -> [Int]? {
      try ImageSelection(collection(100), rule: random(.images(10), .images(10), seed: seed), restval: .train)
        .splits { $0 % 2 == 0 }[.dev]
    }
    #expect(try dev(1) == dev(1))
    #expect(try dev(1) != dev(2))
    #expect(try dev(1)?.count == 10 && dev(1)?.allSatisfy { $0 % 2 == 0 } == true)
  }

  @Test(arguments: [
    (SplitSize.images(10), SplitSize.images(10)), (.images(.max), .images(1)), (.images(1), .images(.max)),
    (.share(1), .share(0)),
  ])
  func somethingMustBeLeftToTrain(dev: SplitSize, test: SplitSize) throws {
    let selection = try ImageSelection(collection(20), rule: random(dev, test), restval: .train)
    #expect(throws: PreparationError.self) { try selection.splits { _ in true } }
  }

  @Test(arguments: [
    ("1000", SplitSize.images(1000)), ("0", .images(0)), ("10%", .share(0.1)), ("0.25", .share(0.25)),
    ("1", .images(1)),
    ("1.0", .share(1)), ("-1", nil), ("101%", nil), ("1.5", nil), ("nan", nil), ("", nil), ("x", nil),
    ("99999999999999999999", nil),
  ])
  func sizesAreNumbersOrShares(text: String, size: SplitSize?) { #expect(SplitSize(text) == size) }

  @Test(arguments: [(RestvalUse.train, [0, 2], 1), (.omit, [0], 2)])
  func theSourcesSplitsAreTaken(restval: RestvalUse, train: [Int], left: Int) throws {
    let collection = try collection(splits: ["train", "val", "restval", "test", ""], restval: restval)
    let selection = try ImageSelection(
      collection, rule: .source(otherwise: RandomSplits()), restval: restval)
    #expect(selection.images == .decided([.train: train, .dev: [1], .test: [3]]))
    #expect(selection.inNoSplit == left)
    let chosen = try ImageSelection(collection, rule: random(.images(1), .images(1)), restval: restval)
    #expect(
      chosen.images
        == .undecided(Array(0..<5), RandomSplits(dev: .images(1), test: .images(1), seed: 1)))
  }

  @Test func listsDecideOnTheOrderToo() throws {
    let folder = try TemporaryFolder()
    let train = try folder.write("5.jpg\r\n2.jpg\n\nx.jpg\n5.jpg\n".utf8, to: "train")
    let dev = try folder.write("3\n".utf8, to: "dev")
    let selection = try ImageSelection(
      collection(6), rule: .lists([.train: train, .dev: dev]), restval: .train)
    #expect(selection.images == .decided([.train: [5, 2], .dev: [3]]), "3 is 3.jpg without its extension")
    #expect(selection.listedWithoutCaption.map(\.description) == ["x.jpg"])
    #expect(selection.listedTwice.map(\.description) == ["5.jpg"])
    #expect(selection.inNoSplit == 3)
  }

  @Test(arguments: ["2.jpg", "2"]) func aPhotoInTwoListsIsRefused(name: String) throws {
    let folder = try TemporaryFolder()
    let train = try folder.write("1.jpg\n2.jpg\n".utf8, to: "train")
    let test = try folder.write("4.jpg\n\(name)\n".utf8, to: "test")
    let error = #expect(throws: PreparationError.self) {
      try ImageSelection(collection(6), rule: .lists([.train: train, .test: test]), restval: .train)
    }
    guard case .inTwoSplits(let found, .train, .test, let places) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found.description == "2.jpg" && places == ["\(train), line 2", "\(test), line 2"])
  }
}
