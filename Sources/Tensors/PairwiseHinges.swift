internal import CKernels

/// The hinges of all pairs of a minibatch.
public enum PairwiseHinges {
  /// Σ_{i≠j} max(0, margin − S_ii + S_ij) + max(0, margin − S_jj + S_ij), and its gradient.
  ///
  /// - Parameters:
  ///   - scores: S [B, B], images by sentences.
  ///   - gradient: receives dL/dS [B, B].
  /// - Returns: the cost.
  public static func sum(scores: Matrix, margin: Float, gradient: Matrix) -> Double {
    let batch = scores.rows
    requireContiguous(scores, batch, batch)
    requireContiguous(gradient, batch, batch)
    let diagonal = (0..<batch).map { scores[$0, $0] }
    var rowCounts = [Float](repeating: 0, count: batch)
    var columnCounts = [Float](repeating: 0, count: batch)
    let cost = ck_hinges(
      scores.pointer, diagonal, margin, 1, gradient.pointer, &rowCounts, &columnCounts, batch, 0, batch)
    for i in 0..<batch { gradient[i, i] = -(rowCounts[i] + columnCounts[i]) }
    return cost
  }

  /// Of the same terms only the `kept` largest of each row and of each column: with B − 1 the sum, with 1 the
  /// hardest negatives (Faghri et al. 2018, VSE++). Of equal terms the first counts.
  /// - Complexity: O(B² log B).
  public static func hardest(_ kept: Int, scores: Matrix, margin: Float, gradient: Matrix) -> Double {
    let batch = scores.rows
    requireContiguous(scores, batch, batch)
    requireContiguous(gradient, batch, batch)
    precondition(kept >= 1, "at least the hardest term counts")
    gradient.fill(0)
    let s = scores.pointer
    let g = gradient.pointer
    var others: [Int] = []
    others.reserveCapacity(batch)
    var cost = 0.0
    for i in 0..<batch {
      // A row's terms are scores[i, j], a column's scores[j, i].
      for (start, step) in [(i * batch, 1), (i, batch)] {
        others.removeAll(keepingCapacity: true)
        for j in 0..<batch where j != i { others.append(start + j * step) }
        keepLargest(kept, of: &others, by: s)
        for index in others {
          let hinge = margin - s[i * batch + i] + s[index]
          // `!(… <= 0)`, so that a NaN reaches the cost.
          guard !(hinge <= 0) else { continue }
          cost += Double(hinge)
          g[index] += 1
          g[i * batch + i] -= 1
        }
      }
    }
    return cost
  }

  /// Leaves the `count` places with the largest values, the first of equal ones. NaN comes before every
  /// number, so that it is seen in the cost.
  private static func keepLargest(_ count: Int, of places: inout [Int], by values: UnsafePointer<Float>) {
    guard places.count > count else { return }
    if count == 1 {
      var largest = places[0]
      for place in places.dropFirst() where !values[largest].isNaN && !(values[place] <= values[largest]) {
        largest = place
      }
      places = [largest]
    } else {
      places.sort { first, second in
        let (x, y) = (values[first], values[second])
        if x > y || x < y { return x > y }
        return x.isNaN == y.isNaN ? first < second : x.isNaN
      }
      places.removeLast(places.count - count)
    }
  }
}
