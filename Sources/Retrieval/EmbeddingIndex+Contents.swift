internal import DataFormats
public import Tensors

/// What an index holds, as `vse index info` shows it.
public struct IndexSummary: Sendable, Equatable {
  /// The identity of the model that made it, a checksum.
  public var modelIdentity: String
  /// Where that model was last.
  public var modelPath: String
  /// D, the numbers of a vector.
  public var dim: Int
  /// The format of these numbers.
  public var precision: Precision
  /// How many photos there are.
  public var photos: Int
  /// How many captions there are.
  public var captions: Int
  /// Rows of the vector file.
  public var rows: Int
  /// Rows that no item has any more: compaction removes them.
  public var unusedRows: Int
  /// From how many items of a kind on searches are approximate.
  public var approximateFrom: Int
  /// The bytes of the vector file.
  public var vectorBytes: Int
}

extension EmbeddingIndex {
  /// What the index holds.
  public func summary() throws -> IndexSummary {
    let state = try state()
    let counts = try catalogue.counts()
    let (photos, captions) = (counts[.photo] ?? 0, counts[.caption] ?? 0)
    return IndexSummary(
      modelIdentity: state.modelIdentity, modelPath: state.modelPath, dim: state.dim,
      precision: state.precision,
      photos: photos, captions: captions, rows: state.committedRows,
      unusedRows: state.committedRows - photos - captions, approximateFrom: state.approximateFrom,
      vectorBytes: state.header.byteCount(rows: state.committedRows))
  }

  /// Whether there is any item of a kind.
  public func hasItems(of kind: IndexItem.Kind) throws -> Bool {
    try !catalogue.items(ItemFilter(kind: kind), limit: 1).isEmpty
  }

  /// What is searched where nobody says which kind: photos, or captions where there are no photos.
  public func defaultKind() throws -> IndexItem.Kind { try hasItems(of: .photo) ? .photo : .caption }

  /// The items that a filter lets through, in the order in which they were added.
  public func items(_ filter: ItemFilter = ItemFilter(), offset: Int = 0, limit: Int? = nil) throws
    -> [IndexItem]
  {
    try catalogue.items(filter, offset: offset, limit: limit)
  }

  /// The one item that `text` names: its number after #, or a photo's name or path, or a caption's text.
  public func item(named text: String) throws -> IndexItem {
    let found = try catalogue.items(named: text)
    guard let first = found.first else { throw IndexError.noSuchItem(index: path, item: text) }
    guard found.count == 1 else {
      throw IndexError.ambiguousItem(index: path, item: text, ids: found.map(\.id))
    }
    return first
  }

  /// The item with a number; nil where no item has it.
  public func item(numbered id: Int64) throws -> IndexItem? { try catalogue.items(numbered: [id]).first }

  /// The vector of an item, [D] of unit norm.
  ///
  /// - Throws: `IndexError.damagedItem` when it does not have its checksum any more.
  public func vector(of item: IndexItem) throws -> [Float] {
    let snapshot = try currentSnapshot()
    // Compaction may have given it another row since.
    guard let current = try self.item(numbered: item.id), let place = snapshot.live.place(of: current.row)
    else {
      throw IndexError.noSuchItem(index: path, item: item.name)
    }
    guard snapshot.table.checksum(ofRow: current.row) == snapshot.live.checksums[place] else {
      throw IndexError.damagedItem(index: path, item: item.name)
    }
    return snapshot.table.rows.rowValues(current.row)
  }

  /// Forgets the graphs of some kinds, such as damaged ones; the next `makeGraphs` makes those that are wanted.
  public func removeGraphs(of kinds: [IndexItem.Kind], waiting: () throws -> Void = {}) throws {
    let lock = try lock(waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    try catalogue.write { try catalogue.removeGraphs(of: kinds, $0) }
  }

  /// Removes items by their numbers, and returns how many were there; their rows stay until a compaction.
  @discardableResult
  public func remove(ids: [Int64], waiting: () throws -> Void = {}) throws -> Int {
    let lock = try lock(waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    return try catalogue.remove(ids: ids)
  }
}
