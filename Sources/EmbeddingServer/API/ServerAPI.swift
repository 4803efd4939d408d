internal import DataFormats
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Retrieval
internal import Tensors

/// What answers the requests.
struct ServerAPI: Sendable {
  let name: String
  let options: ServerOptions
  let compute: ComputeQueue
  let facts: EngineFacts
  let directory: ItemDirectory
  let photos: PhotoReader
  let uploads: UploadFolder
  let bodies: BodyReader
  let budget: ByteBudget
  let metrics: ServerMetrics

  var limits: ServerLimits { options.limits }

  /// All that can be asked for.
  static let routes: [Route] =
    PageFile.all.flatMap { file in
      let paths = file.name == "index.html" ? ["/", "/index.html"] : ["/\(file.name)"]
      return paths.map { path in
        Route(.get, path, needsToken: false) { _, request, _ in file.response(to: request) }
      }
    } + [
      Route(.get, "/health", needsToken: false) { _, _, _ in .json(["status": "ok"]) },
      Route(.get, "/metrics") { api, _, _ in await api.metricsText() },
      Route(.get, "/api/info") { api, _, _ in try await api.info() },
      Route(.post, "/api/search") { try await $0.search($1, $2) },
      Route(.post, "/api/caption") { try await $0.caption($1, $2) },
      Route(.post, "/api/embed") { try await $0.embed($1, $2) },
      Route(.get, "/api/items") { api, request, _ in try await api.list(request) },
      Route(.post, "/api/items") { try await $0.add($1, $2) },
      Route(.get, "/api/items/{id}") { api, _, context in try await api.details(context) },
      Route(.delete, "/api/items/{id}") { api, _, context in try await api.remove(context) },
      Route(.get, "/api/items/{id}/image") { try await $0.picture($1, $2) },
      Route(.get, "/api/map") { api, _, _ in try await api.map() },
    ]

  // MARK: Searching

  private func search(_ request: Request, _ context: ServerContext) async throws -> Response {
    let start = ContinuousClock.now
    let content = try await bodies.content(of: request, context: context)
    let body = try content.decode(SearchBody.self)
    let query = try body.query(photo: try await onlyPhoto(of: content), limits: limits)
    let result = try await compute.answer(query)
    return .json(SearchReply(result, hasVectors: body.vectors, milliseconds: start.milliseconds))
  }

  private func caption(_ request: Request, _ context: ServerContext) async throws -> Response {
    let start = ContinuousClock.now
    let content = try await bodies.content(of: request, context: context)
    let body = try content.decode(CaptionBody.self)
    let photo = try await onlyPhoto(of: content)
    guard (photo == nil) != (body.item == nil) else {
      throw APIError.bad("give either a photo, as the part \"image\" of a form, or an item")
    }
    guard (1...limits.resultCount).contains(body.k) else {
      throw APIError.bad("k should be 1 to \(limits.resultCount)")
    }
    let source = photo.map { ServerQuery.Term.Source.photo($0) } ?? .item(body.item ?? 0)
    let answer = try await captions(of: source, count: body.k)
    guard answer.candidates > 0 else {
      throw APIError(
        code: .conflict,
        message: "the index has no captions to choose from; add some: vse index add … --captions FILE")
    }
    return .json(
      CaptionsReply(captions: answer.hits.map(CaptionReply.init), milliseconds: start.milliseconds))
  }

  private func captions(of source: ServerQuery.Term.Source, count: Int) async throws -> SearchResult {
    try await compute.answer(
      ServerQuery(
        terms: [.init(source: source)],
        options: SearchOptions(count: count, filter: ItemFilter(kind: .caption))))
  }

  /// The one photo of a request, decoded; nil where it has none.
  func onlyPhoto(of content: RequestContent) async throws -> PreparedPhoto? {
    guard let first = content.photos.first else { return nil }
    guard content.photos.count == 1 else {
      throw APIError.bad("the form has several parts \"image\"; send one")
    }
    return try await photos.prepare(first)
  }

  // MARK: Items

