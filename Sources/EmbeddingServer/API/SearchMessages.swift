internal import Retrieval
internal import VisualSemanticEmbedding

/// The body of `POST /api/search`.
struct SearchBody: StrictKeys {
  /// What the parts are multiplied by.
  struct Weights: StrictKeys {
    let text, image, item: Float?
    let plus, minus: [Float]?

    enum CodingKeys: String, CodingKey, CaseIterable { case text, image, item, plus, minus }

    /// A sum of so many parts as there may be, each so large at most, is within the range of a Float.
    private static let largest = 1e30

    init(from decoder: any Decoder) throws {
      try Self.check(decoder)
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func weight(_ value: Double, _ key: CodingKeys) throws -> Float {
        guard abs(value) <= Self.largest else {
          throw APIError.bad(
            "weights.\(key.rawValue) should be numbers from -1e30 to 1e30; give smaller ones")
        }
        return Float(value)
      }
      func weight(_ key: CodingKeys) throws -> Float? {
        try values.decodeIfPresent(Double.self, forKey: key).map { try weight($0, key) }
      }
      func weights(_ key: CodingKeys) throws -> [Float]? {
        try values.decodeIfPresent([Double].self, forKey: key)?.map { try weight($0, key) }
      }
      text = try weight(.text)
      image = try weight(.image)
      item = try weight(.item)
      plus = try weights(.plus)
      minus = try weights(.minus)
    }
  }

  /// A correction with the settings that the papers have.
  enum Hubness: String, Codable {
    case csls
    case invertedSoftmax = "inverted-softmax"

    var correction: HubnessCorrection {
      switch self {
      case .csls: .csls(neighbors: HubnessCorrection.defaultNeighbors)
      case .invertedSoftmax: .invertedSoftmax(temperature: HubnessCorrection.defaultTemperature)
      }
    }
  }

  let text: String?
  let item: Int64?
  let plus, minus: [String]
  let weights: Weights?
  let k: Int
  let kind: IndexItem.Kind?
  let group: String?
  let conditions: [String: JSONValue]
  let threshold: Float?
  let rerank, vectors: Bool
  let hubness: Hubness?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case text, item, plus, minus, weights, k, kind, group
    case conditions = "where"
    case threshold, rerank, vectors, hubness
  }

  init(from decoder: any Decoder) throws {
    try Self.check(decoder)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    text = try values.decodeIfPresent(String.self, forKey: .text)
    item = try values.decodeIfPresent(Int64.self, forKey: .item)
    plus = try values.decodeIfPresent([String].self, forKey: .plus) ?? []
    minus = try values.decodeIfPresent([String].self, forKey: .minus) ?? []
    weights = try values.decodeIfPresent(Weights.self, forKey: .weights)
    k = try values.decodeIfPresent(Int.self, forKey: .k) ?? 40
    kind = try values.decodeIfPresent(IndexItem.Kind.self, forKey: .kind)
    group = try values.decodeIfPresent(String.self, forKey: .group)
    conditions = try values.decodeIfPresent([String: JSONValue].self, forKey: .conditions) ?? [:]
    threshold = try values.decodeIfPresent(Float.self, forKey: .threshold)
    rerank = try values.decodeIfPresent(Bool.self, forKey: .rerank) ?? false
    vectors = try values.decodeIfPresent(Bool.self, forKey: .vectors) ?? false
    hubness = try values.decodeIfPresent(Hubness.self, forKey: .hubness)
  }

  /// The query, with a photo where one came along.
  ///
  /// - Throws: `APIError` for what is missing, too much, or does not fit together.
  func query(photo: PreparedPhoto?, limits: ServerLimits) throws -> ServerQuery {
    var terms: [ServerQuery.Term] = []
    if let text { terms.append(.init(source: .text(text), weight: weights?.text ?? 1)) }
    if let photo { terms.append(.init(source: .photo(photo), weight: weights?.image ?? 1)) }
    if let item { terms.append(.init(source: .item(item), weight: weights?.item ?? 1)) }
    terms += try Self.terms(plus, weights: weights?.plus, sign: 1, name: "plus")
    guard !terms.isEmpty else {
      throw APIError.bad("say what to look for: give text, item, plus, or a part \"image\" of a form")
    }
    terms += try Self.terms(minus, weights: weights?.minus, sign: -1, name: "minus")
    guard plus.count + minus.count <= limits.queryParts else {
      throw APIError.bad("plus and minus may have \(limits.queryParts) texts together; give fewer")
    }
    try limits.check(texts: [text ?? ""] + plus + minus, words: limits.queryWords)
    guard (1...limits.resultCount).contains(k) else {
      throw APIError.bad("k should be 1 to \(limits.resultCount)")
    }
    var options = SearchOptions(
      count: k, filter: ItemFilter(kind: kind, metadata: try conditionTexts()), threshold: threshold,
      reranksByMean: rerank, hubness: hubness?.correction)
    options.filter.groupName = group
    options.includesVectors = vectors
    return ServerQuery(terms: terms, options: options)
  }

  private static func terms(
    _ texts: [String], weights: [Float]?, sign: Float, name: String
  ) throws -> [ServerQuery.Term] {
    let weights = weights ?? [Float](repeating: 1, count: texts.count)
    guard weights.count == texts.count else {
      throw APIError.bad("weights.\(name) should have a number for each text of \(name)")
    }
    return zip(texts, weights).map { ServerQuery.Term(source: .text($0), weight: sign * $1) }
  }

  private func conditionTexts() throws -> [String: String] {
    try conditions.mapValues { value in
      switch value {
      case .string(let text): text
      case .integer(let number): "\(number)"
      case .number(let number): "\(number)"
      case .bool(let truth): "\(truth)"
      case .null: "null"
      case .array, .object:
        throw APIError.bad("the values of \"where\" should be texts, numbers or truth values")
      }
    }
  }
}

