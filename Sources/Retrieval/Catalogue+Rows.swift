internal import GRDB
internal import Tensors

extension Catalogue {
  /// The rows that count, ascending, with what a search needs to know of each.
  struct LiveRows {
    var rows: [UInt32] = []
    var kinds: [UInt8] = []
    var checksums: [Int64] = []

    /// Where a row stands in the lists.
    func place(of row: Int) -> Int? {
      var (low, high) = (0, rows.count)
      while low < high {
        let middle = (low + high) / 2
        if Int(rows[middle]) < row { low = middle + 1 } else { high = middle }
      }
      return low < rows.count && Int(rows[low]) == row ? low : nil
    }
  }

  /// All rows below the committed length that an item has.
  func liveRows(_ database: Database, committed: Int) throws -> LiveRows {
    var live = LiveRows()
    live.rows.reserveCapacity(committed)
    live.kinds.reserveCapacity(committed)
    live.checksums.reserveCapacity(committed)
    // The index `vectors` has all three columns, in this order.
    let rows = try Row.fetchCursor(
      database, sql: "SELECT vector_row, kind, checksum FROM items ORDER BY vector_row")
    while let row = try rows.next() {
      let number: Int = try row.value(at: 0)
      guard number >= 0, number < committed else {
        throw IndexError.catalogue(
          path: index, reason: "an item has row \(number) of \(committed), so it is damaged")
      }
      live.rows.append(UInt32(number))
      live.kinds.append(UInt8(truncatingIfNeeded: try row.value(at: 1) as Int))
      live.checksums.append(try row.value(at: 2))
    }
    return live
  }

  /// The rows that a filter lets through, ascending.
  func rows(_ filter: ItemFilter, _ database: Database) throws -> [UInt32] {
    let (condition, arguments) = filter.sql
    return try Int64.fetchAll(
      database, sql: "SELECT vector_row FROM items WHERE \(condition) ORDER BY vector_row",
      arguments: arguments
    ).compactMap { UInt32(exactly: $0) }
  }

  /// Calls `body` with every item, its checksums, and whether its seal is whole.
  func forEachItem(
    _ body: (_ item: IndexItem, _ checksum: Int64, _ isFile: Bool, _ isWhole: Bool) throws -> Void
  ) throws {
    try read { database in
      let rows = try Row.fetchCursor(database, sql: "SELECT * FROM items ORDER BY vector_row")
      while let row = try rows.next() {
        let new = try NewItem(row)
        let item = try IndexItem(row)
        try body(item, try row.value("checksum"), new.isFile, try row.isSealed())
      }
    }
  }

  /// What SQLite itself finds wrong with the database; empty when nothing.
  func integrityProblems() throws -> [String] {
    try read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check(10)").filter { $0 != "ok" }
    }
  }
}
