internal import DataFormats
internal import ImageFeatures
internal import Retrieval
internal import Tensors
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

  /// The answers to queries that waited together: photos through the network, sentences through the encoder and
  /// searches as products, each kind at once.
  func answer(_ queries: [ServerQuery]) -> [Result<QueryAnswer, any Error>] {
    var answers = [Result<QueryAnswer, any Error>](
      repeating: .failure(CancellationError()), count: queries.count)
    do {
      try notice()
      encode(queries)
      let photos = queries.map(\.photos)
      let features = Result { try self.features(of: photos.flatMap { $0 }) }
      var firstPhoto = 0
      var requests: [(place: Int, request: SearchRequest)] = []
      for (place, query) in queries.enumerated() {
        let own = firstPhoto..<firstPhoto + photos[place].count
        firstPhoto = own.upperBound
        do {
          let prepared = try prepare(query, features: own.isEmpty ? [] : features.get()[own])
          var options = query.options
          options.filter.kind = options.filter.kind ?? defaultKind
          options.includesVectors = query.wantsVectors
          requests.append((place, SearchRequest(prepared, options: options)))
        } catch {
          answers[place] = .failure(error)
        }
      }
      let results = try index.search(batch: requests.map(\.request))
      for ((place, _), result) in zip(requests, results) {
        answers[place] = .success(
          QueryAnswer(
            result: result, vectors: queries[place].wantsVectors ? result.hits.compactMap(\.vector) : nil))
      }
    } catch {
      for place in answers.indices {
        if case .failure(is CancellationError) = answers[place] { answers[place] = .failure(error) }
      }
    }
    return answers
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

  private func prepare(_ query: ServerQuery, features: ArraySlice<[Float]>) throws -> PreparedQuery {
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
    return try index.prepare(EmbeddingQuery(terms: terms), sentence: vector)
  }

  /// The item with a number.
  func item(_ id: Int64) throws -> IndexItem {
    guard let item = try index.items(named: "#\(id)").first else { throw APIError.noSuchItem(id) }
    return item
  }
}

// MARK: Sentences

extension ComputeEngine {
  /// The vector of a sentence, from the cache where it is there, and its unknown words.
  func vector(of sentence: String) throws(QueryError) -> (vector: [Float], unknownWords: [String]) {
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

  private func encode(_ queries: [ServerQuery]) {
    encode(queries.flatMap(\.texts))
  }
}

// MARK: Photos

extension ComputeEngine {
  /// Photos that the network sees at once.
  private static let photosAtOnce = 8

  /// The features of photos.
  ///
  /// - Throws: `APIError.noNetwork`, and what the network throws.
  func features(of photos: [PreparedPhoto]) throws -> [[Float]] {
    guard !photos.isEmpty else { return [] }
    guard let normalizes = photoNetwork?.normalizes else { throw APIError.noNetwork }
    var rows: [[Float]] = []
    for start in stride(from: 0, to: photos.count, by: Self.photosAtOnce) {
      let chosen = photos[start..<min(start + Self.photosAtOnce, photos.count)]
      let input = Matrix(
        rows: chosen.count, columns: chosen.first?.input.count ?? 0, values: chosen.flatMap(\.input))
      guard let features = try photoNetwork?.network.features(of: input).copy() else { break }
      if normalizes { features.normalizeRows() }
      rows += (0..<features.rows).map(features.rowValues)
    }
    return rows
  }
}
