import Tensors
import TestSupport
import Testing

@Suite struct RowOperationTests {
  static let shapes = [(1, 1), (1, 17), (3, 64), (17, 3), (64, 130), (130, 257)]

  @Test(arguments: shapes, [false, true]) func unitNorm(shape: (Int, Int), strided: Bool) {
    let source = randomMatrix(rows: shape.0, columns: shape.1, seed: 1, strided: strided)
    let target = randomMatrix(rows: shape.0, columns: shape.1, seed: 2, strided: strided)
    var norms = [Float](repeating: 0, count: shape.0)
    source.normalizeRows(into: target, norms: &norms)
    for row in 0..<shape.0 {
      let norm = source.rowValues(row).reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(abs(Double(norms[row]) - norm) <= 1e-6 * norm)
      let expected = source.rowValues(row).map { Float(Double($0) / norm) }
      #expect(maximumAbsoluteDifference(target.rowValues(row), expected) <= 3e-7)
    }
    source.normalizeRows()
    #expect(source.values == target.values)
  }

  @Test func rowOfZerosStaysZero() {
    let matrix = Matrix(rows: 2, columns: 3, values: [0, 0, 0, 3, 0, 4])
    var norms: [Float] = [9, 9]
    matrix.normalizeRows(into: matrix, norms: &norms)
    #expect(norms == [0, 5])
    #expect(maximumAbsoluteDifference(matrix.values, [0, 0, 0, 0.6, 0, 0.8]) < 1e-7)
    let gradient = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 1, 2, 3])
    gradient.normalizeRowsBackward(normalized: matrix, norms: norms)
    #expect(gradient.rowValues(0) == [0, 0, 0])
    #expect(gradient.isFinite)
  }

  @Test func brokenRowsAreSeen() {
    let matrix = Matrix(rows: 2, columns: 2, values: [.nan, 1, 3, 4])
    var norms: [Float] = [0, 0]
    matrix.normalizeRows(into: matrix, norms: &norms)
    #expect(matrix.rowValues(0).allSatisfy { $0.isNaN })
    #expect(matrix[1, 0].isFinite)
    #expect(!matrix.isFinite)
    #expect(matrix.firstNonFiniteRow == 0)
    #expect(Matrix(rows: 2, columns: 1, values: [1, -.infinity]).firstNonFiniteRow == 1)
    #expect(Matrix(rows: 2, columns: 0).isFinite)
  }

  /// L = Σ w · x/‖x‖ in Double, and its central difference.
  @Test(arguments: shapes) func unitNormBackward(rows: Int, columns: Int) {
    let source = randomMatrix(rows: rows, columns: columns, seed: 3)
    let weights = randomMatrix(rows: rows, columns: columns, seed: 4)
    let normalized = Matrix(rows: rows, columns: columns)
    var norms = [Float](repeating: 0, count: rows)
    source.normalizeRows(into: normalized, norms: &norms)
    let gradient = weights.copy()
    gradient.normalizeRowsBackward(normalized: normalized, norms: norms)
    for row in 0..<rows {
      let w = weights.rowValues(row).map { Double($0) }
      func loss(_ x: [Double]) -> Double {
        let norm = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return zip(w, x).reduce(0) { $0 + $1.0 * $1.1 / norm }
      }
      for column in stride(from: 0, to: columns, by: max(1, columns / 7)) {
        var x = source.rowValues(row).map { Double($0) }
        x[column] += 1e-6
        let ahead = loss(x)
        x[column] -= 2e-6
        let expected = (ahead - loss(x)) / 2e-6
        #expect(abs(Double(gradient[row, column]) - expected) <= 1e-5 / Double(norms[row]))
      }
    }
  }

  @Test(arguments: shapes, Precision.allCases) func columnSums(shape: (Int, Int), precision: Precision) {
    let source = operand(
      randomMatrix(rows: shape.0, columns: shape.1, seed: 5, strided: true), precision, strided: true)
    let other = randomMatrix(rows: shape.0, columns: shape.1, seed: 6, strided: true)
    let sums = randomMatrix(rows: 1, columns: shape.1, seed: 7)
    source.sumColumns(into: sums)
    let dots = randomMatrix(rows: 1, columns: shape.1, seed: 7)
    let before = dots.values
    source.addColumnDots(with: other, to: dots)
    let values = source.float32Copy()
    for column in 0..<shape.1 {
      let sum = (0..<shape.0).reduce(0.0) { $0 + Double(values[$1, column]) }
      let dot = (0..<shape.0).reduce(Double(before[column])) {
        $0 + Double(values[$1, column]) * Double(other[$1, column])
      }
      let bound = Double(shape.0 + 1) * 0x1p-24 * Double(shape.0 + 1)
      #expect(abs(Double(sums[0, column]) - sum) <= bound)
      #expect(abs(Double(dots[0, column]) - dot) <= bound)
    }
  }

  @Test(arguments: shapes) func bias(rows: Int, columns: Int) {
    let matrix = randomMatrix(rows: rows, columns: columns, seed: 8, strided: true)
    let bias = randomMatrix(rows: 1, columns: columns, seed: 9)
    let expected = (0..<rows).flatMap { row in (0..<columns).map { matrix[row, $0] + bias[0, $0] } }
    matrix.addToRows(bias)
    #expect(matrix.values == expected)
  }

  @Test(arguments: Precision.allCases) func scatteredRowsAddUp(precision: Precision) {
    let index: [Int32] = [3, 0, 3, 3, 1, 0]
    let source = operand(
      randomMatrix(rows: 6, columns: 131, seed: 10, strided: true), precision, strided: true)
    let target = randomMatrix(rows: 5, columns: 131, seed: 11, strided: true)
    var expected = (0..<5).map { target.rowValues($0) }
    target.addRows(of: source, at: index)
    let values = source.float32Copy()
    for (row, place) in index.enumerated() {
      for column in 0..<131 { expected[Int(place)][column] += values[row, column] }
    }
    #expect(target.values == expected.flatMap { $0 })
  }

  @Test(arguments: Precision.allCases) func gatheredRows(precision: Precision) {
    let source = operand(
      randomMatrix(rows: 7, columns: 33, seed: 12, strided: true), precision, strided: true)
    let target = operand(randomMatrix(rows: 5, columns: 33, seed: 13), precision, strided: true)
    let last = target.float32Copy().rowValues(4)
    source.gatherRows([6, 0, 6, 2], into: target)
    let (from, to) = (source.float32Copy(), target.float32Copy())
    for (row, place) in [6, 0, 6, 2].enumerated() { #expect(to.rowValues(row) == from.rowValues(place)) }
    #expect(to.rowValues(4) == last)
    target.clearRows(1..<3)
    let cleared = target.float32Copy()
    #expect(cleared.rows(1..<3).values.allSatisfy { $0 == 0 })
    #expect(cleared.rowValues(0) == to.rowValues(0))
    #expect(cleared.rowValues(3) == to.rowValues(3))
    source.gatherRows([], into: target)
    #expect(target.float32Copy().values == cleared.values)
  }

  @Test func gatheredRowsAreAdded() {
    let source = randomMatrix(rows: 4, columns: 19, seed: 14, strided: true)
    let target = randomMatrix(rows: 3, columns: 19, seed: 15, strided: true)
    let index: [Int32] = [9, 3, 3, 0, 9]
    let expected = (0..<3).flatMap { row in
      (0..<19).map { target[row, $0] + source[Int(index[row + 1]), $0] }
    }
    target.addGatheredRows(of: Operand(source), at: index[1..<4])
    #expect(target.values == expected)
  }

  @Test func assignedAndClearedRows() {
    let source = randomMatrix(rows: 3, columns: 5, seed: 16)
    let target = randomMatrix(rows: 6, columns: 5, seed: 17, strided: true)
    let before = target.copy()
    target.assignRows(of: source, at: [4, 1])
    #expect(target.rowValues(4) == source.rowValues(0))
    #expect(target.rowValues(1) == source.rowValues(1))
    for row in [0, 2, 3, 5] { #expect(target.rowValues(row) == before.rowValues(row)) }
    target.clearRows(at: [0, 4])
    for row in [0, 4] { #expect(target.rowValues(row) == [0, 0, 0, 0, 0]) }
    #expect(target.rowValues(5) == before.rowValues(5))
  }

  @Test func windowsShareTheirNumbers() {
    let matrix = randomMatrix(rows: 6, columns: 8, seed: 18)
    let window = matrix.rows(1..<5).columns(2..<7)
    #expect(window[3, 4] == matrix[4, 6])
    let copy = window.copy()
    window.fill(2)
    #expect(matrix[1, 2] == 2 && matrix[4, 6] == 2 && matrix[0, 2] != 2 && matrix[1, 7] != 2)
    #expect(copy[0, 0] != 2 && copy.isContiguous && !window.isContiguous)
    window.assign(copy)
    #expect(matrix[4, 6] == copy[3, 4])
    #expect(matrix.reshaped(rows: 12, columns: 4)[3, 1] == matrix[1, 5])
  }
}
