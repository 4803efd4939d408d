internal import CKernels
internal import Foundation

/// The cross-entropy of softmaxes over the rows and over the columns of a minibatch's scores.
public enum SymmetricSoftmax {
  /// −1/2B Σ_i (ln softmax(s · S_i·)_i + ln softmax(s · S_·i)_i), each softmax over the pair itself and its
  /// negatives, and its gradients.
  ///
  /// Every exponent is taken relative to the largest of its row or column, so that no scale overflows; that of
  /// the pair itself is 1 minus the others', so that gradients of small losses stay exact.
  /// - Parameters:
  ///   - scores: S [B, B], images by sentences.
  ///   - groups: of each pair; pairs of one group are not each other's negatives. All others are.
  ///   - scale: s > 0.
  ///   - gradient: receives dL/dS [B, B].
  /// - Returns: the cost, and dL/ds.
  /// - Complexity: O(B²), 4 · B² exponentials.
  public static func crossEntropy(
    scores: Matrix, groups: PairGroups, scale: Float, gradient: Matrix
  ) -> (cost: Double, scaleGradient: Double) {
    let batch = scores.rows
    requireContiguous(scores, batch, batch)
    requireContiguous(gradient, batch, batch)
    precondition(groups.count == batch, "one group a pair")
    guard batch > 0 else { return (0, 0) }
    let rows = Sums(of: scores, groups: groups, scale: scale, function: ck_softmax_rows)
    let columns = Sums(of: scores, groups: groups, scale: scale, function: ck_softmax_columns)
    let weight = 0.5 / Double(batch)
    var along = [Double](repeating: 0, count: batch)
    ck_softmax_gradient(
      scores.pointer, groups.numbers, scale, Float(weight), rows.maximum, rows.factors, columns.maximum,
      columns.factors, gradient.pointer, &along, batch, 0, batch)
    var cost = 0.0
    var scaleGradient = 0.0
    for i in 0..<batch {
      cost += weight * (rows.cost(i) + columns.cost(i))
      let own = -weight * (rows.complement(i) + columns.complement(i))
      gradient[i, i] = Float(Double(scale) * own)
      scaleGradient += along[i] + own * Double(scores[i, i])
    }
    return (cost, scaleGradient)
  }

  private typealias SumFunction = (
    UnsafePointer<Float>?, UnsafePointer<Int32>?, Float, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<Double>?, Int, Int, Int
  ) -> Void

  /// Of each row or each column: the largest score m, e^(s · (S_ii − m)), and Σ e^(s · (S − m)) over the
  /// negatives.
  private struct Sums {
    let maximum: [Float]
    /// s · (m − S_ii) ≥ 0.
    let distances: [Double]
    let negatives: [Double]
    /// 1 / Σ, the pair itself among them.
    let factors: [Float]

    init(of scores: Matrix, groups: PairGroups, scale: Float, function: SumFunction) {
      let batch = scores.rows
      var largest = [Float](repeating: 0, count: batch)
      var sums = [Double](repeating: 0, count: batch)
      function(scores.pointer, groups.numbers, scale, &largest, &sums, batch, 0, batch)
      let distances = (0..<batch).map { Double(scale) * (Double(largest[$0]) - Double(scores[$0, $0])) }
      maximum = largest
      negatives = sums
      factors = zip(distances, sums).map { Float(1 / (exp(-$0) + $1)) }
      self.distances = distances
    }

    /// −ln p of the pair itself.
    func cost(_ i: Int) -> Double {
      // Where it is the largest, ln(1 + Σ) of a small sum keeps its digits.
      distances[i] + log1p(negatives[i] + expm1(-distances[i]))
    }

    /// 1 − p of the pair itself.
    func complement(_ i: Int) -> Double { negatives[i] / (exp(-distances[i]) + negatives[i]) }
  }
}
