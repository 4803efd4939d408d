import Tensors
import TestSupport
import Testing

@Suite struct MatrixAdditionTests {
  // The last is more than one thread takes.
  @Test(arguments: [(1, 1), (3, 17), (1, 300), (130, 257)]) func addition(shape: (Int, Int)) {
    let sum = randomMatrix(rows: shape.0, columns: shape.1, seed: 1)
    let other = randomMatrix(rows: shape.0, columns: shape.1, seed: 2)
    let expected = zip(sum.values, other.values).map { $0 + $1 }
    sum.add(other)
    #expect(sum.values == expected)
  }

  @Test func windowsOfOneRow() {
    let matrix = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
    matrix.rows(1..<2).add(matrix.rows(0..<1))
    #expect(matrix.values == [1, 2, 3, 5, 7, 9])
  }
}
