import Foundation

/// The losses that learn a scale, in Double, straight from their formulas.
enum ReferenceLosses {
  typealias Table = [[Double]]

  static func infoNCE(_ scores: Table, images: [Int], scale: Double) -> Double {
    var total = 0.0
    for own in scores.indices {
      let counted = scores.indices.filter { $0 == own || images[$0] != images[own] }
      for line in [counted.map { scores[own][$0] }, counted.map { scores[$0][own] }] {
        total += log(line.reduce(0) { $0 + exp(scale * ($1 - scores[own][own])) })
      }
    }
    return total / Double(2 * scores.count)
  }

  static func sigmoid(_ scores: Table, images: [Int], scale: Double, bias: Double) -> Double {
    var total = 0.0
    for i in scores.indices {
      for j in scores.indices where i == j || images[i] != images[j] {
        let sign = i == j ? 1.0 : -1.0
        total += log(1 + exp(-sign * (scale * scores[i][j] + bias)))
      }
    }
    return total / Double(scores.count)
  }
}
