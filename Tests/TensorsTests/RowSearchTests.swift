import CKernels
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

  /// Something to lower the score of each row by, which changes the order.
  private func offsets(_ rows: Int) -> [Float] { (0..<rows).map { Float($0 * 7919 % 101) / 100 - 0.3 } }

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
  func scoresAreLoweredBeforeAllElse(precision: Precision) {
    let table = table(rows: 700, columns: 20, precision: precision)
    let query = queries(1, columns: 20).rowValues(0)
    let offsets = offsets(700)
    let exact = zip(scores(table, query), offsets).map { $0 - Double($1) }
    let some = (0..<700).filter { $0 % 3 != 1 }.map { UInt32($0) }
    for selection in [RowSelection.first(600), .rows(some)] {
      let rows = (0..<selection.count).map(selection.row(at:))
      let (found, moments) = table.highest(9, in: selection, query: query, loweredBy: offsets)
      let wanted = rows.sorted { exact[$0] > exact[$1] }.prefix(9)
      #expect(found.map(\.row) == Array(wanted))
      for hit in found { #expect(abs(Double(hit.score) - exact[hit.row]) < 1e-5) }
      let mean = rows.reduce(0) { $0 + exact[$1] } / Double(rows.count)
      #expect(moments.count == rows.count && abs(moments.mean - mean) < 1e-6)
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
    let some = (0..<shape.rows).filter { $0 % 5 != 2 }.map { UInt32($0) }
    let offsets = self.offsets(shape.rows)
    for selection in [RowSelection.first(shape.rows), .rows(some), .rows([])] {
      for count in [1, 12, 300] {
        let answers = table.highest(count, in: selection, queries: queries)
        #expect(answers.count == 33)
        for (row, answer) in answers.enumerated() {
          #expect(answer == table.highest(count, in: selection, query: queries.rowValues(row)).rows)
        }
        let lowered = table.highest(count, in: selection, queries: queries, loweredBy: offsets)
        for (row, answer) in lowered.enumerated() {
          let alone = table.highest(
            count, in: selection, query: queries.rowValues(row), loweredBy: offsets)
          #expect(answer == alone.rows)
        }
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func rowsInAnyOrderScoreAsInAScan(precision: Precision) {
    for columns in [1, 15, 33, 1000] {
      let table = table(rows: 50, columns: columns, precision: precision)
      let query = queries(1, columns: columns).rowValues(0)
      let scan = table.highest(50, in: .first(50), query: query).rows
      let scores = table.scores(ofRows: scan.map { UInt32($0.row) }, query: query)
      #expect(scores == scan.map(\.score))
    }
  }

  @Test func rowsAreDrawnEvenly() {
    #expect(RowSelection.first(9).drawnEvenly(9) == .first(9))
    #expect(RowSelection.rows([3, 5]).drawnEvenly(7) == .rows([3, 5]))
    #expect(RowSelection.first(10).drawnEvenly(4) == .rows([0, 2, 5, 7]))
    #expect(RowSelection.rows([1, 4, 6, 8, 9]).drawnEvenly(2).rowNumbers == [1, 6])
    for limit in [0, -1] { #expect(RowSelection.first(10).drawnEvenly(limit).rowNumbers == []) }
    #expect(RowSelection.rows([]).drawnEvenly(3).rowNumbers == [])
  }

  /// Graphs are made with these.
  @Test func dotProductsOfTwoRows() {
    for columns in [0, 1, 2, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 255, 1000, 1024, 1029] {
      let table = table(rows: 2, columns: columns, precision: .bfloat16).float32Copy()
      let (a, b) = (table.rowValues(0), table.rowValues(1))
      let exact = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      // What bfloat16 holds is the upper half of a Float.
      func rounded(_ values: [Float]) -> [UInt16] { values.map { UInt16($0.bitPattern >> 16) } }
      #expect(abs(Double(ck_dot(a, b, columns)) - exact) < 1e-6)
      #expect(abs(Double(ck_dot_bfloat16(rounded(a), rounded(b), columns)) - exact) < 1e-6)
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
