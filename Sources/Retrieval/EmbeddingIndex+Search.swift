internal import GRDB
internal import Tensors

extension EmbeddingIndex {
  /// The items nearest to a query.
  ///
  /// - Throws: `QueryError`, `IndexError`, and what reading the model throws.
  public func search(_ query: EmbeddingQuery, options: SearchOptions = SearchOptions()) throws -> SearchResult
  {
    try search(prepare(query), options: options)
  }

  /// The `count` photos nearest to a query, or captions where the index has no photos.
  public func search(_ query: EmbeddingQuery, count: Int) throws -> SearchResult {
    try search(query, options: SearchOptions(count: count, filter: ItemFilter(kind: defaultKind())))
  }

  /// The items nearest to a query that was prepared.
  ///
  /// - Complexity: exact, one pass over the vectors; approximate, about logarithmic in their number.
  public func search(_ query: PreparedQuery, options: SearchOptions = SearchOptions()) throws -> SearchResult
  {
    try consistently { snapshot in
      guard query.vector.count == snapshot.state.dim else {
        throw QueryError.wrongWidth(found: query.vector.count, expected: snapshot.state.dim)
      }
      return try result(
        of: query, found: try find(query, options: options, snapshot: snapshot), options: options,
        snapshot: snapshot)
    }
  }

  /// The answer that the rows that were found make: those that are no answers left out, and no more than asked for.
  func result(
    of query: PreparedQuery, found: Found, options: SearchOptions, snapshot: IndexSnapshot
  ) throws -> SearchResult {
    let excluded = try rows(ofItems: query.items)
    var rows = Array(found.rows.filter { !excluded.contains($0.row) }.prefix(max(0, options.count)))
    let best = rows.first?.score
    if let threshold = options.threshold { rows.removeAll { $0.score < threshold } }
    if options.reranksByMean { rows = Self.rerankedByMean(rows, table: snapshot.table.rows) }
    let hits = try hits(rows, options: options, offsets: found.offsets, snapshot: snapshot)
    return SearchResult(
      hits: hits, query: query, candidates: found.candidates, moments: found.moments,
      isApproximate: found.isApproximate,
      hasDamagedGraph: options.filter.kind.map { snapshot.damagedGraphs.contains($0) } ?? false,
      damagedItems: found.damaged + rows.count - hits.count, hubness: found.offsets?.correction,
      bestScore: best, noise: found.noise)
  }

  /// How many rows to look for, so that enough stay when items that are no answers are left out.
  func wantedRows(of query: PreparedQuery, options: SearchOptions, snapshot: IndexSnapshot) -> Int {
    min(max(0, options.count), snapshot.table.rows.rows) + query.items.count
  }

  /// What a search has found, as rows.
  struct Found {
    var rows: [ScoredRow]
    var candidates: Int
    var moments: ScoreMoments
    var isApproximate = false
    /// Damaged items that were met.
    var damaged = 0
    /// What the scores were lowered by.
    var offsets: SearchOffsets?
    var noise: NoiseFloor?
  }

  private func find(_ query: PreparedQuery, options: SearchOptions, snapshot: IndexSnapshot) throws -> Found {
    let wanted = wantedRows(of: query, options: options, snapshot: snapshot)
    if options.hubness == nil,
      let found = try findApproximately(query, count: wanted, options: options, snapshot: snapshot)
    {
      return found
    }
    snapshot.verify()
    let selection = try selection(options.filter, snapshot: snapshot)
    let offsets = try options.hubness.map {
      try self.offsets($0, kind: options.filter.kind, snapshot: snapshot)
    }
    let highest = snapshot.table.rows.highest(
      wanted, in: selection, query: query.vector, loweredBy: offsets?.ofRows)
    return Found(
      rows: highest.rows, candidates: selection.count, moments: highest.moments,
      damaged: snapshot.damagedRows.count, offsets: offsets,
      noise: try noise(of: query, in: selection, options: options, offsets: offsets, snapshot: snapshot))
  }

  private func rows(ofItems items: [Int64]) throws -> Set<Int> {
    Set(try catalogue.items(numbered: items).map(\.row))
  }

  /// The rows that a filter lets through.
  func selection(_ filter: ItemFilter, snapshot: IndexSnapshot) throws -> RowSelection {
    guard filter.isNarrow else { return snapshot.selection(filter.kind) }
    let rows = try catalogue.read { database in
      try check(snapshot, database)
      return try catalogue.rows(filter, database)
    }
    return .rows(rows.filter { snapshot.isSound(Int($0)) })
  }

  /// The items of rows, in their order, without those whose entries in the catalogue are damaged.
  private func hits(
    _ rows: [ScoredRow], options: SearchOptions, offsets: SearchOffsets?, snapshot: IndexSnapshot
  ) throws -> [SearchHit] {
    let items = try items(atRows: rows.map(\.row), snapshot: snapshot)
    return rows.compactMap { row in
      items[row.row].map {
        SearchHit(
          item: $0, score: row.score, cosine: row.score + (offsets?.ofRows[row.row] ?? 0),
          vector: options.includesVectors ? snapshot.table.rows.rowValues(row.row) : nil)
      }
    }
  }

  /// The items of rows, by their rows, without damaged ones.
  func items(atRows rows: [Int], snapshot: IndexSnapshot) throws -> [Int: IndexItem] {
    try catalogue.read { database in
      try check(snapshot, database)
      return try catalogue.items(atRows: rows, database)
    }
  }

  /// Orders rows by their dot product with their mean, as the original's `regularities` does; equal ones stay in order.
  static func rerankedByMean(_ rows: [ScoredRow], table: Operand) -> [ScoredRow] {
    guard rows.count > 1 else { return rows }
    var mean = [Float](repeating: 0, count: table.columns)
    for row in rows {
      for (index, value) in table.rowValues(row.row).enumerated() { mean[index] += value / Float(rows.count) }
    }
    let scores = table.scores(ofRows: rows.map { UInt32($0.row) }, query: mean)
    return rows.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.map { rows[$0] }
  }

  private struct ChangedMeanwhile: Error {}

  private func check(_ snapshot: IndexSnapshot, _ database: Database) throws {
    guard try catalogue.state(database) == snapshot.state else { throw ChangedMeanwhile() }
  }

  /// Calls `body` with one state of the index, again where another process changed it in between.
  func consistently<Result>(_ body: (IndexSnapshot) throws -> Result) throws -> Result {
    for _ in 0..<100 {
      do { return try body(currentSnapshot()) } catch is ChangedMeanwhile { continue }
    }
    throw IndexError.catalogue(path: path, reason: "it changes faster than it can be searched")
  }
}
