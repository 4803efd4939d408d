internal import CKernels

/// A random choice of elements to drop, each with the same probability.
///
/// The mask is not kept but made again from its key wherever it is applied: element c of row r of a matrix with C
/// columns is dropped when the upper 32 bits of the number at r · C + c of SplitMix64's sequence from the key are
/// below rate · 2³². So it does not depend on how the work is spread over threads, and the backward pass drops
/// what the forward pass dropped.
public struct DropoutMask: Sendable, Equatable {
  /// The probability that an element is dropped.
  public let rate: Float
  private let key: UInt64

  /// Draws a mask; at a rate of 0 there is none, and nothing is drawn.
  /// - Parameters:
  ///   - rate: in 0 ..< 1.
  ///   - generator: what the mask follows from.
  public init?(rate: Float, using generator: inout SeededRandomNumberGenerator) {
    precondition(rate >= 0 && rate < 1, "not all elements can be dropped")
    guard rate > 0 else { return nil }
    self.rate = rate
    key = generator.next()
  }

  /// Scales the elements that stay by 1 / (1 − rate), so that the expectation is what it was, and sets the others
  /// to zero, in place. Also the gradient of `apply(to:into:)`.
  public func apply(to matrix: Matrix) { apply(to: matrix, into: Operand(matrix)) }

  /// The same into `target` [rows, columns], rounded to its precision; it may be the matrix itself.
  public func apply(to source: Matrix, into target: Operand) {
    precondition(target.rows == source.rows && target.columns == source.columns, "shapes differ")
    let float32 = target.float32Pointer
    precondition(
      float32 != source.pointer || target.stride == source.stride, "in place, rows stay where they are")
    let threshold = UInt32(Double(rate) * 0x1p32)
    Parallel.forEachRange(of: source.rows, grain: max(1, 16_384 / max(source.columns, 1))) { range in
      ck_dropout(
        source.pointer, source.stride, float32, target.bfloat16Pointer, target.stride, source.columns, key,
        threshold, 1 / (1 - rate), range.lowerBound, range.upperBound)
    }
  }
}

/// Normal noise, the same for the same key; see `DropoutMask` for how it follows from it.
public struct NormalNoise: Sendable, Equatable {
  /// The standard deviation, in units of the root mean square of the row that it is added to.
  public let deviation: Float
  private let key: UInt64

  /// Draws noise; with a deviation of 0 there is none, and nothing is drawn.
  public init?(deviation: Float, using generator: inout SeededRandomNumberGenerator) {
    precondition(deviation.isFinite && deviation >= 0, "a deviation is 0 or more")
    guard deviation > 0 else { return nil }
    self.deviation = deviation
    key = generator.next()
  }

  /// x ← x + deviation · √(mean x²) · n, in place, n normal with mean 0 and variance 1; the mean is the row's.
  public func add(to matrix: Matrix) {
    Parallel.forEachRange(of: matrix.rows, grain: max(1, 4096 / max(matrix.columns, 1))) { range in
      ck_add_normal_noise(
        matrix.pointer, matrix.stride, matrix.columns, key, deviation, range.lowerBound, range.upperBound)
    }
  }
}
