import Testing
import VisualSemanticEmbedding

@Suite struct NameIndexTests {
  private func index(_ names: [String]) -> NameIndex {
    NameIndex(names.map { Array($0.utf8) }, file: "names.txt")
  }
  private func names(_ names: [String]) throws -> [PhotoName] { try names.map { try PhotoName($0.utf8) } }

  @Test(
    arguments: [
      (["a.jpg", "b.jpg"], ["b.jpg", "c.jpg", "a.jpg"], [1, nil, 0]),
      (["/data/x/a.jpg", "../b.jpg", "xa.jpg"], ["a.jpg", "b.jpg"], [0, 1]),
      (["a.jpg"], ["train/a.jpg"], [0]), (["photos/a.jpg"], ["train/a.jpg"], [nil]),
      (["a.jpg", "x/a.jpg"], ["a.jpg"], [0]),
      (["x/a.jpg", "y/a.jpg"], ["y/a.jpg"], [1]), (["é.jpg"], ["e\u{301}.jpg"], [nil]), ([], ["a"], [nil]),
    ] as [([String], [String], [Int?])])
  func namesAreFoundAsTheyAreOrByTheEndOfAPath(listed: [String], asked: [String], places: [Int?]) throws {
    #expect(try index(listed).places(of: names(asked)) == places)
  }

  @Test(arguments: [
    (["x/a.jpg", "y/a.jpg"], ["a.jpg"]), (["a.jpg"], ["x/a.jpg", "y/a.jpg"]),
    (["x/a.jpg"], ["x/a.jpg", "a.jpg"]),
  ])
  func whatCouldBeTwoIsRefused(listed: [String], asked: [String]) throws {
    let asked = try names(asked)
    let error = #expect(throws: PreparationError.self) { try index(listed).places(of: asked) }
    #expect(error?.description.contains("'names.txt'") ?? false)
  }

  @Test func whatIsLeftOverAndWhatIsTwiceIsKnown() throws {
    let index = index(["a", "b", "a", "c"])
    #expect(index.repeated.map(\.place) == [2])
    #expect(try index.places(without: names(["b"])) == [0, 3])
  }
}
