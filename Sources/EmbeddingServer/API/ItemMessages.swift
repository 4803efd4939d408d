internal import DataFormats
internal import Retrieval

/// An item as clients see it: a photo by its file's name, without the path.
struct ItemReply: Encodable {
  let id: Int64
  let kind: IndexItem.Kind
  let name: String
  let group: String
  let metadata: JSONValue
  let row: Int
  let image: String?

  init(_ item: IndexItem) {
    id = item.id
    kind = item.kind
    name = item.kind == .photo ? FilePath.name(of: item.name) : item.name
    group = item.groupName
    metadata = JSONValue(text: item.metadata)
    row = item.row
    image = item.kind == .photo ? "/api/items/\(item.id)/image" : nil
  }
}

/// The answer to `GET /api/items`.
struct ItemsReply: Encodable {
  let items: [ItemReply]
  let total: Int
  let offset: Int
}

/// The answer to `GET /api/items/{id}`: an item, and the captions nearest to it.
struct ItemDetailsReply: Encodable {
  let item: ItemReply
  let captions: [CaptionReply]

  private enum CodingKeys: String, CodingKey { case captions }

  func encode(to encoder: any Encoder) throws {
    try item.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(captions, forKey: .captions)
  }
}

/// The JSON of `POST /api/items`.
struct AddBody: StrictKeys {
  let captions: [String]?
  let group: String?
  let metadata: [String: JSONValue]?

  enum CodingKeys: String, CodingKey, CaseIterable { case captions, group, metadata }

  init(from decoder: any Decoder) throws {
    try Self.check(decoder)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    captions = try values.decodeIfPresent([String].self, forKey: .captions)
    group = try values.decodeIfPresent(String.self, forKey: .group)
    metadata = try values.decodeIfPresent([String: JSONValue].self, forKey: .metadata)
  }

  init() { (captions, group, metadata) = (nil, nil, nil) }
}

/// The answer to `POST /api/items`.
struct AddReply: Encodable {
  struct Failure: Encodable {
    let name: String
    let reason: String
  }

  var added = 0
  var replaced = 0
  var unchanged = 0
  var failures: [Failure] = []
  var ids: [Int64] = []
}

/// The answer to `GET /api/map`.
struct MapReply: Encodable {
  let map: IndexMap

  private enum CodingKeys: String, CodingKey { case points, kind, explained }

  private struct Point: Encodable {
    let point: IndexMap.Point

    func encode(to encoder: any Encoder) throws {
      var values = encoder.unkeyedContainer()
      try values.encode(point.id)
      try values.encode(point.x)
      try values.encode(point.y)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(map.points.map(Point.init), forKey: .points)
    try values.encode(map.kind, forKey: .kind)
    try values.encode(map.explained, forKey: .explained)
  }
}

/// The answer to `GET /api/info`.
struct InfoReply: Encodable {
  struct Model: Encodable {
    let name: String
    let sentenceEncoder: String
  }

  struct Limits: Encodable {
    let bodyBytes: Int
    let imagePixels: Int
    let resultCount: Int
    let textBytes: Int
  }

  let name: String
  let photos: Int
  let captions: Int
  let dim: Int
  let precision: String
  let words: Int
  let features: [String]
  let model: Model
  let limits: Limits
  let version: String
}
