import Foundation
import Tensors
import TestSupport
import Testing

/// The symmetric softmax and the pairwise sigmoid against plain loops in Double.
@Suite struct PairwiseCrossEntropyTests {
  struct Result {
    var cost: Double
    var scaleGradient: Double
    var biasGradient = 0.0
    var gradient: [Double]
  }

  private func plainSoftmax(_ scores: Matrix, _ groups: PairGroups, scale: Double) -> Result {
    let batch = scores.rows
    var result = Result(cost: 0, scaleGradient: 0, gradient: .init(repeating: 0, count: batch * batch))
    for own in 0..<batch {
      for isRow in [true, false] {
        let counted = (0..<batch).filter { $0 == own || groups.areNegatives($0, own) }
        func index(_ other: Int) -> Int { isRow ? own * batch + other : other * batch + own }
        func score(_ other: Int) -> Double { Double(isRow ? scores[own, other] : scores[other, own]) }
        let largest = counted.map { scale * score($0) }.max() ?? 0
        let sum = counted.reduce(0) { $0 + exp(scale * score($1) - largest) }
        result.cost += (log(sum) + largest - scale * score(own)) / Double(2 * batch)
        for other in counted {
          let p = exp(scale * score(other) - largest) / sum - (other == own ? 1 : 0)
          result.gradient[index(other)] += scale * p / Double(2 * batch)
          result.scaleGradient += score(other) * p / Double(2 * batch)
        }
      }
    }
    return result
  }

  private func plainSigmoid(_ scores: Matrix, _ groups: PairGroups, scale: Double, bias: Double) -> Result {
    let batch = scores.rows
    var result = Result(cost: 0, scaleGradient: 0, gradient: .init(repeating: 0, count: batch * batch))
    for i in 0..<batch {
      for j in 0..<batch where i == j || groups.areNegatives(i, j) {
        let sign = i == j ? 1.0 : -1.0
        let x = sign * (scale * Double(scores[i, j]) + bias)
        result.cost += (max(-x, 0) + log1p(exp(-abs(x)))) / Double(batch)
        let p = -sign / (1 + exp(x)) / Double(batch)
        result.gradient[i * batch + j] = scale * p
        result.scaleGradient += p * Double(scores[i, j])
        result.biasGradient += p
      }
    }
    return result
  }

  private func check(_ found: Result, _ expected: Result, gradient: Matrix, scale: Double) {
    #expect(abs(found.cost - expected.cost) <= 2e-6 * max(expected.cost, 1e-3))
    let sizes = expected.gradient.reduce(0) { $0 + abs($1) }
    #expect(abs(found.scaleGradient - expected.scaleGradient) <= 1e-6 * sizes / scale)
    #expect(abs(found.biasGradient - expected.biasGradient) <= 1e-6 * sizes / scale)
    let largest = expected.gradient.reduce(0) { max($0, abs($1)) }
    for (value, wanted) in zip(gradient.values, expected.gradient) {
      // The rounding of the scores' distance times the scale is in the exponent.
      guard abs(Double(value) - wanted) <= 1e-5 * abs(wanted) + 1e-7 * largest else {
        Issue.record("gradient \(value), expected \(wanted)")
        return
      }
    }
  }

  private func groups(_ batch: Int, count: Int?) -> PairGroups {
    guard let count else { return .separate(batch) }
    var generator = SeededGenerator(seed: 4)
    return PairGroups((0..<batch).map { _ in Int32(generator.next() % UInt64(count)) })
  }

  // A row shorter than a vector, one that is no multiple of it, and more rows than one thread takes.
  @Test(arguments: [1, 2, 7, 33, 258], [nil, 3, 1])
  func softmax(batch: Int, groupCount: Int?) {
    let groups = groups(batch, count: groupCount)
    for scale in [Float(0.5), 14.25, 100] {
      let scores = randomMatrix(rows: batch, columns: batch, seed: 5)
      let gradient = randomMatrix(rows: batch, columns: batch, seed: 6)
      let found = SymmetricSoftmax.crossEntropy(
        scores: scores, groups: groups, scale: scale, gradient: gradient)
      check(
        Result(cost: found.cost, scaleGradient: found.scaleGradient, gradient: []),
        plainSoftmax(scores, groups, scale: Double(scale)), gradient: gradient, scale: Double(scale))
    }
  }

  @Test(arguments: [1, 2, 7, 33, 258], [nil, 3, 1])
  func sigmoid(batch: Int, groupCount: Int?) {
    let groups = groups(batch, count: groupCount)
    for (scale, bias) in [(Float(0.5), Float(1)), (10, -10), (100, -40)] {
      let scores = randomMatrix(rows: batch, columns: batch, seed: 7)
      let gradient = randomMatrix(rows: batch, columns: batch, seed: 8)
      let found = PairwiseSigmoid.crossEntropy(
        scores: scores, groups: groups, scale: scale, bias: bias, gradient: gradient)
      check(
        Result(
          cost: found.cost, scaleGradient: found.scaleGradient, biasGradient: found.biasGradient,
          gradient: []), plainSigmoid(scores, groups, scale: Double(scale), bias: Double(bias)),
        gradient: gradient, scale: Double(scale))
    }
  }

  @Test(arguments: [2, 33], [Float.nan, -Float.nan, .infinity, -.infinity])
  func whatIsNotFiniteReachesTheCost(batch: Int, broken: Float) {
    for place in 0..<batch * batch {
      let scores = randomMatrix(rows: batch, columns: batch, seed: 3)
      scores[place / batch, place % batch] = broken
      let gradient = Matrix(rows: batch, columns: batch)
      let groups = PairGroups.separate(batch)
      let softmax = SymmetricSoftmax.crossEntropy(
        scores: scores, groups: groups, scale: 10, gradient: gradient)
      let sigmoid = PairwiseSigmoid.crossEntropy(
        scores: scores, groups: groups, scale: 10, bias: -10, gradient: gradient)
      // −∞ is the score of a negative that could not be further off, and ∞ that of the best pair.
      let isOwn = place / batch == place % batch
      if broken.isNaN || broken < 0 && isOwn || broken > 0 && !isOwn {
        #expect(!softmax.cost.isFinite && !sigmoid.cost.isFinite, "place \(place)")
      }
    }
  }

  /// The whole range of the logarithm in the sigmoid's cost, down to terms that vanish beside 1.
  @Test func smallTermsKeepTheirDigits() {
    for logit in stride(from: Float(-80), through: 20, by: 0.37) {
      let scores = Matrix(rows: 2, columns: 2, values: [100, logit, logit, 100])
      let gradient = Matrix(rows: 2, columns: 2)
      let found = PairwiseSigmoid.crossEntropy(
        scores: scores, groups: .separate(2), scale: 1, bias: 0, gradient: gradient)
      let expected = log1p(exp(Double(logit)))
      #expect(abs(found.cost - expected) <= 3e-7 * expected, "logit \(logit)")
    }
  }
}
