internal import GRDB
public import Tensors

/// Some items of an index with their vectors.
public struct VectorSample {
  /// What they are; as many as there are rows of `vectors`.
  public let items: [IndexItem]
  /// [N, D], of unit norm.
  public let vectors: Matrix
}

extension EmbeddingIndex {
  /// At most `limit` items of a kind, drawn evenly in the order of their rows, without damaged ones.
  public func sample(of kind: IndexItem.Kind, limit: Int) throws -> VectorSample {
    try consistently { snapshot in
      snapshot.verify()
      let selection = snapshot.selection(kind)
      let count = min(max(limit, 0), selection.count)
      let rows = (0..<count).map { selection.row(at: $0 * selection.count / count) }
      let items = try items(atRows: rows, snapshot: snapshot)
      // Between the look at the catalogue and now nothing has changed, so that every row has its item.
      let found = rows.filter { items[$0] != nil }
      return VectorSample(items: found.compactMap { items[$0] }, vectors: snapshot.vectors(found))
    }
  }

  /// How many groups there are, and the `limit` largest of them, equal ones by their names.
  public func groups(limit: Int) throws -> (count: Int, largest: [(name: String, items: Int)]) {
    try catalogue.groups(limit: limit)
  }
}
