internal import Tensors

/// How a benchmark draws words.
package enum TokenDistribution: String, Sendable, CaseIterable {
  /// All words equally likely: the fewest repetitions, and so the most work.
  case uniform
  /// P(index i) ∝ 1 / (i + 2.7): Zipf's law as Mandelbrot has it, about what captions are like.
  case zipf
}

/// Draws minibatches of word indices.
struct BenchmarkTokens {
  private let distribution: TokenDistribution
  private let vocabulary: Int
  private var generator: SeededRandomNumberGenerator
  /// Σ of the probabilities of the words up to each, not scaled to 1; for `.zipf`.
  private var cumulative: [Double] = []

  init(_ distribution: TokenDistribution, vocabulary: Int, seed: UInt64) {
    self.distribution = distribution
    self.vocabulary = vocabulary
    generator = SeededRandomNumberGenerator(seed: seed)
    guard distribution == .zipf else { return }
    var sum = 0.0
    for index in 0..<vocabulary {
      sum += 1 / (Double(index) + 2.7)
      cumulative.append(sum)
    }
  }

  /// T tokens of B captions.
  mutating func batch(captions: Int, time: Int) -> TokenBatch {
    let rows = (0..<captions).map { _ in (0..<time).map { _ in word() }[...] }
    return TokenBatch(captions: rows, vocabulary: vocabulary)
  }

  private mutating func word() -> Int32 {
    switch distribution {
    case .uniform: return Int32(generator.integer(below: vocabulary))
    case .zipf:
      let place = Double(generator.uniform()) * (cumulative.last ?? 0)
      // The first index whose sum exceeds the place, by halving.
      var (low, high) = (0, vocabulary - 1)
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > place { high = middle } else { low = middle + 1 }
      }
      return Int32(low)
    }
  }
}