  private func list(_ request: Request) async throws -> Response {
    let kind = try request.parameter("kind").map { text in
      guard let kind = IndexItem.Kind(rawValue: text) else {
        throw APIError.bad("kind should be photo or caption")
      }
      return kind
    }
    let offset = try request.number("offset", in: 0...Int(Int32.max)) ?? 0
    let limit = try request.number("limit", in: 1...limits.listedItems) ?? 100
    var filter = ItemFilter(kind: kind)
    filter.groupName = request.parameter("group")
    let (items, total) = try await directory.items(filter, offset: offset, limit: limit)
    return .json(ItemsReply(items: items.map(ItemReply.init), total: total, offset: offset))
  }

  private func details(_ context: ServerContext) async throws -> Response {
    let item = try await directory.item(context.itemNumber())
    let captions = try await captions(of: .item(item.id), count: 5)
    return .json(
      ItemDetailsReply(item: ItemReply(item), captions: captions.hits.map(CaptionReply.init)))
  }

  private func picture(_ request: Request, _ context: ServerContext) async throws -> Response {
    let sizes = [320, 640, 1600]
    let size = try request.number("size", in: 1...1600) ?? sizes[0]
    guard sizes.contains(size) else { throw APIError.bad("size should be 320, 640 or 1600") }
    let item = try await directory.item(context.itemNumber())
    guard item.kind == .photo else { throw APIError(code: .notFound, message: "item \(item.id) is no photo") }
    let path = uploads.place(ofPhoto: item.name, photoFolder: options.photoFolder)
    guard let tag = PhotoReader.tag(ofPhotoAt: path, size: size) else {
      throw APIError(code: .notFound, message: "the file of photo \(item.id) is not there")
    }
    var headers: HTTPFields = [.eTag: "\"\(tag)\"", .cacheControl: "private, max-age=300"]
    if request.headers[.ifNoneMatch] == "\"\(tag)\"" {
      return Response(status: .notModified, headers: headers)
    }
    let jpeg = try await photos.picture(ofPhotoAt: path, size: size, tag: tag)
    headers[.contentType] = "image/jpeg"
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: jpeg)))
  }

  private func map() async throws -> Response {
    .json(MapReply(map: try await compute.perform { try $0.currentMap() }))
  }

  // MARK: The server itself

  private func info() async throws -> Response {
    let summary = try await directory.summary()
    var features = ["text"]
    if facts.preprocessing != nil { features.append("image") }
    if options.allowsChanges { features.append("add") }
    return .json(
      InfoReply(
        name: name, photos: summary.photos, captions: summary.captions, dim: facts.dim,
        precision: summary.precision.rawValue, words: facts.words, features: features,
        model: .init(name: facts.modelName, sentenceEncoder: facts.sentenceEncoder),
        limits: .init(
          bodyBytes: limits.bodyBytes, imagePixels: limits.imagePixels, resultCount: limits.resultCount,
          textBytes: limits.textBytes), version: options.version))
  }

  private func metricsText() async -> Response {
    var gauges = [
      ("vse_queue_length", "Requests that wait for the computing thread.", compute.length),
      ("vse_held_bytes", "Bytes of bodies and decoded photos that requests hold.", budget.held),
    ]
    if let summary = try? await directory.summary() {
      gauges += [
        ("vse_index_photos", "Photos of the index.", summary.photos),
        ("vse_index_captions", "Captions of the index.", summary.captions),
        ("vse_index_bytes", "Bytes of the vectors.", summary.vectorBytes),
      ]
    }
    let text = metrics.text(gauges: gauges.map { (name: $0.0, help: $0.1, value: $0.2) })
    return Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}

extension ContinuousClock.Instant {
  /// Milliseconds since then.
  fileprivate var milliseconds: Double { (ContinuousClock.now - self) / .milliseconds(1) }
}

extension ServerContext {
  /// The item's number in the path.
  func itemNumber() throws -> Int64 {
    let text = parameters.get("id") ?? ""
    // Other spellings of a number, such as +1, are no name of an item.
    guard let number = Int64(text), "\(number)" == text else {
      throw APIError(code: .notFound, message: "items have numbers; see GET /api/items")
    }
    return number
  }
}

extension Request {
  /// A parameter of the query; nil where it is missing or empty.
  fileprivate func parameter(_ name: String) -> String? {
    uri.queryParameters[name[...]].flatMap { $0.isEmpty ? nil : String($0) }
  }

  /// The same as a number.
  fileprivate func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    try parameter(name).map { text in
      guard let number = Int(text), range.contains(number) else {
        throw APIError.bad("\(name) should be a number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
  }
}
