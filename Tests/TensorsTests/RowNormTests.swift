import Tensors
import TestSupport
import Testing

@Suite struct RowNormTests {
  /// (3, 4, 0, …) times `scale` has norm 5 · scale, whose square leaves the range of Float32 at both ends.
  @Test(arguments: [Float(1), 1e-15, 1e15, 1e-30, 1e30, 5e37, 1e-38])
  func normalizesNumbersOfAnySize(scale: Float) {
    let columns = 37
    let matrix = Matrix(rows: 2, columns: columns)
    for row in 0..<2 {
      matrix[row, 0] = 3 * scale
      matrix[row, columns - 1] = 4 * scale
    }
    var norms: [Float] = [0, 0]
    let target = Matrix(rows: 2, columns: columns)
    matrix.normalizeRows(into: target, norms: &norms)
    for row in 0..<2 {
      #expect(abs(target[row, 0] - 0.6) < 1e-6 && abs(target[row, columns - 1] - 0.8) < 1e-6)
      #expect(target.rowValues(row)[1..<columns - 1].allSatisfy { $0 == 0 })
      #expect(abs(norms[row] / scale - 5) < 1e-5)
    }
  }

  @Test func zerosStayAndNaNAndInfinityShow() {
    let matrix = Matrix(rows: 3, columns: 3, values: [0, 0, 0, 1, .nan, 1, 1, .infinity, 1])
    var norms: [Float] = [1, 1, 1]
    matrix.normalizeRows(into: matrix, norms: &norms)
    #expect(matrix.rowValues(0) == [0, 0, 0] && norms[0] == 0)
    #expect(matrix.firstNonFiniteRow == 1)
    #expect(!matrix.rows(2..<3).isFinite)
  }
}
