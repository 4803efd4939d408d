internal import DataFormats
internal import ImageFeatures
internal import Retrieval
internal import VisualSemanticEmbedding

/// What of an engine never changes, for other threads.
struct EngineFacts: Sendable {
  let modelName: String
  let sentenceEncoder: String
  let dim: Int
  let words: Int
  /// How photos are prepared; nil where there is no network for them.
  let preprocessing: Preprocessing?
}

/// The index, the model and the network of photos, on the one thread that computes.
final class ComputeEngine {
  let index: EmbeddingIndex
  let model: EmbeddingModel
  let facts: EngineFacts
  let uploads: UploadFolder
  private var photoNetwork: ServedIndex.PhotoNetwork?
  private var sentences: BoundedCache<[Int32], [Float]>
  /// What follows from the index, as long as its change counter is the same.
  private var changes = -1
  private var defaultKind = IndexItem.Kind.photo
  var map: IndexMap?

  /// - Throws: `IndexError` where the model cannot be read, `ServerError` where the network is another one's.
  init(_ served: ServedIndex, limits: ServerLimits) throws {
    index = served.index
    model = try index.model()
    let configuration = model.configuration
    if let network = served.photoNetwork?.network, network.featureSize != configuration.imageDim {
      throw ServerError.wrongNetwork(found: network.featureSize, expected: configuration.imageDim)
    }
    photoNetwork = served.photoNetwork
    uploads = UploadFolder(index: index.path)
    sentences = BoundedCache(limit: limits.cachedSentences)
    let summary = try index.summary()
    facts = EngineFacts(
      modelName: FilePath.name(of: summary.modelPath), sentenceEncoder: Self.text(of: configuration),
      dim: summary.dim, words: model.vocabulary.wordCount, preprocessing: photoNetwork?.network.preprocessing)
  }

  private static func text(of configuration: ModelConfiguration) -> String {
    let name =
      switch configuration.encoder {
      case .gru: "GRU"
      case .lstm: "LSTM"
      case .bow: "bag of words"
      }
    let layers = configuration.layers > 1 ? ", \(configuration.layers) layers" : ""
    return name + (configuration.bidirectional ? ", both directions" : "") + layers + ", \(configuration.dim)"
  }

  /// The answers to queries that waited together, whose sentences are encoded already: photos through the network and
  /// searches as products, each kind at once.
  func answer(_ queries: [ServerQuery]) -> [Result<SearchResult, any Error>] {
    do { try notice() } catch { return queries.map { _ in .failure(error) } }
    var features = together(queries.flatMap(\.photos), features(of:))[...]
    let requests = queries.map { query in
      let own = features.prefix(query.photos.count)
      features = features.dropFirst(own.count)
      return Result { try request(query, features: own.map { try $0.get() }) }
    }
    var results = together(requests.compactMap { try? $0.get() }) { try index.search(batch: $0) }[...]
    return requests.map { request in request.flatMap { _ in results.removeFirst() } }
  }

  /// Forgets what follows from the index when that has changed, by whichever process.
  func notice() throws {
    let now = try index.changeCount()
    guard now != changes else { return }
    defaultKind = try index.defaultKind()
    map = nil
    changes = now
  }

  /// The kind that is searched where none is said.
  func kindToSearch() throws -> IndexItem.Kind {
    try notice()
    return defaultKind
  }

  private func request(_ query: ServerQuery, features: [[Float]]) throws -> SearchRequest {
    var features = features
    let terms = try query.terms.map { term in
      let source: EmbeddingQuery.Term.Source =
        switch term.source {
        case .text(let text): .text(text)
        case .photo: .features(features.removeFirst())
        case .item(let id): .item(try item(id))
        }
      return EmbeddingQuery.Term(source, weight: term.weight)
    }
    var options = query.options
    let kind = options.filter.kind ?? defaultKind
    options.filter.kind = kind
    if options.hubness != nil, try index.hasItems(of: kind), try !index.hasItems(of: kind.other) {
      throw IndexError.noReferences(index: index.path, of: kind)
    }
    return SearchRequest(
      try index.prepare(EmbeddingQuery(terms: terms), sentence: { try vector(of: $0) }), options: options)
  }

  /// The item with a number.
  func item(_ id: Int64) throws -> IndexItem {
    guard let item = try index.item(numbered: id) else { throw APIError.noSuchItem(id) }
    return item
  }
}

/// What `body` makes of all inputs at once or, where that fails, of one after the other: a failure is nobody else's then.
package func together<Input, Output>(
  _ inputs: [Input], _ body: ([Input]) throws -> [Output]
) -> [Result<Output, any Error>] {
  do {
    return inputs.isEmpty ? [] : try body(inputs).map { .success($0) }
  } catch  where inputs.count == 1 {
    return [.failure(error)]
  } catch {
    return inputs.flatMap { together([$0], body) }
  }
}

// MARK: Sentences

extension ComputeEngine {
  /// The vector of a sentence, from the cache where it is there, and its unknown words.
  func vector(of sentence: String) throws(QueryError) -> SentenceVector {
    let (tokens, unknownWords) = try model.tokens(of: sentence)
    let vector: [Float]
    if let known = sentences.value(tokens) {
      vector = known
    } else {
      vector = model.vectors(ofTokens: [tokens])[0]
      sentences.insert(vector, for: tokens)
    }
    guard vector.allSatisfy(\.isFinite) else { throw .notFinite }
    return (vector, unknownWords)
  }

  /// Puts the vectors of sentences into the cache, those of one length in one pass.
  func encode(_ texts: [String]) {
    var missing: Set<[Int32]> = []
    for text in texts {
      // A text that has no vector is told so when its own query comes.
      guard let tokens = try? model.tokens(of: text).tokens, sentences.value(tokens) == nil else { continue }
      missing.insert(tokens)
    }
    let tokens = Array(missing)
    for (tokens, vector) in zip(tokens, model.vectors(ofTokens: tokens)) {
      sentences.insert(vector, for: tokens)
    }
  }
}

// MARK: Photos

extension ComputeEngine {
  /// The features of photos.
  ///
  /// - Throws: `APIError.noNetwork`, and what the network throws.
  func features(of photos: [PreparedPhoto]) throws -> [[Float]] {
    guard !photos.isEmpty else { return [] }
    guard let normalizes = photoNetwork?.normalizes else { throw APIError.noNetwork }
    return try photoNetwork?.network.features(ofPrepared: photos.map(\.input), normalized: normalizes) ?? []
  }
}
