import Tensors
import TestSupport
import Testing

@Suite struct RowSearchTests {
  /// A table of unit rows with some equal ones.
  private func table(rows: Int, columns: Int, precision: Precision) -> Operand {
    var generator = SeededRandomNumberGenerator(seed: 5)
    let matrix = Matrix(rows: rows, columns: columns)
    matrix.fillUniform(bound: 1, using: &generator)
    matrix.normalizeRows()
    for row in stride(from: 7, to: rows, by: 13) { matrix.rows(row..<row + 1).assign(matrix.rows(0..<1)) }
    let operand = Operand(rows: rows, columns: columns, precision: precision)
    operand.assign(matrix)
    return operand
  }

  private func queries(_ count: Int, columns: Int) -> Matrix {
    var generator = SeededRandomNumberGenerator(seed: 6)
    let matrix = Matrix(rows: count, columns: columns)
    matrix.fillUniform(bound: 1, using: &generator)
    matrix.normalizeRows()
    return matrix
  }

  /// All scores in double precision.
  private func scores(_ table: Operand, _ query: [Float]) -> [Double] {
    let values = table.float32Copy()
    return (0..<table.rows).map { row in
      zip(values.rowValues(row), query).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
  }

  @Test(arguments: Precision.allCases, [(1, 1), (5, 3), (300, 17), (2000, 64), (9000, 40)])
  func theHighestInOrder(precision: Precision, shape: (rows: Int, columns: Int)) {
    let table = table(rows: shape.rows, columns: shape.columns, precision: precision)
    let query = queries(1, columns: shape.columns).rowValues(0)
    let exact = scores(table, query)
    var some: [UInt32] = []
    for row in 0..<shape.rows where row % 3 != 1 { some.append(UInt32(row)) }
    for selection in [RowSelection.first(shape.rows), .first(shape.rows / 2), .rows(some), .rows([])] {
      let rows = (0..<selection.count).map(selection.row(at:))
      for count in [0, 1, 10, 20_000] {
        let (found, moments) = table.highest(count, in: selection, query: query)
        #expect(found.count == min(count, rows.count))
        let wanted = rows.map { exact[$0] }.sorted(by: >)
        for (hit, score) in zip(found, wanted) {
          #expect(abs(Double(hit.score) - score) < 1e-5)
          #expect(abs(exact[hit.row] - score) < 1e-5)
        }
        for (first, second) in zip(found, found.dropFirst()) { #expect(first.precedes(second)) }
        #expect(Set(found.map(\.row)).count == found.count && Set(found.map(\.row)).isSubset(of: rows))
        #expect(moments.count == rows.count)
        let mean = wanted.isEmpty ? 0 : wanted.reduce(0, +) / Double(wanted.count)
        #expect(abs(moments.mean - mean) < 1e-6)
        let variance =
          wanted.isEmpty ? 0 : wanted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(wanted.count)
        #expect(abs(moments.deviation - variance.squareRoot()) < 1e-5)
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func equalRowsScoreEquallyWhereverTheyStand(precision: Precision) {
    for columns in [1, 15, 16, 33, 100, 1024] {
      let one = table(rows: 1, columns: columns, precision: precision).float32Copy()
      let table = Operand(rows: 1000, columns: columns, precision: precision)
      let all = Matrix(rows: 1000, columns: columns)
      for row in 0..<1000 { all.rows(row..<row + 1).assign(one) }
      table.assign(all)
      let query = queries(1, columns: columns).rowValues(0)
      let found = table.highest(700, in: .first(1000), query: query).rows
      #expect(found.map(\.row) == Array(0..<700))
      #expect(Set(found.map(\.score)).count == 1)
    }
  }

  @Test(arguments: Precision.allCases, [(40, 5), (5000, 30), (9001, 24)])
  func manyQueriesGiveWhatEachGives(precision: Precision, shape: (rows: Int, columns: Int)) {
    let table = table(rows: shape.rows, columns: shape.columns, precision: precision)
    let queries = queries(33, columns: shape.columns)
    // A bfloat16 table rounds the queries of a product as well.
    let tolerance = precision == .float32 ? 1e-5 : 0.02
    let some = (0..<shape.rows).filter { $0 % 5 != 2 }.map { UInt32($0) }
    for selection in [RowSelection.first(shape.rows), .rows(some), .rows([])] {
      for count in [1, 12, 300] {
        let answers = table.highest(count, in: selection, queries: queries)
        #expect(answers.count == 33)
        for (row, answer) in answers.enumerated() {
          let alone = table.highest(count, in: selection, query: queries.rowValues(row))
          #expect(answer.rows == alone.rows)
          if count > 0 {
            #expect(answer.moments.count == alone.moments.count)
            #expect(abs(answer.moments.mean - alone.moments.mean) < tolerance)
            #expect(abs(answer.moments.deviation - alone.moments.deviation) < tolerance)
          }
        }
      }
    }
  }

  @Test func notANumberIsNeverFound() {
    let matrix = Matrix(rows: 20, columns: 4)
    for row in 0..<20 { matrix[row, 0] = row % 2 == 0 ? .nan : Float(row) }
    let found = Operand(matrix).highest(100, in: .first(20), query: [1, 0, 0, 0])
    #expect(found.rows.map(\.row) == [19, 17, 15, 13, 11, 9, 7, 5, 3, 1])
    #expect(found.moments.count == 10 && found.moments.mean == 10)
  }
}
