import Tensors
import TestSupport
import Testing

@Suite struct PairwiseHingesTests {
  static let batches = [1, 2, 7, 33]

  /// The hinges one at a time in Double: of each row and column the `kept` first in descending order of score.
  private func plain(
    _ scores: Matrix, groups: PairGroups? = nil, margin: Float, kept: Int
  ) -> (cost: Double, gradient: [Float]) {
    let batch = scores.rows
    let groups = groups ?? .separate(batch)
    var cost = 0.0
    var gradient = [Float](repeating: 0, count: batch * batch)
    for own in 0..<batch {
      for isRow in [true, false] {
        let places = (0..<batch).filter { groups.numbers[$0] != groups.numbers[own] }
          .map { isRow ? (own, $0) : ($0, own) }
        var order = places
        // Stable: of equal scores the first comes first.
        order.sort { a, b in
          let (x, y) = (scores[a.0, a.1], scores[b.0, b.1])
          return x > y || (x == y && a < b)
        }
        for place in order.prefix(kept) {
          let hinge = Double(margin) - Double(scores[own, own]) + Double(scores[place.0, place.1])
          guard hinge > 0 else { continue }
          cost += hinge
          gradient[place.0 * batch + place.1] += 1
          gradient[own * batch + own] -= 1
        }
      }
    }
    return (cost, gradient)
  }

  private func sum(
    _ scores: Matrix, groups: PairGroups? = nil, margin: Float = 0.25, gradient: Matrix
  ) -> Double {
    PairwiseHinges.sum(
      scores: scores, groups: groups ?? .separate(scores.rows), margin: margin, gradient: gradient)
  }

  private func hardest(
    _ kept: Int, _ scores: Matrix, groups: PairGroups? = nil, margin: Float = 0.25, gradient: Matrix
  ) -> Double {
    PairwiseHinges.hardest(
      kept, scores: scores, groups: groups ?? .separate(scores.rows), margin: margin, gradient: gradient)
  }

  /// Multiples of 1/64 in [-1, 1), so that ties are many and every hinge is exact.
  private func scores(_ batch: Int, seed: UInt64) -> Matrix {
    let values = randomValues(batch * batch, seed: seed).map { ($0 * 64).rounded(.down) / 64 }
    return Matrix(rows: batch, columns: batch, values: values)
  }

  @Test(arguments: batches) func sum(batch: Int) {
    for seed in UInt64(1)...5 {
      let scores = scores(batch, seed: seed)
      let gradient = randomMatrix(rows: batch, columns: batch, seed: 9)
      let cost = sum(scores, gradient: gradient)
      let expected = plain(scores, margin: 0.25, kept: batch)
      #expect(abs(cost - expected.cost) <= 1e-6 * expected.cost)
      #expect(gradient.values == expected.gradient)
    }
  }

  @Test(arguments: batches) func hardest(batch: Int) {
    for kept in 1...max(1, batch - 1) {
      let scores = scores(batch, seed: UInt64(kept))
      let gradient = randomMatrix(rows: batch, columns: batch, seed: 9)
      let cost = hardest(kept, scores, gradient: gradient)
      let expected = plain(scores, margin: 0.25, kept: kept)
      #expect(cost == expected.cost, "k = \(kept)")
      #expect(gradient.values == expected.gradient, "k = \(kept)")
    }
  }

  /// Pairs of one group are not each other's negatives: some, two groups only, or all.
  @Test(arguments: [3, 2, 1]) func groups(count: Int) {
    let batch = 33
    var generator = SeededGenerator(seed: UInt64(count))
    let groups = PairGroups((0..<batch).map { _ in Int32(generator.next() % UInt64(count)) - 1 })
    for kept in [1, 2, 10, batch] {
      let scores = scores(batch, seed: UInt64(kept))
      let expected = plain(scores, groups: groups, margin: 0.25, kept: kept)
      let gradient = randomMatrix(rows: batch, columns: batch, seed: 9)
      #expect(hardest(kept, scores, groups: groups, gradient: gradient) == expected.cost, "k = \(kept)")
      #expect(gradient.values == expected.gradient, "k = \(kept)")
      guard kept == batch else { continue }
      #expect(abs(sum(scores, groups: groups, gradient: gradient) - expected.cost) <= 1e-6 * expected.cost)
      #expect(gradient.values == expected.gradient)
    }
  }

  @Test func allOfThemIsTheSum() {
    let scores = scores(33, seed: 8)
    let (a, b) = (Matrix(rows: 33, columns: 33), Matrix(rows: 33, columns: 33))
    let all = sum(scores, margin: 0.2, gradient: a)
    let hardest = hardest(32, scores, margin: 0.2, gradient: b)
    #expect(abs(all - hardest) <= 1e-5 * all)
    #expect(a.values == b.values)
  }

  /// Where all scores are equal every hinge is the margin: the collapse of hard negatives, 2 · B · α.
  @Test func equalScores() {
    let scores = Matrix(rows: 7, columns: 7)
    let gradient = Matrix(rows: 7, columns: 7)
    #expect(sum(scores, gradient: gradient) == 2 * 7 * 6 * 0.25)
    #expect(hardest(1, scores, gradient: gradient) == 2 * 7 * 0.25)
    #expect(gradient.values == plain(scores, margin: 0.25, kept: 1).gradient)
  }

  /// −0 and 0 are equal scores, of which the first counts.
  @Test func zerosOfBothSigns() {
    let scores = Matrix(rows: 3, columns: 3, values: [0, -0.0, 0, 0, 0, -0.0, -0.0, 0, 0])
    for kept in [1, 2] {
      let gradient = Matrix(rows: 3, columns: 3)
      #expect(hardest(kept, scores, gradient: gradient) == plain(scores, margin: 0.25, kept: kept).cost)
      #expect(gradient.values == plain(scores, margin: 0.25, kept: kept).gradient)
    }
  }

  @Test func hingeOfZeroIsNotActive() {
    let scores = Matrix(rows: 2, columns: 2, values: [1, 0.75, 0.75, 1])
    let gradient = Matrix(rows: 2, columns: 2)
    #expect(sum(scores, gradient: gradient) == 0)
    #expect(gradient.values == [0, 0, 0, 0])
    #expect(hardest(1, scores, gradient: gradient) == 0)
    #expect(gradient.values == [0, 0, 0, 0])
  }

  @Test(arguments: [2, 7, 33], [Float.nan, -Float.nan]) func notANumberReachesTheCost(
    batch: Int, broken: Float
  ) {
    for place in 0..<batch * batch {
      let scores = scores(batch, seed: 3)
      scores[place / batch, place % batch] = broken
      let gradient = Matrix(rows: batch, columns: batch)
      #expect(sum(scores, margin: 0.2, gradient: gradient).isNaN)
      for kept in [1, 2, batch / 2, batch - 1] where kept >= 1 {
        let cost = hardest(kept, scores, margin: 0.2, gradient: gradient)
        #expect(cost.isNaN, "k = \(kept), place \(place)")
      }
    }
  }
}
