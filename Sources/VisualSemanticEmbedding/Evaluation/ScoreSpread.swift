/// The mean of several scores and how far they lie apart.
public struct MeanAndDeviation: Sendable, Equatable, Encodable {
  /// The mean.
  public var mean: Double
  /// The standard deviation √(Σ (x − mean)² / (n − 1)); nil of one score.
  public var deviation: Double?

  /// Of one score or more.
  public init(of values: [Double]) {
    precondition(!values.isEmpty, "no score")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    deviation =
      values.count < 2
      ? nil : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
  }
}

extension PerRecall<MeanAndDeviation> {
  /// The recalls of several models, such as those of several seeds; at least one.
  public init(of scores: [RankingScores]) {
    let values = scores.map(\.recalls.values)
    self.init(values: (0..<Self.count).map { place in MeanAndDeviation(of: values.map { $0[place] }) })
  }
}
