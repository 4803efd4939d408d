internal import DataFormats
internal import GRDB
internal import Tensors

extension EmbeddingIndex {
  /// The recall that the breadth of searches is chosen for, and what is asked for at least.
  private static let wantedRecall = 0.97
  private static let widestBreadth = 4096
  /// So many queries the recall is measured with, at most.
  private static let recallQueries = 200

  /// Makes the graphs of kinds that have items enough and none that is current, or of all kinds when `forced`.
  ///
  /// A graph is written under a temporary name and flushed, and is one when the catalogue has its checksum: a crash
  /// leaves the old one or none, and searches are exact as long as there is none.
  /// - Parameter progress: told the kind and how many of how many items are linked; what it throws stops the work.
  /// - Returns: the graphs that were made.
  /// - Complexity: O(items · log items); about 5,000 items a second and core.
  @discardableResult
  public func makeGraphs(
    forced: Bool = false, progress: (IndexItem.Kind, Int, Int) throws -> Void = { _, _, _ in },
    waiting: () throws -> Void = {}
  ) throws -> [GraphSummary] {
    let lock = try lock(waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    var made: [GraphSummary] = []
    for kind in IndexItem.Kind.allCases {
      let snapshot = try currentSnapshot()
      let items = snapshot.count(kind)
      let isWanted = forced ? items > 0 : items >= snapshot.state.approximateFrom
      let isCurrent = try graphs().contains { $0.summary.kind == kind && $0.isCurrent }
      guard isWanted, forced || !isCurrent else { continue }
      made.append(try makeGraph(of: kind, snapshot: snapshot) { try progress(kind, $0, items) })
    }
    return made
  }

  private func makeGraph(
    of kind: IndexItem.Kind, snapshot: IndexSnapshot, progress: (Int) throws -> Void
  ) throws -> GraphSummary {
    let rows = snapshot.rows(of: kind, from: 0)
    let graph: NeighbourGraph
    do {
      graph = try NeighbourGraph(of: snapshot.table.rows, rows: rows, progress: progress)
    } catch let failure as NeighbourGraph.Failure {
      throw IndexError.graph(index: path, reason: "\(failure)")
    }
    let measured = breadth(for: graph, of: kind, snapshot: snapshot)
    let file = try ReplacingFile(path: folder.graph(kind, generation: snapshot.state.generation))
    let (byteCount, checksum) = try graph.withBytes { bytes in
      try file.write(bytes)
      return (bytes.count, Checksum.of(bytes))
    }
    try file.commit()
    let summary = GraphSummary(
      kind: kind, generation: snapshot.state.generation, coveredRows: snapshot.state.committedRows,
      items: rows.count, byteCount: byteCount, checksum: checksum, breadth: measured.breadth,
      recall: measured.recall, queries: measured.queries)
    try catalogue.write { try catalogue.put(summary, $0) }
    return summary
  }

  /// The smallest of some breadths that finds enough of the ten nearest of sample queries, the part it finds, and of
  /// which kind the queries were.
  ///
  /// The queries are items of the other kind where there are a hundred, as queries lie elsewhere than what they look
  /// for, else of the same.
  private func breadth(
    for graph: NeighbourGraph, of kind: IndexItem.Kind, snapshot: IndexSnapshot
  ) -> (breadth: Int, recall: Double, queries: IndexItem.Kind) {
    let other: IndexItem.Kind = kind == .photo ? .caption : .photo
    let own = snapshot.selection(kind)
    let kindOfQueries = snapshot.count(other) >= 100 ? other : kind
    let queries = snapshot.vectors(
      snapshot.selection(kindOfQueries).drawnEvenly(Self.recallQueries).rowNumbers)
    let exact = snapshot.table.rows.highest(10, in: own, queries: queries).map { Set($0.map(\.row)) }
    let wanted = exact.reduce(0) { $0 + $1.count }
    var breadth = 32
    while true {
      let found = graph.search(queries, count: 10, breadth: breadth)
      let hits = zip(exact, found).reduce(0) { $0 + $1.0.intersection($1.1.map(\.row)).count }
      let recall = wanted > 0 ? Double(hits) / Double(wanted) : 1
      if recall >= Self.wantedRecall || breadth >= Self.widestBreadth {
        return (breadth, recall, kindOfQueries)
      }
      breadth *= 2
    }
  }
}
