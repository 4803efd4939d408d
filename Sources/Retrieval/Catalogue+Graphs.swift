internal import GRDB

/// What the catalogue says of a graph.
public struct GraphSummary: Sendable, Equatable {
  /// Whose graph it is.
  public var kind: IndexItem.Kind
  /// The generation of the vector file that it belongs to.
  var generation: Int
  /// It knows of rows below this one.
  var coveredRows: Int
  /// How many items are in it.
  public var items: Int
  /// The size of its file.
  public var byteCount: Int
  /// A checksum of its file.
  var checksum: Int64
  /// How many candidates a search keeps.
  public var breadth: Int
  /// The part of the ten nearest that searches with `breadth` found, of some queries, when it was made.
  public var recall: Double?
  /// Of which kind those queries were: items of the index, too.
  public var queries: IndexItem.Kind
}

extension Catalogue {
  /// The graphs that there are.
  func graphs(_ database: Database) throws -> [GraphSummary] {
    guard try isCurrentTable(database) else { return [] }
    return try Row.fetchAll(database, sql: "SELECT * FROM graphs ORDER BY kind").map { row in
      GraphSummary(
        kind: try IndexItem.Kind(number: row.value("kind")), generation: try row.value("generation"),
        coveredRows: try row.value("covered_rows"), items: try row.value("items"),
        byteCount: try row.value("byte_count"), checksum: try row.value("checksum"),
        breadth: try row.value("breadth"), recall: try? row.value("recall"),
        queries: try IndexItem.Kind(number: row.value("queries")))
    }
  }

  /// Whether the graphs are in the format of today; those of before it count as none, and are made anew.
  private func isCurrentTable(_ database: Database) throws -> Bool {
    try database.columns(in: "graphs").contains { $0.name == "queries" }
  }

  /// Forgets graphs.
  func removeGraphs(of kinds: [IndexItem.Kind], _ database: Database) throws {
    for kind in kinds {
      try database.execute(sql: "DELETE FROM graphs WHERE kind = ?", arguments: [kind.number])
    }
    try database.execute(sql: "UPDATE state SET changes = changes + 1")
  }

  /// Writes down a graph in the place of the one of its kind.
  func put(_ graph: GraphSummary, _ database: Database) throws {
    if try !isCurrentTable(database) {
      try database.execute(sql: "DROP TABLE graphs; \(Self.graphsTable)")
    }
    try database.execute(
      sql: "INSERT OR REPLACE INTO graphs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        graph.kind.number, graph.generation, graph.coveredRows, graph.items, graph.byteCount, graph.checksum,
        NeighbourGraph.links, NeighbourGraph.construction, graph.breadth, graph.recall, graph.queries.number,
      ])
    try database.execute(sql: "UPDATE state SET changes = changes + 1")
  }
}
