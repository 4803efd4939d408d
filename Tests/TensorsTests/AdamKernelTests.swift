import Tensors
import TestSupport
import Testing

@Suite struct AdamKernelTests {
  private let step = AdamStep(
    rate: 0.01, firstDecay: 0.9, secondDecay: 0.999, epsilon: 1e-8, gradientScale: 0.5, decay: 0.02)

  // One element, a part of a vector, more than one of the pieces that threads share.
  @Test(arguments: [1, 17, 130, 70_001], [false, true]) func update(count: Int, rounds: Bool) {
    let parameters = randomMatrix(rows: 1, columns: count, seed: 1)
    let gradients = randomMatrix(rows: 1, columns: count, seed: 2)
    let first = randomMatrix(rows: 1, columns: count, seed: 3)
    let second = Matrix(rows: 1, columns: count, values: randomValues(count, seed: 4).map(abs))
    let rounded = rounds ? Operand(rows: 1, columns: count, precision: .bfloat16) : nil
    let before = (parameters.values, first.values, second.values)
    AdamKernel.update(
      step, parameters: parameters, gradients: gradients, firstMoments: first, secondMoments: second,
      rounded: rounded)
    // As the kernel is given them: 1 - 0.999 differs from 0.001 by 1e-5 of it in Float32.
    let (keepsFirst, keepsSecond) = (Double(step.firstDecay), Double(step.secondDecay))
    for index in 0..<count {
      let theta = Double(before.0[index])
      let g = 0.5 * (Double(gradients[0, index]) + Double(step.decay) * theta)
      let m = keepsFirst * Double(before.1[index]) + (1 - keepsFirst) * g
      let v = keepsSecond * Double(before.2[index]) + (1 - keepsSecond) * g * g
      let change = Double(step.rate) * m / (v.squareRoot() + 1e-8)
      // The rounding of θ, of v, and of m, whose two terms may cancel.
      let bound = 2e-7 + 2e-6 * abs(change) + 0.01 * 2e-7 / v.squareRoot()
      let isRight =
        abs(Double(first[0, index]) - m) <= 2e-7 && abs(Double(second[0, index]) - v) <= 3e-7 * max(v, 1e-3)
        && abs(Double(parameters[0, index]) - (theta - change)) <= bound
      guard isRight else {
        Issue.record("\(index): θ \(parameters[0, index]), expected \(theta - change)")
        return
      }
    }
    if let rounded {
      #expect(rounded.float32Copy().values == operand(parameters, .bfloat16).float32Copy().values)
    }
  }

  /// The decoupled decay acts on θ before the step and on no moment; the average follows what comes out.
  @Test(arguments: [17, 70_001]) func shrinkageAndAverage(count: Int) {
    let (decayed, plain) = (
      randomMatrix(rows: 1, columns: count, seed: 1), randomMatrix(rows: 1, columns: count, seed: 1)
    )
    let before = plain.values
    let gradients = randomMatrix(rows: 1, columns: count, seed: 2)
    let average = randomMatrix(rows: 1, columns: count, seed: 5)
    let averageBefore = average.values
    var moments: [[Float]] = []
    for (parameters, shrinkage) in [(plain, Float(0)), (decayed, 0.125)] {
      var step = self.step
      step.decay = 0
      step.shrinkage = shrinkage
      let (first, second) = (Matrix(rows: 1, columns: count), Matrix(rows: 1, columns: count))
      AdamKernel.update(
        step, parameters: parameters, gradients: gradients, firstMoments: first, secondMoments: second,
        rounded: nil, average: shrinkage > 0 ? (average, 0.25) : nil)
      moments.append(first.values + second.values)
    }
    #expect(moments[0] == moments[1])
    for index in 0..<count {
      let expected = Double(plain[0, index]) - 0.125 * Double(before[index])
      let mean = 0.75 * Double(averageBefore[index]) + 0.25 * Double(decayed[0, index])
      guard abs(Double(decayed[0, index]) - expected) < 3e-7, abs(Double(average[0, index]) - mean) < 3e-7
      else {
        Issue.record("\(index): θ \(decayed[0, index]), expected \(expected); average \(average[0, index])")
        return
      }
    }
  }

  @Test func zeroGradientsMoveNothing() {
    let parameters = randomMatrix(rows: 1, columns: 40, seed: 1)
    let before = parameters.values
    let plain = AdamStep(
      rate: 0.01, firstDecay: 0.9, secondDecay: 0.999, epsilon: 1e-8, gradientScale: 1, decay: 0)
    AdamKernel.update(
      plain, parameters: parameters, gradients: Matrix(rows: 1, columns: 40),
      firstMoments: Matrix(rows: 1, columns: 40), secondMoments: Matrix(rows: 1, columns: 40), rounded: nil)
    #expect(parameters.values == before)
  }

  @Test(arguments: [1, 17, 257, 70_001], [0, Float(0.03)]) func gradientNorm(count: Int, decay: Float) {
    let gradients = randomMatrix(rows: 1, columns: count, seed: 5)
    let parameters = randomMatrix(rows: 1, columns: count, seed: 6)
    let expected = zip(gradients.values, parameters.values).reduce(0.0) {
      let g = Double($1.0) + Double(decay) * Double($1.1)
      return $0 + g * g
    }.squareRoot()
    let found = AdamKernel.gradientNorm(gradients: gradients, parameters: parameters, decay: decay)
    #expect(abs(found - expected) <= 1e-6 * expected)
  }

  @Test func normOfBrokenGradients() {
    let parameters = Matrix(rows: 1, columns: 300)
    for broken in [Float.nan, .infinity] {
      let gradients = Matrix(rows: 1, columns: 300)
      gradients[0, 299] = broken
      let norm = AdamKernel.gradientNorm(gradients: gradients, parameters: parameters, decay: 0)
      #expect(!norm.isFinite)
    }
  }
}
