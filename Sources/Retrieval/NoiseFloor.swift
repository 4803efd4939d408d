public import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How high the best of many unrelated items scores by chance, from the distribution of a query's scores.
///
/// A model gives no score that means "fits": a vague sentence scores 0.3 with everything, a precise one 0.25 with its
/// own photo and 0.0 with the rest. So a score is judged by the query's own distribution over all n items: nearly all
/// of them are unrelated, so that their mean μ and deviation σ are those of noise, and if they were normal, the best
/// of n would reach a score s with the chance 1 − Φ((s − μ)/σ)ⁿ. A best hit with a chance above `acceptedChance` is
/// what noise looks like: nothing fits.
///
/// It is a rule of thumb. Scores of real models have heavier tails than the normal distribution, so that a query about
/// nothing in the index passes now and then; and where a large part of the items fit, no single one stands out.
public struct NoiseFloor: Sendable {
  /// The chance above which a best hit is taken for noise.
  public static let acceptedChance = 0.5

  private let moments: ScoreMoments
  private let candidates: Int

  /// The noise of a query whose scores with `candidates` items have the given moments.
  public init(_ moments: ScoreMoments, candidates: Int) {
    self.moments = moments
    self.candidates = candidates
  }

  /// 1 − Φ((score − μ)/σ)ⁿ; 0 with fewer than eight items, from which no distribution can be told.
  public func chance(of score: Float) -> Double {
    guard candidates >= 8, moments.deviation > 0 else { return 0 }
    let z = (Double(score) - moments.mean) / moments.deviation
    let tail = 0.5 * erfc(z / 2.0.squareRoot())
    return -expm1(Double(candidates) * log1p(-min(tail, 1 - 1e-16)))
  }
}
