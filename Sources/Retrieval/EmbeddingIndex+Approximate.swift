internal import DataFormats
internal import Tensors

/// A graph that is loaded, with what searches need to know of it.
struct LoadedGraph {
  let summary: GraphSummary
  let graph: NeighbourGraph
  /// Items in the graph that are not in the index any more.
  let removed: Int
}

extension EmbeddingIndex {
  /// So many removed items may be in a graph, and so large a part of a kind's rows may not be in it; beyond, it is
  /// stale, and searches are exact until it is made anew.
  private static let removedLimit = 256
  private static let uncoveredPart = 0.1

  /// How many rows a search through a graph scores to know the distribution of scores.
  private static let momentSample = 2048

  /// The answer by a graph; nil where there is none, or another way is asked for.
  ///
  /// Rows that were added after the graph was made are all looked at. Only what is found is compared with its
  /// checksums.
  func findApproximately(
    _ query: PreparedQuery, count: Int, options: SearchOptions, snapshot: IndexSnapshot
  ) throws -> Found? {
    guard options.method != .exact, !options.filter.isNarrow, let kind = options.filter.kind else {
      return nil
    }
    let items = snapshot.count(kind)
    guard options.method == .approximate || items >= snapshot.state.approximateFrom,
      let loaded = try graph(of: kind, snapshot: snapshot)
    else { return nil }
    let table = snapshot.table.rows
    var rows = loaded.graph.search(
      query.vector, count: count + loaded.removed, breadth: loaded.summary.breadth)
    rows.removeAll { !snapshot.isItem($0.row, kind: kind) }
    let selection = snapshot.selection(kind)
    let newer = snapshot.rows(of: kind, from: loaded.summary.coveredRows)
    rows += table.highest(count, in: .rows(newer), query: query.vector).rows
    rows.sort { $0.precedes($1) }
    var damaged = 0
    var sound: [ScoredRow] = []
    for row in rows where sound.count < count {
      if snapshot.isSound(row.row) { sound.append(row) } else { damaged += 1 }
    }
    let moments = table.highest(0, in: selection.drawnEvenly(Self.momentSample), query: query.vector).moments
    return Found(
      rows: sound, candidates: selection.count, moments: moments, isApproximate: true, damaged: damaged,
      noise: try noise(of: query, in: selection, options: options, offsets: nil, snapshot: snapshot))
  }

  /// The graph of a kind, read when it is first needed; nil where there is none, or it is stale or damaged.
  private func graph(of kind: IndexItem.Kind, snapshot: IndexSnapshot) throws -> LoadedGraph? {
    if let known = snapshot.graphs[kind] { return known }
    let loaded = try load(kind, snapshot: snapshot)
    snapshot.graphs[kind] = .some(loaded)
    return loaded
  }

  private func load(_ kind: IndexItem.Kind, snapshot: IndexSnapshot) throws -> LoadedGraph? {
    guard let summary = try catalogue.read({ try catalogue.graphs($0) }).first(where: { $0.kind == kind }),
      let removed = removedItems(summary, snapshot: snapshot)
    else { return nil }
    let path = folder.graph(kind, generation: summary.generation)
    // A damaged graph could lead anywhere; a missing one is no reason to fail.
    guard isWhole(summary), let graph = try? NeighbourGraph(path: path, table: snapshot.table.rows),
      graph.count == summary.items
    else {
      snapshot.damagedGraphs.insert(kind)
      return nil
    }
    return LoadedGraph(summary: summary, graph: graph, removed: removed)
  }

  /// Whether the file of a graph is there, of our format, and has its checksum.
  func isWhole(_ summary: GraphSummary) -> Bool {
    guard let file = try? MappedFile(path: folder.graph(summary.kind, generation: summary.generation)) else {
      return false
    }
    return file.count == summary.byteCount
      && file.withBytes {
        LayeredLinks.canBegin($0, nodes: summary.items) && Checksum.of($0) == summary.checksum
      }
  }

  /// How many items of a graph are gone; nil where it is stale.
  private func removedItems(_ summary: GraphSummary, snapshot: IndexSnapshot) -> Int? {
    guard summary.generation == snapshot.state.generation, summary.coveredRows <= snapshot.state.committedRows
    else { return nil }
    let items = snapshot.count(summary.kind)
    let newer = snapshot.rows(of: summary.kind, from: summary.coveredRows).count
    let removed = summary.items - (items - newer)
    guard (0...Self.removedLimit).contains(removed), Double(newer) <= Self.uncoveredPart * Double(items)
    else {
      return nil
    }
    return removed
  }

  /// The graphs there are, and whether searches use them; reads their files.
  public func graphs() throws -> [(summary: GraphSummary, isCurrent: Bool)] {
    let snapshot = try currentSnapshot()
    return try catalogue.read { try catalogue.graphs($0) }.map {
      ($0, removedItems($0, snapshot: snapshot) != nil && isWhole($0))
    }
  }
}

extension IndexSnapshot {
  /// Whether a row is that of an item of a kind.
  func isItem(_ row: Int, kind: IndexItem.Kind) -> Bool {
    live.place(of: row).map { Int(live.kinds[$0]) == kind.number } ?? false
  }

  /// The rows of a kind from a row on.
  func rows(of kind: IndexItem.Kind, from first: Int) -> [UInt32] {
    var rows: [UInt32] = []
    for place in live.rows.indices.reversed() {
      guard Int(live.rows[place]) >= first else { break }
      if Int(live.kinds[place]) == kind.number { rows.append(live.rows[place]) }
    }
    return rows.reversed()
  }
}
