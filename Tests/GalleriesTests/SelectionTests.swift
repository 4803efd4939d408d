import Galleries
import Testing

@Suite struct SelectionTests {
  @Test func aSeedDrawsTheSame() {
    let candidates = Array(100..<300)
    let drawn = ExampleSelection.drawn(20, of: candidates, seed: 7)
    #expect(drawn == ExampleSelection.drawn(20, of: candidates, seed: 7))
    #expect(drawn != ExampleSelection.drawn(20, of: candidates, seed: 8))
    #expect(drawn == drawn.sorted() && Set(drawn).count == 20 && Set(drawn).isSubset(of: candidates))
  }

  @Test func allWhereMoreAreAsked() {
    #expect(ExampleSelection.drawn(9, of: [4, 6, 8], seed: 1) == [4, 6, 8])
    #expect(ExampleSelection.drawn(0, of: [4, 6, 8], seed: 1).isEmpty)
    #expect(ExampleSelection.drawn(9, of: [], seed: 1).isEmpty)
  }

  @Test func theHardestComeFirst() {
    let ranks: [Int?] = [3, nil, 0, 9, 3, 1]
    #expect(ExampleSelection.hardest(10, ranks: ranks) == [3, 0, 4, 5])
    #expect(ExampleSelection.hardest(2, ranks: ranks) == [3, 0])
    #expect(ExampleSelection.hardest(2, ranks: [0, nil]).isEmpty)
  }
}
