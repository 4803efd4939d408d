internal import CKernels

/// Counts in a tile of scores; see `count`.
public enum ScoreCounts {
  /// What is known of the rows or of the columns of all scores; one number each.
  public struct Side: Sendable {
    /// What a score is lowered by where the row or column is an answer.
    public var offsets: [Float]
    /// What the scores of the row or column as a query are to reach.
    public var thresholds: [Float]

    /// Offsets and thresholds, as many of one as of the other.
    public init(offsets: [Float], thresholds: [Float]) {
      precondition(offsets.count == thresholds.count, "an offset for each threshold")
      self.offsets = offsets
      self.thresholds = thresholds
    }
  }

  /// Over scores [R, C]: rowCounts[r] += number of columns with score − columns.offsets[c] ≥ rows.thresholds[r],
  /// and columnCounts[c] += number of rows with score − rows.offsets[r] ≥ columns.thresholds[c].
  ///
  /// All arrays are indexed from `firstRow` and `firstColumn` on.
  public static func count(
    scores: Matrix, rows rowSide: Side, firstRow: Int, columns columnSide: Side, firstColumn: Int,
    rowCounts: inout [Int32], columnCounts: inout [Int32]
  ) {
    let (rows, columns) = (scores.rows, scores.columns)
    precondition(firstRow >= 0 && firstRow + rows <= min(rowSide.offsets.count, rowCounts.count))
    precondition(
      firstColumn >= 0 && firstColumn + columns <= min(columnSide.offsets.count, columnCounts.count))
    guard rows > 0, columns > 0 else { return }
    // Stripes of columns, each with row counts of its own, so that threads never share a counter.
    let stripes = 4
    let stripeColumns = ((columns + stripes - 1) / stripes + 15) & ~15
    var striped = [Int32](repeating: 0, count: stripes * rows)
    rowSide.withPointers(from: firstRow) { rowOffsets, rowThresholds in
      columnSide.withPointers(from: firstColumn) { columnOffsets, columnThresholds in
        striped.withUnsafeMutableBufferPointer { striped in
          columnCounts.withUnsafeMutableBufferPointer { columnCounts in
            // The buffers are not empty: rows and columns are positive. Stripes write to disjoint parts.
            guard let rowTotals = striped.baseAddress, let columnTotals = columnCounts.baseAddress
            else { return }
            Parallel.forEachRange(of: stripes, grain: 1) { range in
              for stripe in range {
                let start = stripe * stripeColumns
                guard start < columns else { continue }
                ck_count_at_least(
                  scores.pointer + start, scores.stride, rowOffsets, columnOffsets + start, rowThresholds,
                  columnThresholds + start, rowTotals + stripe * rows, columnTotals + firstColumn + start,
                  min(stripeColumns, columns - start), 0, rows)
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

extension ScoreCounts.Side {
  /// Calls `body` with the addresses of the offset and the threshold at `first`; there is one.
  fileprivate func withPointers(
    from first: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    offsets.withUnsafeBufferPointer { offsets in
      thresholds.withUnsafeBufferPointer { thresholds in
        guard let offsets = offsets.baseAddress, let thresholds = thresholds.baseAddress else { return }
        body(offsets + first, thresholds + first)
      }
    }
  }
}
