internal import Tensors

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

  /// The answers to many queries, the same as each would get alone; moments differ by rounding.
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
      var groups: [(filter: ItemFilter, places: [Int])] = []
      for (place, request) in requests.enumerated() {
        let excluded = request.query.items.count
        found[place] = try findApproximately(
          request.query, count: max(0, request.options.count) + excluded, options: request.options,
          snapshot: snapshot)
        guard found[place] == nil else { continue }
        if let group = groups.firstIndex(where: { $0.filter == request.options.filter }) {
          groups[group].places.append(place)
        } else {
          groups.append((request.options.filter, [place]))
        }
      }
      for group in groups {
        let answers = try findExactly(group.places.map { requests[$0] }, in: group.filter, snapshot: snapshot)
        for (place, answer) in zip(group.places, answers) { found[place] = answer }
      }
      return try zip(requests, found).map { request, found in
        var found = found ?? Found(rows: [], candidates: 0, moments: ScoreMoments())
        let excluded = try rows(ofItems: request.query.items)
        found.rows = Array(
          found.rows.filter { !excluded.contains($0.row) }.prefix(max(0, request.options.count)))
        return try result(of: request.query, found: found, options: request.options, snapshot: snapshot)
      }
    }
  }

  /// For each of some queries about the same items as many rows as the most demanding one needs.
  private func findExactly(
    _ requests: [SearchRequest], in filter: ItemFilter, snapshot: IndexSnapshot
  ) throws -> [Found] {
    snapshot.verify()
    let selection = try selection(filter, snapshot: snapshot)
    let count = requests.map { max(0, $0.options.count) + $0.query.items.count }.max() ?? 0
    let matrix = Matrix(
      rows: requests.count, columns: snapshot.state.dim, values: requests.flatMap(\.query.vector))
    return snapshot.table.rows.highest(count, in: selection, queries: matrix).map {
      Found(
        rows: $0.rows, candidates: selection.count, moments: $0.moments, damaged: snapshot.damagedRows.count)
    }
  }
}
