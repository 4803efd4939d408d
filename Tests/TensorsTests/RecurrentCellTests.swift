import Foundation
import Tensors
import TestSupport
import Testing

/// The recurrent cells against their formulas in Double.
@Suite struct RecurrentCellTests {
  /// -100, -99.99, … 100, and numbers around 0.
  static let sweep: [Float] =
    (-10_000...10_000).map { Float($0) / 100 } + [1e-30, -1e-30, 1e-5, -1e-5, 0.2499, 0.2501, -0.0]

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// r, u and c of a first step are plain functions of its input.
  @Test func sigmoidAndTangent() {
    let dim = Self.sweep.count
    let input = Matrix(rows: 1, columns: 3 * dim, values: Self.sweep + Self.sweep + Self.sweep)
    let (state, gates) = (Matrix(rows: 1, columns: dim), Matrix(rows: 1, columns: 3 * dim))
    GatedRecurrentUnitCell.forward(
      input: input, inputRows: [0], recurrent: nil, bias: Matrix(rows: 1, columns: 3 * dim), hiddenBias: nil,
      previous: nil, state: state, roundedState: Operand(state), gates: gates,
      candidate: Matrix(rows: 1, columns: dim))
    for (index, x) in Self.sweep.enumerated() {
      let (s, t) = (sigmoid(Double(x)), tanh(Double(x)))
      let (r, u, c) = (gates[0, index], gates[0, dim + index], gates[0, 2 * dim + index])
      // e^x is clamped at -87 and 88, where what is left is below every number that counts.
      #expect(abs(Double(r) - s) <= 6e-7 * s + 2e-38, "σ(\(x))")
      #expect(r == u)
      #expect(abs(Double(c) - t) <= (abs(x) < 0.25 ? 4e-7 * abs(t) : 3e-7), "tanh(\(x))")
      #expect(abs(Double(state[0, index]) - (1 - s) * t) <= 4e-7)
    }
  }

  @Test func extremeInputs() {
    let input = Matrix(rows: 1, columns: 15, values: [.nan, .infinity, -.infinity, 1e38, -1e38].repeated(3))
    let (state, gates) = (Matrix(rows: 1, columns: 5), Matrix(rows: 1, columns: 15))
    GatedRecurrentUnitCell.forward(
      input: input, inputRows: [0], recurrent: nil, bias: Matrix(rows: 1, columns: 15), hiddenBias: nil,
      previous: nil, state: state, roundedState: Operand(state), gates: gates,
      candidate: Matrix(rows: 1, columns: 5))
    #expect(gates[0, 0].isNaN && gates[0, 10].isNaN && state[0, 0].isNaN)
    #expect(gates[0, 1] == 1 && gates[0, 3] == 1 && gates[0, 2] < 1e-37 && gates[0, 4] < 1e-37)
    #expect(gates[0, 11] == 1 && gates[0, 13] == 1 && gates[0, 12] == -1 && gates[0, 14] == -1)
  }

  static let shapes = [(1, 1), (2, 3), (5, 17), (3, 33), (7, 130)]

