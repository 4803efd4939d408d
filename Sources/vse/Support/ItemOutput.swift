import Retrieval

/// An item as JSON.
struct ItemOutput: Encodable {
  let id: Int64
  let kind: IndexItem.Kind
  let name: String
  let group: String?
  let metadata: JSONValue
  let row: Int
  var score: Float?
  /// Where the score is not the cosine.
  var cosine: Float?
  var vector: [Float]?

  init(_ item: IndexItem, score: Float? = nil, cosine: Float? = nil, vector: [Float]? = nil) {
    id = item.id
    kind = item.kind
    name = item.name
    group = item.group.isEmpty ? nil : item.group
    metadata = JSONValue(text: item.metadata)
    row = item.row
    self.score = score
    self.cosine = cosine
    self.vector = vector
  }
}

extension IndexItem {
  /// The item in a line: its number, kind, name, group and metadata.
  var line: String {
    "#\(id)  \(kind.rawValue)  " + described
  }

  /// Its name, and in brackets the group and the metadata, where there are any.
  var described: String {
    name.shown() + (group.isEmpty ? "" : "  [\(group.shown(limit: 80))]")
      + (metadata == "{}" ? "" : "  \(metadata.shown(limit: 120))")
  }
}
