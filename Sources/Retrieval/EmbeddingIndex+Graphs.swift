internal import DataFormats
import Foundation
internal import GRDB
internal import Tensors

extension EmbeddingIndex {
  /// The recall that the breadth of searches is chosen for, and what is asked for at least.
  private static let wantedRecall = 0.97
  private static let widestBreadth = 4096

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
    let (breadth, recall) = try breadth(for: graph, of: kind, snapshot: snapshot)
    let path = folder.graph(kind, generation: snapshot.state.generation)
    let (byteCount, checksum) = try save(graph, to: path)
    let summary = GraphSummary(
      kind: kind, generation: snapshot.state.generation, coveredRows: snapshot.state.committedRows,
      items: rows.count, byteCount: byteCount, checksum: checksum, breadth: breadth, recall: recall)
    try catalogue.write { try catalogue.put(summary, $0) }
    return summary
  }

  private func save(_ graph: NeighbourGraph, to path: String) throws -> (byteCount: Int, checksum: Int64) {
    let temporary = path + ".new"
    do {
      try graph.save(to: temporary)
      let file = try MappedFile(path: temporary)
      let checksum = file.withBytes { Checksum.of($0) }
      let descriptor = open(temporary, O_RDWR | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(code: errno, path: temporary, operation: .open) }
      let code = OpenFile.synchronize(descriptor)
      close(descriptor)
      guard code == 0 else { throw FileError(code: code, path: temporary, operation: .synchronize) }
      guard rename(temporary, path) == 0 else {
        throw FileError(code: errno, path: path, operation: .replace)
      }
      _ = OpenFile.synchronizeFolder(folder.path)
      return (file.count, checksum)
    } catch {
      unlink(temporary)
      if case NeighbourGraph.Failure.cannotWrite = error { throw IndexError.diskFull(path: self.path) }
      throw error
    }
  }

  /// The smallest of some breadths that finds enough of the ten nearest of sample queries, and the part it finds.
  ///
  /// Sentences look for photos and photos for captions, and lie elsewhere than what they look for: the queries are
  /// items of the other kind where there are any, which is harder and what searches are like.
  private func breadth(
    for graph: NeighbourGraph, of kind: IndexItem.Kind, snapshot: IndexSnapshot
  ) throws -> (breadth: Int, recall: Double) {
    let others = snapshot.rows(of: kind == .photo ? .caption : .photo, from: 0)
    let own = snapshot.rows(of: kind, from: 0)
    let pool = others.count >= 100 ? others : own
    let step = max(1, pool.count / 200)
    let chosen = stride(from: 0, to: pool.count, by: step).map { Int(pool[$0]) }
    let queries = Matrix(rows: chosen.count, columns: snapshot.state.dim)
    for (place, row) in chosen.enumerated() {
      queries.rows(place..<place + 1).assign(snapshot.table.rows.rows(row..<row + 1).float32Copy())
    }
    let exact = snapshot.table.rows.highest(10, in: .rows(own), queries: queries).map { Set($0.map(\.row)) }
    let wanted = exact.reduce(0) { $0 + $1.count }
    var breadth = 32
    while true {
      let found = try graph.search(queries, count: 10, breadth: breadth)
      let hits = zip(exact, found).reduce(0) { $0 + $1.0.intersection($1.1.map(\.row)).count }
      let recall = wanted > 0 ? Double(hits) / Double(wanted) : 1
      if recall >= Self.wantedRecall || breadth >= Self.widestBreadth { return (breadth, recall) }
      breadth *= 2
    }
  }
}
