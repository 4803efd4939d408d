internal import CKernels
internal import Foundation

/// The logistic loss of all pairs of a minibatch.
public enum PairwiseSigmoid {
  /// −1/B (Σ_i ln σ(s · S_ii + b) + Σ ln σ(−s · S_ij − b) over the negatives), and its gradients.
  ///
  /// - Parameters:
  ///   - scores: S [B, B], images by sentences.
  ///   - groups: of each pair; pairs of one group are not each other's negatives. All others are.
  ///   - scale: s.
  ///   - bias: b.
  ///   - gradient: receives dL/dS [B, B].
  /// - Returns: the cost, dL/ds and dL/db.
  /// - Complexity: O(B²).
  public static func crossEntropy(
    scores: Matrix, groups: PairGroups, scale: Float, bias: Float, gradient: Matrix
  ) -> (cost: Double, scaleGradient: Double, biasGradient: Double) {
    let batch = scores.rows
    requireContiguous(scores, batch, batch)
    requireContiguous(gradient, batch, batch)
    precondition(groups.count == batch, "one group a pair")
    guard batch > 0 else { return (0, 0, 0) }
    let weight = 1 / Double(batch)
    // Sums over the negatives of each row: the cost, Σ p · S and Σ p.
    var costs = [Double](repeating: 0, count: batch)
    var (along, totals) = (costs, costs)
    ck_sigmoid_negatives(
      scores.pointer, groups.numbers, scale, bias, Float(weight), gradient.pointer, &costs, &along, &totals,
      batch, 0, batch)
    var cost = 0.0
    var scaleGradient = 0.0
    var biasGradient = 0.0
    for i in 0..<batch {
      let score = Double(scores[i, i])
      let logit = Double(scale) * score + Double(bias)
      // ln(1 + e^−l), and the derivative of the cost by the logit: −σ(−l).
      cost += weight * (max(-logit, 0) + log1p(exp(-abs(logit))) + costs[i])
      let own = -weight / (1 + exp(logit))
      gradient[i, i] = Float(Double(scale) * own)
      scaleGradient += own * score + along[i]
      biasGradient += own + totals[i]
    }
    return (cost, scaleGradient, biasGradient)
  }
}
