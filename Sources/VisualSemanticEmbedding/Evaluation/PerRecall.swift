/// A value for each of the six recalls, and one for their sum.
public struct PerRecall<Value> {
  /// The values of one direction.
  public struct Direction {
    /// Of R@1.
    public var r1: Value
    /// Of R@5.
    public var r5: Value
    /// Of R@10.
    public var r10: Value
  }

  /// Image annotation.
  public var annotation: Direction
  /// Image search.
  public var search: Direction
  /// The sum of the six.
  public var sumOfRecalls: Value

  /// The values in the order of `values`; there are seven.
  init(values: [Value]) {
    precondition(values.count == Self.count, "six recalls and their sum")
    annotation = Direction(r1: values[0], r5: values[1], r10: values[2])
    search = Direction(r1: values[3], r5: values[4], r10: values[5])
    sumOfRecalls = values[6]
  }

  /// How many values there are.
  static var count: Int { 7 }

  /// Annotation's R@1, 5 and 10, search's, and the sum.
  public var values: [Value] {
    [annotation, search].flatMap { [$0.r1, $0.r5, $0.r10] } + [sumOfRecalls]
  }
}

extension PerRecall.Direction: Sendable where Value: Sendable {}
extension PerRecall: Sendable where Value: Sendable {}
extension PerRecall.Direction: Equatable where Value: Equatable {}
extension PerRecall: Equatable where Value: Equatable {}
extension PerRecall.Direction: Encodable where Value: Encodable {}
extension PerRecall: Encodable where Value: Encodable {}

extension RankingScores {
  /// The six recalls and their sum.
  public var recalls: PerRecall<Double> {
    PerRecall(
      values: [
        annotation.r1, annotation.r5, annotation.r10, search.r1, search.r5, search.r10, sumOfRecalls,
      ])
  }
}
