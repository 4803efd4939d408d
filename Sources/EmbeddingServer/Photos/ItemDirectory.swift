internal import Retrieval
internal import Synchronization

/// Looks up items in the catalogue, beside the computing thread: a list or a small picture does not wait for searches.
///
/// It has a connection of its own to the index, on a thread of its own, and never touches the vectors.
final class ItemDirectory: Sendable {
  private let index: Mutex<EmbeddingIndex>
  private let thread: WorkerThreads

  init(path: String, limits: ServerLimits) throws {
    index = Mutex(try EmbeddingIndex(path: path))
    thread = WorkerThreads(count: 1, limit: limits.waitingRequests, name: "look-ups of items")
  }

  /// Ends the thread.
  func stop() { thread.stop() }

  /// The item with a number.
  func item(_ id: Int64) async throws -> IndexItem {
    try await read { index in
      guard let item = try index.item(numbered: id) else { throw APIError.noSuchItem(id) }
      return item
    }
  }

  /// A page of the items that a filter lets through, and how many there are.
  func items(_ filter: ItemFilter, offset: Int, limit: Int) async throws -> (items: [IndexItem], total: Int) {
    try await read { (try $0.items(filter, offset: offset, limit: limit), try $0.count(filter)) }
  }

  /// What the index holds.
  func summary() async throws -> IndexSummary { try await read { try $0.summary() } }

  private func read<Value: Sendable>(
    _ body: @escaping @Sendable (EmbeddingIndex) throws -> Value
  ) async throws -> Value {
    try await thread.run { try self.index.withLock { try body($0) } }
  }
}
