public import Tensors

/// Some items of an index with their vectors.
public struct VectorSample {
  /// What they are; as many as there are rows of `vectors`.
  public let items: [IndexItem]
  /// [N, D], of unit norm.
  public let vectors: Matrix
}

extension EmbeddingIndex {
  /// A number that every change of the index raises, by whichever process.
  public func changeCount() throws -> Int { try state().changes }

  /// At most `limit` items of a kind, drawn evenly in the order of their rows, without damaged ones.
  public func sample(of kind: IndexItem.Kind, limit: Int) throws -> VectorSample {
    try consistently { snapshot in
      snapshot.verify()
      let rows = snapshot.selection(kind).drawnEvenly(limit).rowNumbers
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

  /// The items named `text`, or the one with the number after #; none where there is none.
  public func items(named text: String) throws -> [IndexItem] { try catalogue.items(named: text) }

  /// Whether a photo's path has this last part, in whatever folder.
  /// - Throws: `IndexError` where the catalogue cannot be read.
  /// - Complexity: O(items).
  package func hasPhoto(inFileNamed name: String) throws -> Bool { try catalogue.hasPhoto(inFileNamed: name) }

  /// The items with this very name, by their numbers; unlike `items(named:)`, "#17" is a name too.
  public func items(exactlyNamed name: String) throws -> [IndexItem] {
    try catalogue.items(exactlyNamed: name)
  }

  /// How many items a filter lets through.
  public func count(_ filter: ItemFilter) throws -> Int { try catalogue.counts(filter).values.reduce(0, +) }
}
