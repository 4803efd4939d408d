import Tensors
import TestSupport
import Testing

/// Pooling over time against plain loops, on shapes that fill no vector and more than one tile.
@Suite struct PoolingOverTimeTests {
  static let shapes = [
    (1, 1, 1), (2, 1, 3), (3, 2, 65), (5, 3, 43), (12, 2, 64), (17, 1, 7), (64, 1, 9), (100, 2, 5),
    (128, 1, 3), (129, 3, 35),
  ]

  static let kinds = [(directions: 1, ties: false), (1, true), (2, false), (2, true)]

  private func states(_ shape: (Int, Int, Int), directions: Int, ties: Bool = false) -> [Matrix] {
    (0..<directions).map { direction in
      let matrix = randomMatrix(rows: shape.0 * shape.1, columns: shape.2, seed: UInt64(direction + 1))
      // Few different values: many are equal.
      if ties {
        matrix.assign(
          Matrix(rows: matrix.rows, columns: matrix.columns, values: matrix.values.map { ($0 * 2).rounded() })
        )
      }
      return matrix
    }
  }

  /// The values over time of each place, in Float as they are pooled.
  private func columns(_ directions: [Matrix], _ shape: (Int, Int, Int)) -> [[Float]] {
    let all = directions.map(\.values)
    let places = shape.1 * shape.2
    return (0..<places).map { place in
      (0..<shape.0).map { t in
        let index = t * places + place
        return all.count == 1 ? all[0][index] : 0.5 * (all[0][index] + all[1][index])
      }
    }
  }

  @Test(arguments: shapes, [1, 2]) func mean(shape: (Int, Int, Int), directions: Int) {
    let states = states(shape, directions: directions)
    let pooled = Matrix(rows: shape.1, columns: shape.2)
    PoolingOverTime.mean(StatesOverTime(states, time: shape.0), into: pooled)
    let expected = columns(states, shape).map { values in
      Float(values.reduce(0) { $0 + Double($1) } / Double(shape.0))
    }
    #expect(maximumAbsoluteDifference(pooled.values, expected) < 1e-6)
  }

  @Test(arguments: shapes, kinds)
  func max(shape: (Int, Int, Int), kind: (directions: Int, ties: Bool)) throws {
    let states = states(shape, directions: kind.directions, ties: kind.ties)
    let pooled = Matrix(rows: shape.1, columns: shape.2)
    let steps = StepIndices()
    PoolingOverTime.max(StatesOverTime(states, time: shape.0), into: pooled, steps: steps)
    let columns = columns(states, shape)
    #expect(pooled.values == columns.map { $0.max() ?? 0 })
    // The gradient goes to the first of the largest.
    let gradient = randomMatrix(rows: shape.1, columns: shape.2, seed: 5)
    let found = randomMatrix(rows: shape.0 * shape.1, columns: shape.2, seed: 6)
    PoolingOverTime.maxBackward(gradient: gradient, steps: steps, scale: 0.5, time: shape.0, into: found)
    let places = shape.1 * shape.2
    var expected = [Float](repeating: 0, count: found.count)
    for (place, values) in columns.enumerated() {
      let first = try #require(values.firstIndex(of: values.max() ?? 0))
      expected[first * places + place] = 0.5 * gradient.values[place]
    }
    #expect(found.values == expected)
  }

