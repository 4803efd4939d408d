internal import Tensors
internal import VisualSemanticEmbedding

/// A prepared query and how to search for it.
public struct SearchRequest: Sendable, Equatable {
  /// What to look for.
  public var query: PreparedQuery
  /// How.
  public var options: SearchOptions

  /// A query with its options.
  public init(_ query: PreparedQuery, options: SearchOptions = SearchOptions()) {
    self.query = query
    self.options = options
  }
}

extension EmbeddingIndex {
  /// The answers to many queries with the same options; exact, as products of matrices.
  public func search(batch queries: [PreparedQuery], options: SearchOptions = SearchOptions()) throws
    -> [SearchResult]
  {
    var options = options
    options.method = .exact
    return try search(batch: queries.map { SearchRequest($0, options: options) })
  }

  /// The answers to many queries, the same as each would get alone, without the moments.
  ///
  /// Those that look at all of the same items are answered together, by products of matrices; those that go through a
  /// graph one by one.
  /// - Throws: `QueryError` where a query has another width than the index, `IndexError`.
  public func search(batch requests: [SearchRequest]) throws -> [SearchResult] {
    guard !requests.isEmpty else { return [] }
    return try consistently { snapshot in
      for request in requests where request.query.vector.count != snapshot.state.dim {
        throw QueryError.wrongWidth(found: request.query.vector.count, expected: snapshot.state.dim)
      }
      var found = [Found?](repeating: nil, count: requests.count)
      var groups: [BatchGroup: [Int]] = [:]
      for (place, request) in requests.enumerated() {
        let options = request.options
        if options.hubness == nil {
          found[place] = try findApproximately(
            request.query, count: wantedRows(of: request.query, options: options, snapshot: snapshot),
            options: options, snapshot: snapshot)
        }
        guard found[place] == nil else { continue }
        groups[BatchGroup(filter: options.filter, hubness: options.hubness), default: []].append(place)
      }
      for (group, places) in groups {
        let answers = try findExactly(places.map { requests[$0] }, of: group, snapshot: snapshot)
        for (place, answer) in zip(places, answers) { found[place] = answer }
      }
      return try zip(requests, found).map { request, found in
        try result(
          of: request.query, found: found ?? Found(rows: [], candidates: 0, moments: ScoreMoments()),
          options: request.options, snapshot: snapshot)
      }
    }
  }

  /// What queries have in common that are answered together.
  private struct BatchGroup: Hashable {
    var filter: ItemFilter
    var hubness: HubnessCorrection?
  }

  /// For each of some queries about the same items as many rows as the most demanding one needs.
  private func findExactly(
    _ requests: [SearchRequest], of group: BatchGroup, snapshot: IndexSnapshot
  ) throws -> [Found] {
    snapshot.verify()
    let selection = try selection(group.filter, snapshot: snapshot)
    let offsets = try group.hubness.map {
      try self.offsets($0, kind: group.filter.kind, snapshot: snapshot)
    }
    let count = requests.map { wantedRows(of: $0.query, options: $0.options, snapshot: snapshot) }.max() ?? 0
    let matrix = Matrix(
      rows: requests.count, columns: snapshot.state.dim, values: requests.flatMap(\.query.vector))
    let found = snapshot.table.rows.highest(
      count, in: selection, queries: matrix, loweredBy: offsets?.ofRows)
    return try zip(requests, found).map { request, rows in
      Found(
        rows: rows, candidates: selection.count, moments: ScoreMoments(),
        damaged: snapshot.damagedRows.count, offsets: offsets,
        noise: try noise(
          of: request.query, in: selection, options: request.options, offsets: offsets, snapshot: snapshot))
    }
  }
}
