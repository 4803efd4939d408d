import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct RankingLossTests {
  private let scores = Matrix(
    rows: 4, columns: 4,
    values: [0.5, 0.75, 0.25, 0.625, 0.375, 1, 0.875, 0.5, 0.25, 0.5, 0.75, 0.625, 0.5, 0.375, 0.625, 0.5])

  private func loss(_ terms: ContrastiveTerms) -> (cost: Double, gradient: [Float]) {
    let gradient = Matrix(rows: 4, columns: 4)
    let cost = pairwiseRankingLoss(
      scores: scores, groups: .separate(4), margin: 0.25, terms: terms, gradient: gradient)
    return (cost, gradient.values)
  }

  /// By hand: rows 0.5 + 0.375, 0.125, 0.125, 0.25 + 0.125 + 0.375 …, columns likewise.
  @Test func sumAndHardest() {
    let all = loss(.all)
    let hardest = loss(.hardest(1))
    var (sum, largest) = (0.0, 0.0)
    for own in 0..<4 {
      let others = (0..<4).filter { $0 != own }
      let row = others.map { max(0, 0.25 - Double(scores[own, own]) + Double(scores[own, $0])) }
      let column = others.map { max(0, 0.25 - Double(scores[own, own]) + Double(scores[$0, own])) }
      sum += row.reduce(0, +) + column.reduce(0, +)
      largest += (row.max() ?? 0) + (column.max() ?? 0)
    }
    #expect(all.cost == sum)
    #expect(hardest.cost == largest)
    #expect(hardest.cost < all.cost)
  }

  @Test func asManyAsThereAreIsAll() {
    for count in [3, 4, 127, Int.max] {
      #expect(loss(.hardest(count)).cost == loss(.all).cost)
      #expect(loss(.hardest(count)).gradient == loss(.all).gradient)
    }
    #expect(loss(.hardest(0)).cost == loss(.hardest(1)).cost)
  }

  @Test func onePairHasNoContrast() {
    for terms in [ContrastiveTerms.all, .hardest(1)] {
      let gradient = Matrix(rows: 1, columns: 1, values: [7])
      let scores = Matrix(rows: 1, columns: 1, values: [0.5])
      let cost = pairwiseRankingLoss(
        scores: scores, groups: .separate(1), margin: 0.2, terms: terms, gradient: gradient)
      #expect(cost == 0)
      #expect(gradient[0, 0] == 0)
    }
  }
}
