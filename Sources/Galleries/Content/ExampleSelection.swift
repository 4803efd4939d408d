internal import Tensors

/// Which queries are shown.
package enum ExampleSelection {
  /// Draws `count` of the candidates, or all where there are fewer, in their order; the same of one seed in every run.
  package static func drawn(_ count: Int, of candidates: [Int], seed: UInt64) -> [Int] {
    var generator = SeededRandomNumberGenerator(seed: seed)
    return generator.permutation(of: candidates.count).prefix(count).sorted().map { candidates[$0] }
  }

  /// The places of the highest ranks that are not first, the highest first, equal ones in their order, `count` at most.
  package static func hardest(_ count: Int, ranks: [Int?]) -> [Int] {
    let missed = ranks.enumerated().compactMap { place, rank in
      rank.flatMap { $0 > 0 ? (place: place, rank: $0) : nil }
    }
    return missed.sorted { ($1.rank, $0.place) < ($0.rank, $1.place) }.prefix(count).map(\.place)
  }
}
