import Tensors
import TestSupport

/// A float in [-1, 1), with 24 random bits.
func randomFloat(_ generator: inout SeededGenerator) -> Float {
  Float(generator.next() >> 40) * 0x1p-23 - 1
}

func randomValues(_ count: Int, seed: UInt64) -> [Float] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in randomFloat(&generator) }
}

/// A matrix of random numbers in [-1, 1); strided, it is a window onto a larger one, whose other numbers are
/// random too.
func randomMatrix(rows: Int, columns: Int, seed: UInt64, strided: Bool = false) -> Matrix {
  guard strided else {
    return Matrix(rows: rows, columns: columns, values: randomValues(rows * columns, seed: seed))
  }
  let all = Matrix(
    rows: rows + 3, columns: columns + 5, values: randomValues((rows + 3) * (columns + 5), seed: seed))
  return all.rows(2..<rows + 2).columns(3..<columns + 3)
}

/// The matrix as an input of products in a precision; strided, it is a window onto a larger operand.
func operand(_ matrix: Matrix, _ precision: Precision, strided: Bool = false) -> Operand {
  if precision == .float32 { return Operand(matrix) }
  let all = Operand(rows: matrix.rows + 2, columns: matrix.columns + (strided ? 7 : 0), precision: precision)
  let start = strided ? 4 : 0
  let result = all.rows(1..<matrix.rows + 1).columns(start..<start + matrix.columns)
  result.assign(matrix)
  return result
}

/// Runs `body` with so many threads, then goes back to as many as before.
func withThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
  let before = Parallel.threadCount
  Parallel.threadCount = count
  defer { Parallel.threadCount = before }
  return try body()
}

/// The values' bits: equal NaNs are equal, and 0 and -0 are not.
func bits(_ matrix: Matrix) -> [UInt32] { matrix.values.map(\.bitPattern) }
