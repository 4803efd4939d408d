/// Which pairs of a minibatch belong together: pairs i and j are each other's negatives where their groups
/// differ.
public struct PairGroups: Sendable, Equatable {
  /// The group of each pair, B of them.
  public let numbers: [Int32]

  /// Pairs with the given groups.
  public init(_ numbers: [Int32]) { self.numbers = numbers }

  /// Every pair in a group of its own: all others are its negatives.
  public static func separate(_ count: Int) -> PairGroups { PairGroups((0..<count).map { Int32($0) }) }

  /// B, the number of pairs.
  public var count: Int { numbers.count }

  /// Whether two pairs are each other's negatives.
  public func areNegatives(_ first: Int, _ second: Int) -> Bool { numbers[first] != numbers[second] }
}
