internal import CHNSW
internal import CKernels
internal import DataFormats
package import Tensors

/// A graph of near neighbours among rows of a table, for searches that look at few of them (HNSW: Malkov and Yashunin
/// 2016, arXiv:1603.09320).
///
/// It holds links only, about 100 bytes a row; vectors are read from the table. hnswlib makes it, and what is needed
/// for that alone goes when it is finished.
package final class NeighbourGraph {
  /// Links of a row on the upper layers; the lowest has twice as many.
  package static let links = 16
  /// Candidates that are kept when a row is added.
  package static let construction = 200

  private let table: Operand
  private let links: LayeredLinks

  /// Why a graph was not made or read.
  package enum Failure: Error, Equatable {
    case outOfMemory, failed, notAGraph
  }

  /// Links rows of a table to each other, on all threads.
  ///
  /// - Parameter progress: told how many rows are linked; what it throws stops the work.
  package init(
    of table: Operand, rows: [UInt32], links: Int = links, construction: Int = construction,
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    precondition(rows.allSatisfy { Int($0) < table.rows }, "rows out of range")
    var description = Self.description(of: table)
    var made: OpaquePointer?
    try Self.check(chnsw_create(&description, max(rows.count, 1), links, construction, 1, &made))
    guard let made else { throw Failure.failed }
    defer { chnsw_free(made) }
    // The first few one by one: threads that begin with an empty graph would link to nothing.
    let alone = min(rows.count, 64)
    try Self.add(rows[..<alone], to: made, inParallel: false)
    for start in stride(from: alone, to: rows.count, by: 2048) {
      let end = min(start + 2048, rows.count)
      try Self.add(rows[start..<end], to: made, inParallel: true)
      try progress(end)
    }
    guard let copied = LayeredLinks(copying: made) else { throw Failure.failed }
    self.links = copied
    self.table = table
  }

  /// Reads a graph of rows of the table from a file with the bytes that `withBytes` gave.
  ///
  /// - Throws: `Failure.notAGraph`, `FileError`.
  package init(path: String, table: Operand) throws {
    let words = try MappedFile(path: path).withBytes { bytes in
      [UInt32](unsafeUninitializedCapacity: bytes.count / 4) { words, count in
        count = words.count
        UnsafeMutableRawBufferPointer(words).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: bytes[..<(count * 4)]))
      }
    }
    guard let links = LayeredLinks(words, tableRows: table.rows) else { throw Failure.notAGraph }
    self.links = links
    self.table = table
  }

  private static func description(of table: Operand) -> ck_table {
    precondition(table.stride == table.columns, "rows without gaps")
    return ck_table(
      values: table.baseAddress, rows: table.rows, columns: table.columns,
      is_bfloat16: table.precision == .bfloat16)
  }

  private static func check(_ status: chnsw_status) throws(Failure) {
    guard status == CHNSW_OK else { throw status == CHNSW_OUT_OF_MEMORY ? .outOfMemory : .failed }
  }

  private static func add(_ rows: ArraySlice<UInt32>, to graph: OpaquePointer, inParallel: Bool) throws {
    var statuses = [chnsw_status](repeating: CHNSW_OK, count: rows.count)
    statuses.withUnsafeMutableBufferPointer { statuses in
      // Each thread writes to places of its own.
      Parallel.forEachRange(of: rows.count, grain: inParallel ? 16 : max(rows.count, 1)) { range in
        for place in range { statuses[place] = chnsw_add(graph, rows[rows.startIndex + place]) }
      }
    }
    for status in statuses { try check(status) }
  }

  /// The number of rows in it.
  package var count: Int { links.nodeCount }

  /// Calls `body` with what a file of it holds.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try links.words.withUnsafeBytes(body)
  }

  /// The rows found with the highest dot products with a query [D], the best first.
  ///
  /// - Parameter breadth: how many candidates are kept, at least `count`: more find more and take longer.
  package func search(_ query: [Float], count: Int, breadth: Int) -> [ScoredRow] {
    search(Matrix(rows: 1, columns: query.count, values: query), count: count, breadth: breadth)[0]
  }

  /// The same for each row of `queries`, on all threads.
  package func search(_ queries: Matrix, count: Int, breadth: Int) -> [[ScoredRow]] {
    precondition(queries.columns == table.columns && queries.isContiguous, "queries as wide as the rows")
    var answers = [[ScoredRow]](repeating: [], count: queries.rows)
    let kept = min(max(count, 0), self.count)
    guard kept > 0 else { return answers }
    answers.withUnsafeMutableBufferPointer { answers in
      queries.withUnsafeMutableElements { values in
        guard let values = values.baseAddress else { return }
        // Each thread has queries of its own.
        Parallel.forEachRange(of: queries.rows, grain: 1) { range in
          search(values, range, count: kept, breadth: min(max(breadth, kept), self.count), into: answers)
        }
      }
    }
    return answers
  }

  private func search(
    _ queries: UnsafePointer<Float>, _ range: Range<Int>, count: Int, breadth: Int,
    into answers: UnsafeMutableBufferPointer<[ScoredRow]>
  ) {
    var table = Self.description(of: self.table)
    var hits = [ck_hit](repeating: ck_hit(), count: breadth)
    var seen = [UInt32](repeating: 0, count: (self.count + 31) / 32)
    links.withGraph { graph in
      for query in range {
        let found = ck_search_graph(
          graph, &table, queries + query * table.columns, breadth, &hits, &seen)
        answers[query] = hits[..<min(found, count)].map { ScoredRow(row: Int($0.row), score: $0.score) }
          .sorted { $0.precedes($1) }
      }
    }
    withExtendedLifetime(self.table) {}
  }
}
