import Tensors
import TestSupport
import Testing

@Suite struct RandomMatrixTests {
  @Test(arguments: [1, 5, 64, 65, 130, 300]) func orthogonal(size: Int) {
    let all = Matrix(rows: size, columns: size + 7)
    let matrix = all.columns(3..<size + 3)
    var generator = SeededRandomNumberGenerator(seed: 5)
    matrix.fillOrthogonal(using: &generator)
    let product = Matrix(rows: size, columns: size)
    for transposesLeft in [false, true] {
      multiply(
        matrix, transposingLeft: transposesLeft, by: matrix, transposingRight: !transposesLeft, into: product)
      for row in 0..<size {
        for column in 0..<size {
          let error = abs(product[row, column] - (row == column ? 1 : 0))
          if !(error <= 1e-5) { Issue.record("[\(row), \(column)] is \(product[row, column])") }
        }
      }
    }
    for row in 0..<size { #expect(all[row, 2] == 0 && all[row, size + 3] == 0) }
  }

  @Test func seedDecides() {
    func draw(_ seed: UInt64, orthogonal: Bool) -> [UInt32] {
      let matrix = Matrix(rows: 70, columns: 70)
      var generator = SeededRandomNumberGenerator(seed: seed)
      if orthogonal {
        matrix.fillOrthogonal(using: &generator)
      } else {
        matrix.fillUniform(bound: 0.1, using: &generator)
      }
      return bits(matrix)
    }
    for orthogonal in [true, false] {
      #expect(draw(1, orthogonal: orthogonal) == draw(1, orthogonal: orthogonal))
      #expect(draw(1, orthogonal: orthogonal) != draw(2, orthogonal: orthogonal))
    }
    let one = withThreads(1) { draw(3, orthogonal: true) }
    #expect(one == withThreads(2) { draw(3, orthogonal: true) })
  }

  @Test func uniformFillsItsRange() {
    let matrix = Matrix(rows: 100, columns: 100)
    var generator = SeededRandomNumberGenerator(seed: 6)
    matrix.fillUniform(bound: 0.25, using: &generator)
    let values = matrix.values
    #expect(values.allSatisfy { $0 >= -0.25 && $0 <= 0.25 })
    #expect((values.min() ?? 0) < -0.249 && (values.max() ?? 0) > 0.249)
    #expect(abs(values.reduce(0, +) / 10_000) < 0.005)
  }
}
