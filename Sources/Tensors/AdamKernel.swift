internal import CKernels

/// One Adam update's constants; see `AdamKernel.update`.
public struct AdamStep: Sendable {
  /// The step size, bias corrections included.
  public var rate: Float
  /// m ← firstDecay · m + (1 − firstDecay) · g. In Double, as 1 − 0.999 in Float is 1.3e-5 off.
  public var firstDecay: Double
  /// v ← secondDecay · v + (1 − secondDecay) · g².
  public var secondDecay: Double
  /// θ ← θ − rate · m / (√v + epsilon).
  public var epsilon: Float
  /// g ← gradientScale · (g + decay · θ): clipping, and the gradient of the weight decay.
  public var gradientScale: Float
  /// The factor of θ in the gradient: 2λ for a cost with λ · Σθ².
  public var decay: Float
  /// θ ← θ − shrinkage · θ before the step: a weight decay that the moments do not see.
  public var shrinkage: Float

  /// Constants of one update; see the properties.
  public init(
    rate: Float, firstDecay: Double, secondDecay: Double, epsilon: Float, gradientScale: Float, decay: Float,
    shrinkage: Float = 0
  ) {
    self.rate = rate
    self.firstDecay = firstDecay
    self.secondDecay = secondDecay
    self.epsilon = epsilon
    self.gradientScale = gradientScale
    self.decay = decay
    self.shrinkage = shrinkage
  }
}

/// Whole-buffer loops of the optimiser, spread over threads in pieces of a fixed size, so that results do
/// not depend on the number of threads.
public enum AdamKernel {
  private static let piece = 1 << 15
  /// So many parameters are still in a core's cache when their average is moved after them.
  private static let cached = 1 << 13

  /// Updates parameters and moments (all [1, count]) in place, the rounded copy when there is one, and where
  /// `average` is given, its values ← values + weight · (parameters − values) after that.
  public static func update(
    _ step: AdamStep, parameters: Matrix, gradients: Matrix, firstMoments: Matrix, secondMoments: Matrix,
    rounded: Operand?, average: (values: Matrix, weight: Float)? = nil
  ) {
    let count = parameters.count
    for matrix in [parameters, gradients, firstMoments, secondMoments] { requireContiguous(matrix, 1, count) }
    requireContiguous(average?.values, 1, count)
    precondition(rounded.map { $0.rows == 1 && $0.columns == count } ?? true)
    let constants = ck_adam_step(
      rate: step.rate, first_decay: Float(step.firstDecay), first_gain: Float(1 - step.firstDecay),
      second_decay: Float(step.secondDecay), second_gain: Float(1 - step.secondDecay), epsilon: step.epsilon,
      gradient_scale: step.gradientScale, decay: step.decay,
      shrinkage: step.shrinkage)
    Parallel.forEachRange(of: count, grain: piece) { range in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: cached) {
        let length = min(cached, range.upperBound - start)
        withUnsafePointer(to: constants) { constants in
          ck_adam(
            constants, parameters.pointer + start, gradients.pointer + start, firstMoments.pointer + start,
            secondMoments.pointer + start, rounded?.bfloat16Pointer.map { $0 + start }, length)
        }
        if let average {
          ck_move_average(average.values.pointer + start, parameters.pointer + start, average.weight, length)
        }
      }
    }
  }

  /// ‖g + decay · θ‖₂ of all gradients together, both [1, count].
  public static func gradientNorm(gradients: Matrix, parameters: Matrix, decay: Float) -> Double {
    let count = gradients.count
    requireContiguous(gradients, 1, count)
    requireContiguous(parameters, 1, count)
    let pieces = (count + piece - 1) / piece
    var partial = [Double](repeating: 0, count: pieces)
    partial.withUnsafeMutableBufferPointer { partial in
      // Each piece has a place of its own.
      nonisolated(unsafe) let partial = partial
      Parallel.forEachRange(of: pieces, grain: 1) { range in
        for index in range {
          let start = index * piece
          partial[index] = ck_sum_of_squares(
            gradients.pointer + start, parameters.pointer + start, decay, min(piece, count - start))
        }
      }
    }
    return partial.reduce(0, +).squareRoot()
  }
}
