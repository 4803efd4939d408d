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
}

extension Catalogue {
  /// The graphs that there are.
  func graphs(_ database: Database) throws -> [GraphSummary] {
    try Row.fetchAll(database, sql: "SELECT * FROM graphs ORDER BY kind").map { row in
      GraphSummary(
        kind: try IndexItem.Kind(number: row.value("kind")), generation: try row.value("generation"),
        coveredRows: try row.value("covered_rows"), items: try row.value("items"),
        byteCount: try row.value("byte_count"), checksum: try row.value("checksum"),
        breadth: try row.value("breadth"), recall: try? row.value("recall"))
    }
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
    try database.execute(
      sql: "INSERT OR REPLACE INTO graphs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        graph.kind.number, graph.generation, graph.coveredRows, graph.items, graph.byteCount, graph.checksum,
        NeighbourGraph.links, NeighbourGraph.construction, graph.breadth, graph.recall,
      ])
    try database.execute(sql: "UPDATE state SET changes = changes + 1")
  }
}
