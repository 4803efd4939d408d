internal import DataFormats
import Foundation
internal import GRDB
internal import Tensors

/// What a compaction did.
public struct CompactionReport: Sendable, Equatable {
  /// The rows before and after.
  public var rowsBefore: Int
  public var rowsAfter: Int

  /// Both numbers.
  public init(rowsBefore: Int, rowsAfter: Int) {
    self.rowsBefore = rowsBefore
    self.rowsAfter = rowsAfter
  }
}

extension EmbeddingIndex {
  /// Writes the vectors anew without the rows that no item has any more.
  ///
  /// The new file is written and flushed under the name of the next generation; then one transaction moves the items
  /// to their new rows and names that generation, and the old file goes. A crash leaves the old state or the new one.
  /// - Parameter progress: told how many rows are written; what it throws stops the work and changes nothing.
  /// - Throws: `IndexError.damagedItem` when a vector, or an entry of the catalogue, does not have its checksum:
  ///   nothing is changed then.
  public func compact(
    progress: (Int) throws -> Void = { _ in }, waiting: () throws -> Void = {}
  ) throws -> CompactionReport {
    let lock = try lock(waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    let old = try currentSnapshot()
    folder.removeLeftovers(generation: old.state.generation)
    guard old.live.rows.count < old.state.committedRows else {
      return CompactionReport(rowsBefore: old.state.committedRows, rowsAfter: old.state.committedRows)
    }
    var next = old.state
    next.generation += 1
    next.committedRows = old.live.rows.count
    let newPath = folder.vectors(generation: next.generation)
    do {
      try copyRows(of: old, to: newPath, header: next.header, progress: progress)
      try catalogue.write { database in try catalogue.move(old.live.rows, state: next, database) }
    } catch {
      unlink(newPath)
      throw error
    }
    folder.removeLeftovers(generation: next.generation)
    snapshot = nil
    return CompactionReport(rowsBefore: old.state.committedRows, rowsAfter: next.committedRows)
  }

  private func copyRows(
    of old: IndexSnapshot, to newPath: String, header: VectorFileHeader, progress: (Int) throws -> Void
  ) throws {
    old.verify()
    if let row = old.damagedRows.min() {
      let item = try catalogue.read { try catalogue.items(atRows: [row], $0)[row] }
      throw IndexError.damagedItem(index: path, item: item?.name ?? "row \(row)")
    }
    let writer = try VectorFileWriter(creating: newPath, header: header)
    let scratch = ScratchMatrix()
    for start in stride(from: 0, to: old.live.rows.count, by: 4096) {
      let rows = old.live.rows[start..<min(start + 4096, old.live.rows.count)]
      let block = scratch.operand(rows: rows.count, columns: header.columns, precision: header.precision)
      old.table.rows.gatherRows(rows.map { Int32($0) }, into: block)
      try writer.append(block)
      try progress(start + rows.count)
    }
    try writer.synchronize()
  }
}

extension Catalogue {
  /// Gives the items at `rows`, ascending, the rows 0, 1, …, and the index its new state.
  fileprivate func move(_ rows: [UInt32], state: IndexState, _ database: Database) throws {
    // Ascending, and never to a higher row: no two items have one row in between.
    for (new, old) in rows.enumerated() {
      guard
        let row = try Row.fetchOne(
          database.cachedStatement(sql: "SELECT * FROM items WHERE vector_row = ?"), arguments: [Int(old)])
      else { continue }
      let item = try NewItem(row)
      // A new seal would make the damage the truth.
      guard try row.isSealed() else { throw IndexError.damagedItem(index: index, item: item.name) }
      let checksum: Int64 = try row.value("checksum")
      let id: Int64 = try row.value("id")
      try put(item, id: id, row: new, checksum: checksum, database)
    }
    try database.execute(sql: "DELETE FROM graphs")
    try state.update(database)
  }
}