  @Test(arguments: shapes, kinds)
  func sortAndWeigh(shape: (Int, Int, Int), kind: (directions: Int, ties: Bool)) {
    let states = states(shape, directions: kind.directions, ties: kind.ties)
    let sorted = Matrix(rows: shape.0 * shape.1, columns: shape.2)
    let steps = StepIndices()
    PoolingOverTime.sort(StatesOverTime(states, time: shape.0), into: sorted, steps: steps)
    let columns = columns(states, shape)
    let places = shape.1 * shape.2
    // By value from the largest, equal ones by time: what a stable sort gives.
    let orders = columns.map { values in
      values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
    }
    var expected = [Float](repeating: 0, count: sorted.count)
    for (place, order) in orders.enumerated() {
      for (k, t) in order.enumerated() { expected[k * places + place] = columns[place][t] }
    }
    #expect(sorted.values == expected)

    let weights = randomValues(shape.0, seed: 7)
    let pooled = Matrix(rows: shape.1, columns: shape.2)
    PoolingOverTime.weigh(sorted, by: weights, into: pooled)
    let sums = (0..<places).map { place in
      Float((0..<shape.0).reduce(0) { $0 + Double(weights[$1]) * Double(expected[$1 * places + place]) })
    }
    #expect(maximumAbsoluteDifference(pooled.values, sums) < 1e-5)

    let gradient = randomMatrix(rows: shape.1, columns: shape.2, seed: 8)
    let found = randomMatrix(rows: sorted.rows, columns: shape.2, seed: 9)
    PoolingOverTime.weighBackward(gradient: gradient, steps: steps, weights: weights, scale: 0.5, into: found)
    var back = [Float](repeating: 0, count: sorted.count)
    for (place, order) in orders.enumerated() {
      for (k, t) in order.enumerated() {
        back[t * places + place] = 0.5 * weights[k] * gradient.values[place]
      }
    }
    #expect(maximumAbsoluteDifference(found.values, back) < 1e-7)

    let weightGradient = PoolingOverTime.weightGradient(sorted: sorted, gradient: gradient)
    for k in 0..<shape.0 {
      let sum = (0..<places).reduce(0) {
        $0 + Double(expected[k * places + $1]) * Double(gradient.values[$1])
      }
      #expect(abs(Double(weightGradient[k]) - sum) < 1e-4)
    }
  }

  /// A diverged state must be seen in the cost, whatever the pooling and wherever it stands.
  @Test(arguments: 0..<5) func notANumber(time: Int) {
    let matrix = randomMatrix(rows: 5, columns: 3, seed: 1)
    matrix[time, 1] = .nan
    let input = StatesOverTime([matrix], time: 5)
    let pooled = Matrix(rows: 1, columns: 3)
    PoolingOverTime.mean(input, into: pooled)
    #expect(pooled[0, 1].isNaN && pooled[0, 0].isFinite)
    let steps = StepIndices()
    PoolingOverTime.max(input, into: pooled, steps: steps)
    #expect(pooled[0, 1].isNaN && pooled[0, 0].isFinite)
    let sorted = Matrix(rows: 5, columns: 3)
    PoolingOverTime.sort(input, into: sorted, steps: steps)
    PoolingOverTime.weigh(sorted, by: [0.2, 0.2, 0.2, 0.2, 0.2], into: pooled)
    #expect(pooled[0, 1].isNaN && pooled[0, 0].isFinite)
    // Every element of the gradient is written, although nothing can be sorted.
    let gradient = Matrix(rows: 1, columns: 3, values: [1, 1, 1])
    let back = Matrix(rows: 5, columns: 3)
    PoolingOverTime.weighBackward(
      gradient: gradient, steps: steps, weights: [1, 1, 1, 1, 1], scale: 1, into: back)
    #expect(back.values.allSatisfy { $0 == 1 })
  }

  @Test func resultsDoNotDependOnThreads() {
    func results() -> [[UInt32]] {
      let directions = (1...2).map { randomMatrix(rows: 9 * 40, columns: 257, seed: UInt64($0)) }
      let input = StatesOverTime(directions, time: 9)
      let steps = StepIndices()
      let (mean, max, weighed) = (
        Matrix(rows: 40, columns: 257), Matrix(rows: 40, columns: 257), Matrix(rows: 40, columns: 257)
      )
      let (sorted, back) = (Matrix(rows: 360, columns: 257), Matrix(rows: 360, columns: 257))
      PoolingOverTime.mean(input, into: mean)
      PoolingOverTime.max(input, into: max, steps: steps)
      PoolingOverTime.sort(input, into: sorted, steps: steps)
      let weights = randomValues(9, seed: 4)
      PoolingOverTime.weigh(sorted, by: weights, into: weighed)
      PoolingOverTime.weighBackward(gradient: mean, steps: steps, weights: weights, scale: 1, into: back)
      let gradient = PoolingOverTime.weightGradient(sorted: sorted, gradient: mean)
      return [mean, max, sorted, weighed, back].map(bits) + [gradient.map(\.bitPattern)]
    }
    let one = withThreads(1, results)
    #expect(one == withThreads(2, results))
    #expect(one == withThreads(3, results))
  }
}