extension ServerLimits {
  /// - Throws: `APIError` when a text is too long to be encoded, or all of them together where there is a limit for that.
  func check(texts: [String], words most: Int? = nil) throws {
    guard texts.allSatisfy({ $0.utf8.count <= textBytes }) else {
      throw APIError.bad("a text may have \(textBytes) bytes; shorten it")
    }
    let words = texts.map { Caption($0).count }
    guard words.allSatisfy({ $0 <= sentenceWords }) else {
      throw APIError.bad("a text may have \(sentenceWords) words; shorten it")
    }
    if let most, words.reduce(0, +) > most {
      throw APIError.bad("the texts may have \(most) words together; shorten them")
    }
  }
}

/// The answer to `POST /api/search`.
struct SearchReply: Encodable {
  struct Query: Encodable {
    let unknownWords: [String]
    let vector: [Float]?
  }

  struct Hit: Encodable {
    let item: ItemReply
    let score: Float
    /// Where the score is another number.
    let cosine: Float?
    let vector: [Float]?
  }

  /// How scores were corrected, and on how many items of each kind answers of the other were measured.
  struct Hubness: Encodable {
    let name: String
    let captions, photos: Int
  }

  let query: Query
  let hits: [Hit]
  let candidates: Int
  let approximate: Bool
  let chance: Double
  let fitsNothing: Bool
  let damagedItems: Int
  let hubness: Hubness?
  let milliseconds: Double

  /// - Parameter hasVectors: whether they were asked for.
  init(_ result: SearchResult, hasVectors: Bool, milliseconds: Double) {
    query = Query(
      unknownWords: result.query.unknownWords, vector: hasVectors ? result.query.vector : nil)
    hits = result.hits.map { hit in
      Hit(
        item: ItemReply(hit.item), score: hit.score, cosine: result.hubness == nil ? nil : hit.cosine,
        vector: hit.vector)
    }
    hubness = result.hubness.map {
      Hubness(name: $0.correction.name, captions: $0.captions, photos: $0.photos)
    }
    candidates = result.candidates
    approximate = result.isApproximate
    chance = result.chance
    fitsNothing = result.fitsNothing
    damagedItems = result.damagedItems
    self.milliseconds = milliseconds
  }
}

/// The body of `POST /api/caption`.
struct CaptionBody: StrictKeys {
  let item: Int64?
  let k: Int

  enum CodingKeys: String, CodingKey, CaseIterable { case item, k }

  init(from decoder: any Decoder) throws {
    try Self.check(decoder)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    item = try values.decodeIfPresent(Int64.self, forKey: .item)
    k = try values.decodeIfPresent(Int.self, forKey: .k) ?? 5
  }
}

/// A caption that was found.
struct CaptionReply: Encodable {
  let text: String
  let score: Float
  let item: ItemReply

  init(_ hit: SearchHit) {
    text = hit.item.name
    score = hit.score
    item = ItemReply(hit.item)
  }
}

/// The answer to `POST /api/caption`.
struct CaptionsReply: Encodable {
  let captions: [CaptionReply]
  let milliseconds: Double
}

/// The body of `POST /api/embed`.
struct EmbedBody: StrictKeys {
  let texts: [String]

  enum CodingKeys: String, CodingKey, CaseIterable { case texts }

  init(from decoder: any Decoder) throws {
    try Self.check(decoder)
    texts = try decoder.container(keyedBy: CodingKeys.self).decode([String].self, forKey: .texts)
  }
}

/// The answer to `POST /api/embed`.
struct EmbedReply: Encodable {
  let vectors: [[Float]]
  let unknownWords: [[String]]
}
