internal import CKernels

/// The hinges of all pairs of a minibatch.
public enum PairwiseHinges {
  /// Σ max(0, margin − S_ii + S_ij) + max(0, margin − S_jj + S_ij) over the negatives, and its gradient.
  ///
  /// - Parameters:
  ///   - scores: S [B, B], images by sentences.
  ///   - groups: of each pair; pairs of one group are not each other's negatives. All others are.
  ///   - margin: how much higher than a negative a pair must score to cost nothing.
  ///   - gradient: receives dL/dS [B, B].
  /// - Returns: the cost.
  public static func sum(scores: Matrix, groups: PairGroups, margin: Float, gradient: Matrix) -> Double {
    let all = [ck_selection](
      repeating: ck_selection(threshold: .min, last: .max), count: scores.rows)
    return hinges(
      scores: scores, groups: groups, rows: all, columns: all, margin: margin, gradient: gradient)
  }

  /// Of the same terms only the `kept` largest of each row and of each column: with B − 1 the sum, with 1 the
  /// hardest negatives (Faghri et al. 2018, VSE++). Of equal terms the first counts, and a NaN before all others,
  /// so that it is seen in the cost.
  /// - Complexity: O(B²).
  public static func hardest(
    _ kept: Int, scores: Matrix, groups: PairGroups, margin: Float, gradient: Matrix
  ) -> Double {
    precondition(kept >= 1, "at least the hardest term counts")
    let batch = scores.rows
    requireContiguous(scores, batch, batch)
    precondition(groups.count == batch, "one group a pair")
    var rows = [ck_selection](repeating: ck_selection(), count: batch)
    var columns = rows
    ck_select_rows(scores.pointer, groups.numbers, kept, &rows, batch, 0, batch)
    ck_select_columns(scores.pointer, groups.numbers, kept, &columns, batch, 0, batch)
    return hinges(
      scores: scores, groups: groups, rows: rows, columns: columns, margin: margin, gradient: gradient)
  }

  private static func hinges(
    scores: Matrix, groups: PairGroups, rows: [ck_selection], columns: [ck_selection], margin: Float,
    gradient: Matrix
  ) -> Double {
    let batch = scores.rows
    requireContiguous(scores, batch, batch)
    requireContiguous(gradient, batch, batch)
    precondition(groups.count == batch, "one group a pair")
    let diagonal = (0..<batch).map { scores[$0, $0] }
    var rowCounts = [Float](repeating: 0, count: batch)
    var columnCounts = [Float](repeating: 0, count: batch)
    let cost = ck_hinges(
      scores.pointer, diagonal, groups.numbers, rows, columns, margin, 1, gradient.pointer, &rowCounts,
      &columnCounts, batch, 0, batch)
    for i in 0..<batch { gradient[i, i] = -(rowCounts[i] + columnCounts[i]) }
    return cost
  }
}
