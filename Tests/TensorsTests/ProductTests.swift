import Tensors
import TestSupport
import Testing

/// Products against a triple loop in Double.
@Suite struct ProductTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    var precision: Precision
    var transposesLeft: Bool
    var transposesRight: Bool
    var accumulates: Bool

    static let all = Precision.allCases.flatMap { precision in
      (0..<8).map {
        Variant(
          precision: precision, transposesLeft: $0 & 1 != 0, transposesRight: $0 & 2 != 0,
          accumulates: $0 & 4 != 0)
      }
    }

    var testDescription: String {
      "\(precision)\(transposesLeft ? " Aᵀ" : " A")\(transposesRight ? "·Bᵀ" : "·B")\(accumulates ? " + C" : "")"
    }
  }

  /// m, n, k.
  static let sizes = [
    (1, 1, 1), (1, 3, 17), (3, 1, 130), (17, 64, 1), (64, 17, 3), (130, 130, 130), (64, 64, 64), (1, 130, 64),
    (130, 1, 3), (3, 17, 64), (17, 3, 130), (64, 130, 17),
  ]

  /// How far C may be from op(A) · op(B) (+ C before) for each element, and whether it is nearer.
  private func check(
    _ result: Matrix, left: Matrix, right: Matrix, before: Matrix?, _ variant: Variant, _ comment: String
  ) {
    let depth = variant.transposesLeft ? left.rows : left.columns
    for row in 0..<result.rows {
      for column in 0..<result.columns {
        var sum = before.map { Double($0[row, column]) } ?? 0
        var magnitude = abs(sum)
        for inner in 0..<depth {
          let a = variant.transposesLeft ? left[inner, row] : left[row, inner]
          let b = variant.transposesRight ? right[column, inner] : right[inner, column]
          sum += Double(a) * Double(b)
          magnitude += abs(Double(a) * Double(b))
        }
        // One rounding of 2⁻²⁴ for each addition, in any order.
        let bound = Double(depth + 3) * 0x1p-24 * magnitude
        guard abs(Double(result[row, column]) - sum) <= bound else {
          Issue.record("\(comment): [\(row), \(column)] is \(result[row, column]), expected \(sum)")
          return
        }
      }
    }
  }

  @Test(arguments: Variant.all, [false, true]) func products(variant: Variant, strided: Bool) {
    for (m, n, k) in Self.sizes {
      let left = randomMatrix(
        rows: variant.transposesLeft ? k : m, columns: variant.transposesLeft ? m : k, seed: 1,
        strided: strided)
      let right = randomMatrix(
        rows: variant.transposesRight ? n : k, columns: variant.transposesRight ? k : n, seed: 2,
        strided: strided)
      let result = randomMatrix(rows: m, columns: n, seed: 3, strided: strided)
      let a = operand(left, variant.precision, strided: strided)
      let b = operand(right, variant.precision, strided: strided)
      // The second time the primitive comes from the cache.
      for _ in 0..<2 {
        let before = variant.accumulates ? result.copy() : nil
        multiply(
          a, transposingLeft: variant.transposesLeft, by: b, transposingRight: variant.transposesRight,
          into: result, accumulating: variant.accumulates)
        check(
          result, left: a.float32Copy(), right: b.float32Copy(), before: before, variant, "\(m)×\(n)×\(k)")
      }
    }
  }

  @Test func surroundingsOfAWindowStay() {
    let all = randomMatrix(rows: 9, columns: 11, seed: 4)
    let before = all.copy()
    let window = all.rows(2..<7).columns(3..<9)
    multiply(
      randomMatrix(rows: 5, columns: 4, seed: 5), by: randomMatrix(rows: 4, columns: 6, seed: 6), into: window
    )
    for row in 0..<9 {
      for column in 0..<11 where !(2..<7).contains(row) || !(3..<9).contains(column) {
        #expect(all[row, column] == before[row, column])
      }
    }
    #expect(window[0, 0] != before[2, 3])
  }

  @Test func emptyInnerSize() {
    for precision in Precision.allCases {
      let left = Operand(rows: 3, columns: 0, precision: precision)
      let right = Operand(rows: 0, columns: 4, precision: precision)
      let result = randomMatrix(rows: 3, columns: 4, seed: 1)
      let before = result.values
      multiply(left, by: right, into: result, accumulating: true)
      #expect(result.values == before)
      multiply(left, by: right, into: result)
      #expect(result.values.allSatisfy { $0 == 0 })
    }
  }

  @Test func emptyResult() {
    let result = Matrix(rows: 0, columns: 4)
    multiply(Matrix(rows: 0, columns: 3), by: Matrix(rows: 3, columns: 4), into: result)
    #expect(result.count == 0)
  }

  @Test(arguments: Precision.allCases, [false, true]) func packedProducts(
    precision: Precision, accumulates: Bool
  ) {
    // One object takes in all shapes and matrices in turn, smaller ones after larger ones too.
    let packed = PackedOperand()
    for transposes in [false, true] {
      for (m, n, k) in Self.sizes {
        for seed in [UInt64(7), 8] {
          let right = operand(
            randomMatrix(rows: transposes ? n : k, columns: transposes ? k : n, seed: seed, strided: true),
            precision, strided: true)
          let left = operand(
            randomMatrix(rows: m, columns: k, seed: 9, strided: true), precision, strided: true)
          let result = randomMatrix(rows: m, columns: n, seed: 10, strided: true)
          packed.pack(
            right, transposing: transposes, leftRows: m, leftStride: left.stride, resultStride: result.stride,
            accumulating: accumulates)
          for _ in 0..<2 {
            let before = accumulates ? result.copy() : nil
            packed.multiply(left, into: result)
            let variant = Variant(
              precision: precision, transposesLeft: false, transposesRight: transposes,
              accumulates: accumulates)
            check(
              result, left: left.float32Copy(), right: right.float32Copy(), before: before, variant,
              "packed \(m)×\(n)×\(k)")
          }
        }
      }
    }
  }

  @Test func nonFiniteNumbersReachTheResult() {
    let left = Matrix(rows: 2, columns: 2, values: [.nan, 1, .infinity, 1])
    let result = Matrix(rows: 2, columns: 1)
    multiply(left, by: Matrix(rows: 2, columns: 1, values: [1, 1]), into: result)
    #expect(result[0, 0].isNaN)
    #expect(result[1, 0] == .infinity)
  }
}
