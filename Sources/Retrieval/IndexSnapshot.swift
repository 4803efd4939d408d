internal import DataFormats
internal import Tensors

/// One state of an index: its rows, and which of them count.
final class IndexSnapshot {
  let state: IndexState
  let table: VectorTable
  let live: Catalogue.LiveRows
  /// The rows that do not have their checksums; known once `verify()` was called.
  private(set) var damagedRows: Set<Int> = []
  private var isVerified = false
  /// Rows below this were verified by an earlier snapshot of the same file.
  private var verifiedBelow = 0
  private var selections: [Int: RowSelection] = [:]
  private var counts: [IndexItem.Kind: Int] = [:]
  /// The graphs that were looked for; nil where there is none to use.
  var graphs: [IndexItem.Kind: LoadedGraph?] = [:]
  /// Whose graphs are wanted and missing or damaged, of those that were looked for.
  var damagedGraphs: Set<IndexItem.Kind> = []
  /// What was measured of hubness.
  var offsets: [OffsetsKey: SearchOffsets] = [:]
  /// What was measured of noise.
  var noise: [NoiseKey: NoiseFloor] = [:]

  init(state: IndexState, table: VectorTable, live: Catalogue.LiveRows, previous: IndexSnapshot?) {
    self.state = state
    self.table = table
    self.live = live
    // Rows of a file never change; what was read once need not be read again.
    if let previous, previous.isVerified, previous.state.generation == state.generation {
      verifiedBelow = previous.state.committedRows
      damagedRows = previous.damagedRows
    }
  }

  /// Reads all rows that count and compares them with their checksums; once.
  ///
  /// - Complexity: one pass over the rows, on all threads.
  func verify() {
    guard !isVerified else { return }
    isVerified = true
    let first = live.rows.firstIndex { Int($0) >= verifiedBelow } ?? live.rows.count
    let places = first..<live.rows.count
    var isDamaged = [Bool](repeating: false, count: places.count)
    isDamaged.withUnsafeMutableBufferPointer { isDamaged in
      // Each thread writes to places of its own.
      Parallel.forEachRange(of: places.count, grain: 64) { range in
        for place in range {
          let row = Int(live.rows[first + place])
          isDamaged[place] = table.checksum(ofRow: row) != live.checksums[first + place]
        }
      }
    }
    for (place, damaged) in isDamaged.enumerated() where damaged {
      damagedRows.insert(Int(live.rows[first + place]))
    }
    selections = [:]
  }

  /// Whether a row has its checksum.
  func isSound(_ row: Int) -> Bool {
    if isVerified { return !damagedRows.contains(row) }
    return live.place(of: row).map { table.checksum(ofRow: row) == live.checksums[$0] } ?? false
  }

  /// How many items of a kind there are, or of all.
  func count(_ kind: IndexItem.Kind?) -> Int {
    guard let kind else { return live.rows.count }
    if let known = counts[kind] { return known }
    let count = live.kinds.reduce(0) { $0 + (Int($1) == kind.number ? 1 : 0) }
    counts[kind] = count
    return count
  }

  /// The rows of a kind, or of all, without those known to be damaged.
  func selection(_ kind: IndexItem.Kind?) -> RowSelection {
    let key = kind?.number ?? -1
    if let known = selections[key] { return known }
    let rows = live.rows.indices.compactMap { place -> UInt32? in
      guard kind == nil || Int(live.kinds[place]) == kind?.number else { return nil }
      return damagedRows.contains(Int(live.rows[place])) ? nil : live.rows[place]
    }
    let isDense = rows.last.map { Int($0) + 1 == rows.count } ?? true
    let selection: RowSelection = isDense ? .first(rows.count) : .rows(rows)
    selections[key] = selection
    return selection
  }
}

extension EmbeddingIndex {
  /// The index as it is now; what was seen before is used again where nothing has changed.
  func currentSnapshot() throws -> IndexSnapshot {
    var attempts = 0
    while true {
      let state = try state()
      if let snapshot, snapshot.state == state { return snapshot }
      let (found, live) = try catalogue.read { database in
        guard let state = try catalogue.state(database) else { throw IndexError.notAnIndex(path: path) }
        return (state, try catalogue.liveRows(database, committed: state.committedRows))
      }
      do {
        let table = try VectorTable(
          path: folder.vectors(generation: found.generation), header: found.header,
          count: found.committedRows,
          index: path)
        let next = IndexSnapshot(state: found, table: table, live: live, previous: snapshot)
        snapshot = next
        return next
      } catch FileError.notFound(let file) {
        // A compaction may have come between the catalogue and the file; then the next attempt finds the new one.
        attempts += 1
        guard attempts < 5 else {
          throw IndexError.damagedVectors(path: file, index: path, reason: "the file is missing")
        }
      }
    }
  }
}
