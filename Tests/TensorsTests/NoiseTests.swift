import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct NoiseTests {
  private func mask(_ rate: Float, seed: UInt64 = 1) throws -> DropoutMask {
    var generator = SeededRandomNumberGenerator(seed: seed)
    return try #require(DropoutMask(rate: rate, using: &generator))
  }

  private func noise(_ deviation: Float, seed: UInt64 = 1) throws -> NormalNoise {
    var generator = SeededRandomNumberGenerator(seed: seed)
    return try #require(NormalNoise(deviation: deviation, using: &generator))
  }

  private func ones(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, values: [Float](repeating: 1, count: rows * columns))
  }

  /// The number at an index of SplitMix64's sequence from a state.
  private func splitMix(_ key: UInt64, _ index: Int) -> UInt64 {
    var generator = SeededGenerator(seed: key &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
    return generator.next()
  }

  @Test func atZeroNothingIsDrawn() {
    var generator = SeededRandomNumberGenerator(seed: 1)
    let before = generator
    #expect(DropoutMask(rate: 0, using: &generator) == nil)
    #expect(NormalNoise(deviation: 0, using: &generator) == nil)
    #expect(generator == before)
  }

  @Test(arguments: [(1, 1), (3, 17), (5, 64), (7, 300)], [Float(0.1), 0.5, 0.9])
  func dropsAsItSays(shape: (Int, Int), rate: Float) throws {
    var generator = SeededRandomNumberGenerator(seed: 9)
    var copy = generator
    let mask = try #require(DropoutMask(rate: rate, using: &generator))
    let key = copy.next()
    #expect(copy == generator, "one number is drawn")
    let source = randomMatrix(rows: shape.0, columns: shape.1, seed: 3, strided: true)
    let expected = source.values.enumerated().map { index, value in
      let isKept = Double(splitMix(key, index) >> 32) >= (Double(rate) * 0x1p32).rounded(.down)
      return isKept ? value * (1 / (1 - rate)) : 0
    }
    let target = Matrix(rows: shape.0, columns: shape.1)
    mask.apply(to: source, into: Operand(target))
    #expect(target.values == expected)
    let rounded = Operand(rows: shape.0, columns: shape.1, precision: .bfloat16)
    mask.apply(to: source, into: rounded)
    #expect(rounded.float32Copy().values == operand(target, .bfloat16).float32Copy().values)
    mask.apply(to: source)
    #expect(source.values == expected, "in place")
  }

  /// As many as the rate says, within five standard deviations, and in no pattern by row or column.
  @Test(arguments: [Float(0.01), 0.3, 0.5, 0.99]) func rateAndExpectation(rate: Float) throws {
    let (rows, columns) = (200, 1000)
    let matrix = ones(rows, columns)
    try mask(rate).apply(to: matrix)
    let p = Double(rate)
    func check(_ values: [Float]) {
      let count = Double(values.count)
      let dropped = Double(values.count { $0 == 0 })
      #expect(abs(dropped - p * count) < 5 * (count * p * (1 - p)).squareRoot() + 1)
    }
    check(matrix.values)
    for row in stride(from: 0, to: rows, by: 23) { check(matrix.rowValues(row)) }
    for column in stride(from: 0, to: columns, by: 97) {
      check((0..<rows).map { matrix[$0, column] })
    }
    let mean = matrix.values.reduce(0) { $0 + Double($1) } / Double(rows * columns)
    let deviation = (p / (1 - p) / Double(rows * columns)).squareRoot()
    #expect(abs(mean - 1) < 5 * deviation)
    #expect(Set(matrix.values).isSubset(of: [0, 1 / (1 - rate)]))
  }

  @Test func masksFollowFromTheSeed() throws {
    let (a, b, c) = (ones(9, 70), ones(9, 70), ones(9, 70))
    try mask(0.5, seed: 1).apply(to: a)
    try mask(0.5, seed: 1).apply(to: b)
    try mask(0.5, seed: 2).apply(to: c)
    #expect(a.values == b.values)
    // Half of the elements differ between two masks.
    let differing = zip(a.values, c.values).count { $0 != $1 }
    #expect(abs(differing - 315) < 5 * 13)
    #expect(try mask(0.5, seed: 1) == mask(0.5, seed: 1))
    #expect(try mask(0.5, seed: 1) != mask(0.5, seed: 2))
  }

  @Test func notANumberStays() throws {
    let matrix = Matrix(rows: 1, columns: 100, values: [Float](repeating: .nan, count: 100))
    try mask(0.5).apply(to: matrix)
    let broken = matrix.values.count { $0.isNaN }
    #expect(broken > 20 && broken + matrix.values.count { $0 == 0 } == 100)
  }

  /// Box and Muller in Double from the same bits.
  @Test(arguments: [(1, 1), (2, 33), (3, 500)]) func normalNoise(shape: (Int, Int)) throws {
    var generator = SeededRandomNumberGenerator(seed: 4)
    var copy = generator
    let noise = try #require(NormalNoise(deviation: 0.3, using: &generator))
    let key = copy.next()
    let matrix = randomMatrix(rows: shape.0, columns: shape.1, seed: 5, strided: true)
    let before = matrix.copy()
    noise.add(to: matrix)
    for row in 0..<shape.0 {
      let values = before.rowValues(row)
      let size = (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(shape.1)).squareRoot()
      for (column, value) in values.enumerated() {
        let bits = splitMix(key, row * shape.1 + column)
        let u = Double((bits >> 40) + 1) * 0x1p-24
        let v = Double(UInt32(truncatingIfNeeded: bits) >> 8) * 0x1p-24
        let normal = (-2 * log(u)).squareRoot() * cos(2 * Double.pi * v)
        #expect(abs(Double(matrix[row, column]) - (Double(value) + 0.3 * size * normal)) < 2e-6)
      }
    }
  }

  @Test func normalMoments() throws {
    let matrix = ones(300, 1000)
    try noise(0.5).add(to: matrix)
    let values = matrix.values.map { (Double($0) - 1) / 0.5 }
    let count = Double(values.count)
    func moment(_ power: Double) -> Double { values.reduce(0) { $0 + pow($1, power) } / count }
    #expect(abs(moment(1)) < 0.01 && abs(moment(2) - 1) < 0.015)
    #expect(abs(moment(3)) < 0.03 && abs(moment(4) - 3) < 0.1)
    #expect(values.count { abs($0) > 3 } > 500 && values.allSatisfy { abs($0) < 6 })
  }

  @Test(arguments: [Float(0), 1e-30, 1e30]) func noiseOfTheSizeOfTheRow(size: Float) throws {
    let matrix = Matrix(rows: 1, columns: 64, values: [Float](repeating: size, count: 64))
    try noise(0.1).add(to: matrix)
    #expect(matrix.isFinite)
    #expect(matrix.values.allSatisfy { abs($0 - size) <= 0.6 * size })
  }

  @Test func resultsDoNotDependOnThreads() throws {
    let (mask, noise) = (try mask(0.4), try noise(0.2))
    func results() -> [[UInt32]] {
      let matrix = randomMatrix(rows: 130, columns: 257, seed: 1)
      noise.add(to: matrix)
      let noisy = bits(matrix)
      mask.apply(to: matrix)
      return [noisy, bits(matrix)]
    }
    let one = withThreads(1, results)
    #expect(one == withThreads(2, results))
    #expect(one == withThreads(3, results))
  }
}
