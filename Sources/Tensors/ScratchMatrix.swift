/// Working memory that is kept from one minibatch to the next and grows when a larger one comes.
///
/// The numbers of a matrix taken from it are undefined at first and valid until the next one is taken.
public final class ScratchMatrix {
  private var buffer = AlignedBuffer(byteCount: 0)

  /// No memory yet.
  public init() {}

  /// A matrix [rows, columns] of undefined numbers.
  public func matrix(rows: Int, columns: Int) -> Matrix {
    reserve(byteCount: rows * columns * MemoryLayout<Float>.stride)
    return Matrix(buffer: buffer, offset: 0, rows: rows, columns: columns, stride: columns)
  }

  /// An operand [rows, columns] of undefined numbers.
  public func operand(rows: Int, columns: Int, precision: Precision) -> Operand {
    reserve(byteCount: rows * columns * precision.byteCount)
    return Operand(
      buffer: buffer, offset: 0, rows: rows, columns: columns, stride: columns, precision: precision)
  }

  /// The matrix itself for Float32, else a rounded copy of it.
  public func operand(for matrix: Matrix, precision: Precision) -> Operand {
    if precision == .float32 { return Operand(matrix) }
    let result = operand(rows: matrix.rows, columns: matrix.columns, precision: precision)
    result.assign(matrix)
    return result
  }

  private func reserve(byteCount: Int) {
    guard buffer.byteCount < byteCount else { return }
    // Half as much again, so that slowly growing minibatches do not allocate each time.
    buffer = AlignedBuffer(
      byteCount: buffer.byteCount == 0 ? byteCount : max(byteCount, buffer.byteCount * 3 / 2))
  }
}
