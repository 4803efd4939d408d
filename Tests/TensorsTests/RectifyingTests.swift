import Tensors
import TestSupport
import Testing

@Suite struct RectifyingTests {
  @Test(arguments: [(1, 1), (3, 65), (130, 257)]) func rectify(shape: (Int, Int)) {
    let matrix = randomMatrix(rows: shape.0, columns: shape.1, seed: 1, strided: true)
    let expected = matrix.values.map { max(0, $0) }
    matrix.rectify()
    #expect(matrix.values == expected)
    let gradient = randomMatrix(rows: shape.0, columns: shape.1, seed: 2, strided: true)
    let wanted = zip(gradient.values, expected).map { $1 > 0 ? $0 : 0 }
    gradient.rectifyBackward(rectified: matrix)
    #expect(gradient.values == wanted)
  }

  @Test func notANumberStays() {
    let matrix = Matrix(rows: 1, columns: 4, values: [.nan, -1, .infinity, 0])
    matrix.rectify()
    #expect(matrix[0, 0].isNaN && matrix[0, 1] == 0 && matrix[0, 2] == .infinity && matrix[0, 3] == 0)
  }

  @Test func scale() {
    let matrix = randomMatrix(rows: 3, columns: 37, seed: 1, strided: true)
    let expected = matrix.values.map { $0 * 0.3 }
    matrix.scale(by: 0.3)
    #expect(matrix.values == expected)
  }

  @Test(arguments: Precision.allCases) func operandsAreCopied(precision: Precision) {
    let source = operand(randomMatrix(rows: 5, columns: 37, seed: 1), precision, strided: true)
    let target = Operand(rows: 5, columns: 40, precision: precision)
    target.columns(2..<39).assign(source)
    #expect(target.columns(2..<39).float32Copy().values == source.float32Copy().values)
    #expect(target.columns(0..<2).float32Copy().values.allSatisfy { $0 == 0 })
    #expect(target.columns(39..<40).float32Copy().values.allSatisfy { $0 == 0 })
  }
}
