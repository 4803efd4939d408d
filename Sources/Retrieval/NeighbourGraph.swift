internal import CHNSW
internal import CKernels
internal import DataFormats
package import Tensors

/// A graph of near neighbours among rows of a table, for searches that look at few of them (HNSW: Malkov and Yashunin
/// 2016, arXiv:1603.09320).
///
/// It holds links only, about 150 bytes a row; vectors are read from the table.
package final class NeighbourGraph {
  /// Links of a row on the upper layers; the lowest has twice as many.
  package static let links = 16
  /// Candidates that are kept when a row is added.
  package static let construction = 200

  private let table: Operand
  // Made by CHNSW, and given back in `deinit`; the table behind it lives as long as `table`.
  private let graph: OpaquePointer

  /// Why a graph was not made, saved or read.
  package enum Failure: Error, Equatable {
    case outOfMemory, cannotWrite, cannotRead, failed

    init(_ status: chnsw_status) {
      self =
        switch status {
        case CHNSW_OUT_OF_MEMORY: .outOfMemory
        case CHNSW_CANNOT_WRITE: .cannotWrite
        case CHNSW_CANNOT_READ: .cannotRead
        default: .failed
        }
    }
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
    let status = chnsw_create(&description, max(rows.count, 1), links, construction, 1, &made)
    guard status == CHNSW_OK, let made else { throw Failure(status) }
    self.table = table
    graph = made
    // The first few one by one: threads that begin with an empty graph would link to nothing.
    let alone = min(rows.count, 64)
    try add(rows[..<alone], inParallel: false)
    for start in stride(from: alone, to: rows.count, by: 2048) {
      let end = min(start + 2048, rows.count)
      try add(rows[start..<end], inParallel: true)
      try progress(end)
    }
  }

  /// Reads a graph of rows of the table from a file that `save` wrote and that is unchanged.
  package init(path: String, table: Operand) throws {
    var description = Self.description(of: table)
    var made: OpaquePointer?
    let status = chnsw_load(path, &description, &made)
    guard status == CHNSW_OK, let made else { throw Failure(status) }
    self.table = table
    graph = made
  }

  deinit { chnsw_free(graph) }

  private static func description(of table: Operand) -> chnsw_table {
    precondition(table.stride == table.columns, "rows without gaps")
    return chnsw_table(
      values: table.baseAddress, rows: table.rows, columns: table.columns,
      is_bfloat16: table.precision == .bfloat16)
  }

  private func add(_ rows: ArraySlice<UInt32>, inParallel: Bool) throws {
    var statuses = [chnsw_status](repeating: CHNSW_OK, count: rows.count)
    statuses.withUnsafeMutableBufferPointer { statuses in
      // Each thread writes to places of its own.
      Parallel.forEachRange(of: rows.count, grain: inParallel ? 16 : max(rows.count, 1)) { range in
        for place in range { statuses[place] = chnsw_add(graph, rows[rows.startIndex + place]) }
      }
    }
    if let failure = statuses.first(where: { $0 != CHNSW_OK }) { throw Failure(failure) }
  }

  /// The number of rows in it.
  package var count: Int { chnsw_count(graph) }

  /// The rows found with the highest dot products with a query [D], the best first.
  ///
  /// - Parameter breadth: how many candidates are kept, at least `count`: more find more and take longer.
  package func search(_ query: [Float], count: Int, breadth: Int) throws -> [ScoredRow] {
    try search(Matrix(rows: 1, columns: query.count, values: query), count: count, breadth: breadth)[0]
  }

  /// The same for each row of `queries`, on all threads.
  package func search(_ queries: Matrix, count: Int, breadth: Int) throws -> [[ScoredRow]] {
    precondition(queries.columns == table.columns && queries.isContiguous, "queries as wide as the rows")
    let kept = min(max(count, 0), self.count)
    guard kept > 0, queries.rows > 0 else { return [[ScoredRow]](repeating: [], count: queries.rows) }
    chnsw_set_breadth(graph, max(breadth, kept))
    var hits = [ck_hit](repeating: ck_hit(), count: queries.rows * kept)
    var founds = [Int](repeating: 0, count: queries.rows)
    var statuses = [chnsw_status](repeating: CHNSW_OK, count: queries.rows)
    hits.withUnsafeMutableBufferPointer { hits in
      founds.withUnsafeMutableBufferPointer { founds in
        statuses.withUnsafeMutableBufferPointer { statuses in
          queries.withUnsafeMutableElements { values in
            guard let places = hits.baseAddress, let counts = founds.baseAddress,
              let values = values.baseAddress
            else { return }
            Parallel.forEachRange(of: queries.rows, grain: 1) { range in
              for query in range {
                statuses[query] = chnsw_search(
                  graph, values + query * queries.columns, kept, places + query * kept, counts + query)
              }
            }
          }
        }
      }
    }
    if let failure = statuses.first(where: { $0 != CHNSW_OK }) { throw Failure(failure) }
    return (0..<queries.rows).map { query in
      hits[query * kept..<query * kept + founds[query]]
        .map { ScoredRow(row: Int($0.row), score: $0.score) }.sorted { $0.precedes($1) }
    }
  }

  /// Writes it to a file.
  package func save(to path: String) throws {
    let status = chnsw_save(graph, path)
    guard status == CHNSW_OK else { throw Failure(status) }
  }
}
