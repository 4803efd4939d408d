import Foundation
import Tensors
import TestSupport
import Testing

/// What is kept of scores that come in tiles.
@Suite struct TiledScoresTests {
  /// Calls `body` with windows of a matrix that cover it, of sizes on both sides of vectors' and threads'.
  private func forEachTile(of scores: Matrix, _ body: (Matrix, Int, Int) -> Void) {
    for row in stride(from: 0, to: scores.rows, by: 37) {
      for column in stride(from: 0, to: scores.columns, by: 70) {
        let rows = row..<min(row + 37, scores.rows)
        let columns = column..<min(column + 70, scores.columns)
        body(scores.rows(rows).columns(columns), row, column)
      }
    }
  }

  private func scores(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, values: randomValues(rows * columns, seed: UInt64(rows)))
  }

  static let sizes = [(1, 1), (2, 70), (37, 3), (40, 71), (75, 150), (130, 64)]

  @Test(arguments: sizes, [1, 2, 10, 200]) func largest(size: (Int, Int), count: Int) {
    let scores = scores(size.0, size.1)
    var largest = LargestScores(rows: size.0, columns: size.1, count: count)
    forEachTile(of: scores) { largest.add($0, firstRow: $1, firstColumn: $2) }
    func mean(_ values: [Float]) -> Double {
      let kept = values.sorted(by: >).prefix(count)
      return kept.reduce(0) { $0 + Double($1) } / Double(kept.count)
    }
    #expect(largest.rowMeans == (0..<size.0).map { mean(scores.rowValues($0)) })
    #expect(
      largest.columnMeans == (0..<size.1).map { column in mean((0..<size.0).map { scores[$0, column] }) })
  }

  /// A scale that overflows e^x, too.
  @Test(arguments: sizes, [Float(0.5), 30, 1000]) func exponentialSums(size: (Int, Int), scale: Float) {
    let scores = scores(size.0, size.1)
    var sums = ExponentialSums(rows: size.0, columns: size.1, scale: scale)
    forEachTile(of: scores) { sums.add($0, firstRow: $1, firstColumn: $2) }
    func logarithm(_ values: [Float]) -> Double {
      let largest = Double(values.max() ?? 0)
      return Double(scale) * largest
        + log(values.reduce(0) { $0 + exp(Double(scale) * (Double($1) - largest)) })
    }
    for (row, found) in sums.rowLogarithms.enumerated() {
      #expect(abs(found - logarithm(scores.rowValues(row))) < 1e-4)
    }
    for (column, found) in sums.columnLogarithms.enumerated() {
      #expect(abs(found - logarithm((0..<size.0).map { scores[$0, column] })) < 1e-4)
    }
  }
}
