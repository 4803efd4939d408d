/// Splits a minibatch into parts that the sentence encoder takes at once.
public enum CaptionParts {
  /// The rows in parts of captions of one length, the shortest first and otherwise in their order; with `limit`
  /// no part is larger, and those of one length differ by one caption at most.
  public static func split(_ rows: [Int], lengths: [Int32], limit: Int? = nil) -> [[Int]] {
    var byLength: [Int32: [Int]] = [:]
    for row in rows { byLength[lengths[row], default: []].append(row) }
    return byLength.sorted { $0.key < $1.key }.flatMap { _, rows in
      let parts = limit.map { (rows.count + $0 - 1) / $0 } ?? 1
      return (0..<parts).map { Array(rows[rows.count * $0 / parts..<rows.count * ($0 + 1) / parts]) }
    }
  }
}
