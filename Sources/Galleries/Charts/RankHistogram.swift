/// How many queries have a rank in each of some ranges, which grow as ranks do: 1, 2–5, 6–10, 11–20, 21–50 and so on.
package struct RankHistogram: Sendable, Equatable {
  /// The 1-based ranks of each range.
  package let ranges: [ClosedRange<Int>]

  /// Ranges up to that of the highest of some 0-based ranks.
  package init(reaching highest: Int) {
    var ends = [1, 5, 10]
    while let last = ends.last, last <= highest { ends.append(Self.next(after: last)) }
    ranges = zip([0] + ends, ends).map { $0 + 1...$1 }
  }

  /// 10, 20, 50, 100, 200 and so on.
  private static func next(after end: Int) -> Int {
    let isDoubled = !"\(end)".hasPrefix("2")
    let (next, overflow) = isDoubled ? end.multipliedReportingOverflow(by: 2) : (end / 2 * 5, false)
    return overflow ? .max : next
  }

  /// "2–5"; "1" for a range of one.
  package var labels: [String] {
    ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
  }

  /// The percentage of 0-based ranks that each range has.
  package func shares(of ranks: [Int]) -> [Double] {
    guard !ranks.isEmpty else { return ranges.map { _ in 0 } }
    return ranges.map { range in
      100 * Double(ranks.count { range.contains($0 + 1) }) / Double(ranks.count)
    }
  }
}
