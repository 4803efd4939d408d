import Tensors
import TestSupport
import Testing

@Suite struct ScoreCountsTests {
  @Test(arguments: [(1, 1), (3, 15), (5, 16), (2, 63), (7, 65), (17, 130), (64, 257), (0, 3), (3, 0)])
  func counts(rows: Int, columns: Int) {
    // Multiples of 1/8, so that scores equal thresholds often; infinite thresholds count all or none.
    func steps(_ count: Int, _ seed: UInt64) -> [Float] {
      randomValues(count, seed: seed).map { ($0 * 8).rounded() / 8 }
    }
    let window = Matrix(rows: rows + 2, columns: columns + 9, values: steps((rows + 2) * (columns + 9), 1))
    let scores = window.rows(1..<rows + 1).columns(4..<columns + 4)
    let (firstRow, firstColumn) = (3, 5)
    var rowThresholds = steps(rows + 6, 2)
    let columnThresholds = steps(columns + 7, 3)
    let (rowOffsets, columnOffsets) = (steps(rows + 6, 4), steps(columns + 7, 5))
    rowThresholds[firstRow] = -.infinity
    rowThresholds[firstRow + 1] = .infinity
    var rowCounts = (0..<rows + 6).map { Int32($0) }
    var columnCounts = (0..<columns + 7).map { Int32(2 * $0) }
    var (expectedRows, expectedColumns) = (rowCounts, columnCounts)
    for row in 0..<rows {
      for column in 0..<columns {
        let (score, r, c) = (scores[row, column], firstRow + row, firstColumn + column)
        if score - columnOffsets[c] >= rowThresholds[r] { expectedRows[r] += 1 }
        if score - rowOffsets[r] >= columnThresholds[c] { expectedColumns[c] += 1 }
      }
    }
    ScoreCounts.count(
      scores: scores, rows: .init(offsets: rowOffsets, thresholds: rowThresholds), firstRow: firstRow,
      columns: .init(offsets: columnOffsets, thresholds: columnThresholds), firstColumn: firstColumn,
      rowCounts: &rowCounts, columnCounts: &columnCounts)
    #expect(rowCounts == expectedRows)
    #expect(columnCounts == expectedColumns)
  }
}
