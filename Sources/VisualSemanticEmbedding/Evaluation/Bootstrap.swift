internal import Tensors

/// Bootstrap over images: how far scores would move had other images of the same kind been taken.
///
/// Each resample draws as many images as there are, with replacement, each with its captions. Recalls are counted
/// anew from the ranks that were found: those stay what they are against the whole gallery, which is not drawn again.
/// Images and captions that resemble each other are not independent, so that intervals are rather too narrow.
/// (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", percentile intervals.)
public struct Bootstrap: Sendable, Equatable, Encodable {
  /// How many times images are drawn; at least 1.
  public var resamples = 10_000
  /// Resamples of one seed are the same in every run.
  public var seed: UInt64 = 1234

  /// 10,000 resamples, unless told otherwise.
  public init(resamples: Int = 10_000, seed: UInt64 = 1234) {
    precondition(resamples >= 1, "nothing to resample")
    self.resamples = resamples
    self.seed = seed
  }

  /// The 95% interval of each recall.
  package func intervals(_ counts: RecallCounts) -> PerRecall<ConfidenceInterval> {
    let drawn = draw(counts.images.count) { [counts.recalls(at: $0)] }[0]
    return PerRecall(values: drawn.map { ConfidenceInterval(of: $0) })
  }

  /// The differences of each recall, second less first, of two models on the same images.
  package func differences(_ first: RecallCounts, _ second: RecallCounts) -> PerRecall<ScoreDifference> {
    precondition(first.images.count == second.images.count, "paired by their images")
    let drawn = draw(first.images.count) { [first.recalls(at: $0), second.recalls(at: $0)] }
    let whole = zip(first.recalls.values, second.recalls.values).map { $1 - $0 }
    return PerRecall(
      values: whole.indices.map { place in
        ScoreDifference(
          difference: whole[place], resampled: zip(drawn[0][place], drawn[1][place]).map { $1 - $0 })
      })
  }

  /// The recalls of each model in each resample: [models][7][resamples].
  private func draw(_ images: Int, _ recalls: ([Int]) -> [PerRecall<Double>]) -> [[[Double]]] {
    var generator = SeededRandomNumberGenerator(seed: seed)
    var index = [Int](repeating: 0, count: images)
    var result: [[[Double]]] = []
    for _ in 0..<resamples {
      for place in index.indices { index[place] = generator.integer(below: images) }
      let found = recalls(index).map(\.values)
      if result.isEmpty { result = found.map { $0.map { _ in [] } } }
      for (model, values) in found.enumerated() {
        for (place, value) in values.enumerated() { result[model][place].append(value) }
      }
    }
    return result
  }
}

/// Where 95% of the resamples lie.
public struct ConfidenceInterval: Sendable, Equatable, Encodable {
  /// The quantile at 2.5%.
  public var low: Double
  /// The quantile at 97.5%.
  public var high: Double

  init(of resampled: [Double]) {
    let sorted = resampled.sorted()
    /// Between two values in proportion, as NumPy's `quantile` has it.
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    low = quantile(0.025)
    high = quantile(0.975)
  }
}

/// How a recall of one model differs from another's on the same images.
public struct ScoreDifference: Sendable, Equatable, Encodable {
  /// The second model's less the first's.
  public var difference: Double
  /// Where 95% of the resampled differences lie.
  public var interval: ConfidenceInterval
  /// Two-sided: twice the smaller share of resamples on either side of no difference, those without one on both.
  ///
  /// One resample more is counted on each side, so that it is never 0 (Davison and Hinkley 1997, chapter 4).
  public var pValue: Double

  /// Recalls are sums of fractions: what is no difference may come out as small as this.
  static let rounding = 1e-9

  init(difference: Double, resampled: [Double]) {
    self.difference = difference
    interval = ConfidenceInterval(of: resampled)
    let notAbove = resampled.count { $0 <= Self.rounding }
    let notBelow = resampled.count { $0 >= -Self.rounding }
    pValue = min(1, 2 * Double(min(notAbove, notBelow) + 1) / Double(resampled.count + 1))
  }
}
