internal import CKernels

/// Counts in a tile of scores; see `count`.
public enum ScoreCounts {
  /// Over scores [R, C]: rowCounts[r] += number of columns with score ≥ rowThresholds[r], and
  /// columnCounts[c] += number of rows with score ≥ columnThresholds[c].
  ///
  /// All arrays are indexed from `firstRow` and `firstColumn` on.
  public static func count(
    scores: Matrix, rowThresholds: [Float], firstRow: Int, columnThresholds: [Float], firstColumn: Int,
    rowCounts: inout [Int32], columnCounts: inout [Int32]
  ) {
    let (rows, columns) = (scores.rows, scores.columns)
    precondition(firstRow >= 0 && firstRow + rows <= min(rowThresholds.count, rowCounts.count))
    precondition(firstColumn >= 0 && firstColumn + columns <= min(columnThresholds.count, columnCounts.count))
    guard rows > 0, columns > 0 else { return }
    // Stripes of columns, each with row counts of its own, so that threads never share a counter.
    let stripes = 4
    let stripeColumns = ((columns + stripes - 1) / stripes + 15) & ~15
    var striped = [Int32](repeating: 0, count: stripes * rows)
    rowThresholds.withUnsafeBufferPointer { rowThresholds in
      columnThresholds.withUnsafeBufferPointer { columnThresholds in
        striped.withUnsafeMutableBufferPointer { striped in
          columnCounts.withUnsafeMutableBufferPointer { columnCounts in
            // The buffers are not empty: rows and columns are positive. Stripes write to disjoint parts.
            guard let rowLimits = rowThresholds.baseAddress, let columnLimits = columnThresholds.baseAddress,
              let rowTotals = striped.baseAddress, let columnTotals = columnCounts.baseAddress
            else { return }
            Parallel.forEachRange(of: stripes, grain: 1) { range in
              for stripe in range {
                let start = stripe * stripeColumns
                guard start < columns else { continue }
                ck_count_at_least(
                  scores.pointer + start, scores.stride, rowLimits + firstRow,
                  columnLimits + firstColumn + start, rowTotals + stripe * rows,
                  columnTotals + firstColumn + start, min(stripeColumns, columns - start), 0, rows)
              }
            }
          }
        }
      }
    }
    for stripe in 0..<stripes {
      for row in 0..<rows { rowCounts[firstRow + row] += striped[stripe * rows + row] }
    }
  }
}