  @Test(arguments: shapes, [false, true]) func gatedRecurrentUnit(shape: (Int, Int), hasHiddenBias: Bool) {
    let (batch, dim) = shape
    let input = randomMatrix(rows: 4, columns: 3 * dim, seed: 1, strided: true)
    let rows = (0..<batch).map { Int32($0 * 3 % 4) }
    let recurrent = randomMatrix(rows: batch, columns: 3 * dim, seed: 2)
    let bias = randomMatrix(rows: 1, columns: 3 * dim, seed: 3)
    let hiddenBias = hasHiddenBias ? randomMatrix(rows: 1, columns: dim, seed: 4) : nil
    let previous = randomMatrix(rows: batch, columns: dim, seed: 5)
    for isFirst in [true, false] {
      let state = Matrix(rows: batch, columns: dim)
      let rounded = Operand(rows: batch, columns: dim, precision: .bfloat16)
      let (gates, candidate) = (Matrix(rows: batch, columns: 3 * dim), Matrix(rows: batch, columns: dim))
      func run(keeping: Bool, into state: Matrix, _ rounded: Operand) {
        GatedRecurrentUnitCell.forward(
          input: input, inputRows: rows[...], recurrent: isFirst ? nil : recurrent, bias: bias,
          hiddenBias: hiddenBias, previous: isFirst ? nil : previous, state: state, roundedState: rounded,
          gates: keeping ? gates : nil, candidate: keeping ? candidate : nil)
      }
      run(keeping: true, into: state, rounded)
      for b in 0..<batch {
        for d in 0..<dim {
          func sum(_ gate: Int, _ recurrentGate: Int) -> Double {
            Double(input[Int(rows[b]), gate * dim + d]) + Double(bias[0, gate * dim + d])
              + (isFirst ? 0 : Double(recurrent[b, recurrentGate * dim + d]))
          }
          let (r, u) = (sigmoid(sum(0, 1)), sigmoid(sum(1, 2)))
          let inner = (isFirst ? 0 : Double(recurrent[b, d])) + Double(hiddenBias?[0, d] ?? 0)
          let c = tanh(
            Double(input[Int(rows[b]), 2 * dim + d]) + Double(bias[0, 2 * dim + d]) + r * inner)
          let h = u * (isFirst ? 0 : Double(previous[b, d])) + (1 - u) * c
          #expect(abs(Double(state[b, d]) - h) <= 6e-7)
          #expect(abs(Double(gates[b, dim + d]) - u) <= 6e-7)
          #expect(abs(Double(candidate[b, d]) - inner) <= 3e-7)
        }
      }
      #expect(rounded.float32Copy().values == operand(state, .bfloat16).float32Copy().values)
      let again = Matrix(rows: batch, columns: dim)
      run(keeping: false, into: again, Operand(again))
      #expect(bits(again) == bits(state), "keeping the gates must not change the state")
    }
  }

  @Test(arguments: shapes, [false, true]) func longShortTermMemory(shape: (Int, Int), hasPeepholes: Bool) {
    let (batch, dim) = shape
    let input = randomMatrix(rows: 4, columns: 4 * dim, seed: 1, strided: true)
    let rows = (0..<batch).map { Int32($0 * 3 % 4) }
    let recurrent = randomMatrix(rows: batch, columns: 4 * dim, seed: 2)
    let bias = randomMatrix(rows: 1, columns: 4 * dim, seed: 3)
    let peepholes = hasPeepholes ? randomMatrix(rows: 3, columns: dim, seed: 4) : nil
    let previous = randomMatrix(rows: batch, columns: dim, seed: 5)
    for isFirst in [true, false] {
      let (state, cell) = (Matrix(rows: batch, columns: dim), Matrix(rows: batch, columns: dim))
      let rounded = Operand(rows: batch, columns: dim, precision: .bfloat16)
      let gates = Matrix(rows: batch, columns: 4 * dim)
      LongShortTermMemoryCell.forward(
        input: input, inputRows: rows[...], recurrent: isFirst ? nil : recurrent, bias: bias,
        peepholes: peepholes, previousCell: isFirst ? nil : previous, cell: cell, state: state,
        roundedState: rounded, gates: gates)
      for b in 0..<batch {
        for d in 0..<dim {
          func sum(_ gate: Int) -> Double {
            Double(input[Int(rows[b]), gate * dim + d]) + Double(bias[0, gate * dim + d])
              + (isFirst ? 0 : Double(recurrent[b, gate * dim + d]))
          }
          func see(_ gate: Int) -> Double { Double(peepholes?[gate, d] ?? 0) }
          let before = isFirst ? 0 : Double(previous[b, d])
          let i = sigmoid(sum(0) + see(0) * before)
          let f = sigmoid(sum(1) + see(1) * before)
          let c = f * before + i * tanh(sum(3))
          let o = sigmoid(sum(2) + see(2) * c)
          #expect(abs(Double(cell[b, d]) - c) <= 8e-7)
          #expect(abs(Double(state[b, d]) - o * tanh(c)) <= 8e-7)
          #expect(abs(Double(gates[b, 2 * dim + d]) - o) <= 8e-7)
        }
      }
      #expect(rounded.float32Copy().values == operand(state, .bfloat16).float32Copy().values)
    }
  }
}

extension Array {
  fileprivate func repeated(_ count: Int) -> [Element] { (0..<count).flatMap { _ in self } }
}
