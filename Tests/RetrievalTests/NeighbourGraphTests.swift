import Foundation
import Retrieval
import Tensors
import TestSupport
import Testing

@Suite struct NeighbourGraphTests {
  /// Unit rows that lie in clusters, as vectors of captions do.
  private func vectors(_ rows: Int, columns: Int, precision: Precision, seed: UInt64 = 3) -> Operand {
    var generator = SeededRandomNumberGenerator(seed: seed)
    let centres = Matrix(rows: 20, columns: columns)
    centres.fillUniform(bound: 1, using: &generator)
    let matrix = Matrix(rows: rows, columns: columns)
    matrix.fillUniform(bound: 1, using: &generator)
    for row in 0..<rows { matrix.rows(row..<row + 1).add(centres.rows(row % 20..<row % 20 + 1)) }
    matrix.normalizeRows()
    let operand = Operand(rows: rows, columns: columns, precision: precision)
    operand.assign(matrix)
    return operand
  }

  private func queries(_ count: Int, columns: Int) -> Matrix {
    vectors(count, columns: columns, precision: .float32, seed: 4).float32Copy()
  }

  /// The part of the exact answers that was found; what was found must have the scores of an exact search.
  private func recall(_ found: [[ScoredRow]], of exact: [[ScoredRow]]) -> Double {
    var hits = 0
    for (found, exact) in zip(found, exact) {
      #expect(Set(found.map(\.row)).count == found.count)
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.precedes($1) })
      for hit in found {
        let same = exact.first { $0.row == hit.row }
        #expect(same == nil ? hit.score <= exact[exact.count - 1].score : same == hit)
        hits += same == nil ? 0 : 1
      }
    }
    return Double(hits) / Double(exact.reduce(0) { $0 + $1.count })
  }

  @Test(arguments: Precision.allCases, [17, 33, 64, 100])
  func nearlyAllAreFoundWithTheirScores(precision: Precision, columns: Int) throws {
    let table = vectors(2000, columns: columns, precision: precision)
    // Not all rows are in the graph, and not in their order.
    let rows = (0..<1500).map { UInt32(($0 * 7) % 2000) }
    let graph = try NeighbourGraph(of: table, rows: rows)
    #expect(graph.count == 1500)
    let queries = queries(50, columns: columns)
    let exact = table.highest(10, in: .rows(rows.sorted()), queries: queries)
    #expect(recall(graph.search(queries, count: 10, breadth: 100), of: exact) > 0.95)
    // A search that keeps all goes to every node that can be reached.
    #expect(recall(graph.search(queries, count: 10, breadth: 1500), of: exact) > 0.999)
  }

  @Test func manyQueriesOnAllThreadsAreAnsweredAsEachAlone() throws {
    let table = vectors(3000, columns: 48, precision: .float32)
    let graph = try NeighbourGraph(of: table, rows: (0..<3000).map { UInt32($0) })
    let queries = queries(200, columns: 48)
    let together = graph.search(queries, count: 5, breadth: 40)
    #expect((0..<200).map { graph.search(queries.rowValues($0), count: 5, breadth: 40) } == together)
  }

  @Test func manyThreadsMaySearchAtOnce() throws {
    let table = vectors(1000, columns: 32, precision: .bfloat16)
    let graph = try NeighbourGraph(of: table, rows: (0..<1000).map { UInt32($0) })
    let queries = (0..<40).map { self.queries(40, columns: 32).rowValues($0) }
    let alone = queries.map { graph.search($0, count: 10, breadth: 50) }
    // Searches only read, though the compiler cannot know.
    nonisolated(unsafe) let shared = graph
    nonisolated(unsafe) var same = [Bool](repeating: false, count: 8)
    same.withUnsafeMutableBufferPointer { same in
      nonisolated(unsafe) let same = same
      DispatchQueue.concurrentPerform(iterations: 8) { thread in
        same[thread] = (0..<5).allSatisfy { _ in
          queries.map { shared.search($0, count: 10, breadth: 50) } == alone
        }
      }
    }
    #expect(same.allSatisfy { $0 })
  }

  @Test(arguments: [0, 1, 2, 40]) func smallGraphsHaveAllRows(count: Int) throws {
    let table = vectors(40, columns: 9, precision: .float32)
    let graph = try NeighbourGraph(of: table, rows: (0..<count).map { UInt32($0) })
    let query = queries(1, columns: 9)
    let exact = table.highest(count, in: .first(count), queries: query)
    for asked in [0, 1, 40, 1000] {
      let found = graph.search(query, count: asked, breadth: 1000)
      #expect(found == exact.map { Array($0.prefix(asked)) })
    }
  }

  @Test func damagedVectorsDoNotHideTheOthers() throws {
    let table = vectors(300, columns: 16, precision: .float32)
    let graph = try NeighbourGraph(of: table, rows: (0..<300).map { UInt32($0) })
    let nothing = Matrix(rows: 1, columns: 16, values: [Float](repeating: .nan, count: 16))
    for row in [0, 7, 100] { table.rows(row..<row + 1).assign(nothing) }
    let queries = queries(20, columns: 16)
    let exact = table.highest(10, in: .first(300), queries: queries)
    #expect(recall(graph.search(queries, count: 10, breadth: 300), of: exact) > 0.95)
  }

  @Test func aFileHoldsAllOfIt() throws {
    let table = vectors(500, columns: 20, precision: .float32)
    let graph = try NeighbourGraph(of: table, rows: (0..<500).map { UInt32($0) })
    let queries = queries(30, columns: 20)
    let read = try graph.withBytes { try readGraph($0, table: table) }
    #expect(read.count == 500)
    #expect(read.search(queries, count: 10, breadth: 30) == graph.search(queries, count: 10, breadth: 30))
    // It is of no use with a table that has fewer rows.
    #expect(throws: NeighbourGraph.Failure.notAGraph) {
      try graph.withBytes { try readGraph($0, table: table.rows(0..<499)) }
    }
  }

  @Test func noFileLeadsOutOfTheGraph() throws {
    let table = vectors(60, columns: 8, precision: .float32)
    let graph = try NeighbourGraph(of: table, rows: (0..<60).map { UInt32($0) }, links: 2)
    let query = queries(1, columns: 8)
    let whole = graph.withBytes { Array($0.bindMemory(to: UInt32.self)) }
    var refused = 0
    for place in whole.indices {
      for value in [0, 1, whole[place] &+ 1, whole[place] &- 1, 59, 60, 1 << 30, 1 << 31, .max] as [UInt32] {
        var words = whole
        words[place] = value
        guard let read = try? words.withUnsafeBytes({ try readGraph($0, table: table) }) else {
          refused += 1
          continue
        }
        let found = read.search(query, count: 60, breadth: 60)[0]
        #expect(found.count <= 60 && found.allSatisfy { $0.row < 60 })
      }
    }
    #expect(refused > whole.count)
    for count in stride(from: 0, to: whole.count, by: 7) {
      #expect(throws: NeighbourGraph.Failure.notAGraph) {
        try whole[..<count].withUnsafeBytes { try readGraph($0, table: table) }
      }
    }
    #expect(throws: NeighbourGraph.Failure.notAGraph) {
      try (whole + [0]).withUnsafeBytes { try readGraph($0, table: table) }
    }
  }
}

extension NeighbourGraphTests {
  private func readGraph(_ bytes: UnsafeRawBufferPointer, table: Operand) throws -> NeighbourGraph {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("photos.graph")))
    return try NeighbourGraph(path: folder.path("photos.graph"), table: table)
  }
}
