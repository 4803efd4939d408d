internal import Retrieval

/// Looks up items in the catalogue, beside the computing thread: a list or a small picture does not wait for searches.
///
/// It has a connection of its own to the index and never touches its vectors.
actor ItemDirectory {
  private let index: EmbeddingIndex

  init(path: String) throws { index = try EmbeddingIndex(path: path) }

  /// The item with a number.
  func item(_ id: Int64) throws -> IndexItem {
    guard let item = try index.items(named: "#\(id)").first else { throw APIError.noSuchItem(id) }
    return item
  }

  /// A page of the items that a filter lets through, and how many there are.
  func items(_ filter: ItemFilter, offset: Int, limit: Int) throws -> (items: [IndexItem], total: Int) {
    (try index.items(filter, offset: offset, limit: limit), try index.count(filter))
  }

  /// What the index holds.
  func summary() throws -> IndexSummary { try index.summary() }
}
