internal import DataFormats
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A photo that a client has sent.
struct SentPhoto: Sendable {
  /// As the client calls it; never a place to write to.
  let name: String
  let bytes: [UInt8]
  /// Counts the bytes for as long as they are there.
  let part: ByteBudget.Part
}

/// A request's JSON, and the photos that came along.
struct RequestContent: Sendable {
  let json: [UInt8]?
  let photos: [SentPhoto]
  /// Counts the bytes of both for as long as they are there.
  let part: ByteBudget.Part

  /// The JSON as a value.
  ///
  /// - Throws: `APIError` with the place of what does not fit.
  func decode<Body: Decodable>(_ type: Body.Type) throws -> Body {
    let bytes = json ?? Array("{}".utf8)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as APIError {
      throw error
    } catch let error as DecodingError {
      throw APIError.bad(Self.message(error))
    } catch {
      throw APIError.bad("the request is no proper JSON")
    }
  }

  private static func message(_ error: DecodingError) -> String {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(place(context.codingPath)) is of the wrong kind; see /openapi.json"
    case .keyNotFound(let key, let context):
      "\(place(context.codingPath + [key])) is missing; see /openapi.json"
    case .dataCorrupted(let context) where context.codingPath.isEmpty: "the request is no proper JSON"
    case .dataCorrupted(let context):
      "\(place(context.codingPath)) has a value that cannot be; see /openapi.json"
    @unknown default: "the request is no proper JSON"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    let names = path.map { $0.intValue.map { "\($0)" } ?? printable($0.stringValue, limit: 40) }
    return names.isEmpty ? "the request" : "the request's \(names.joined(separator: "."))"
  }
}

/// Reads the bodies of requests, within bounds for each and for all together.
///
/// A photo's bytes count until it is decoded: many that wait must not take all memory together, nor many clients that
/// send slowly.
final class BodyReader: Sendable {
  private let limits: ServerLimits
  private let budget: ByteBudget
  /// Requests up to here are always received: a few that are large and slow should not keep sentences out.
  private static let freeBytes = 65_536

  /// - Parameter budget: what bodies count for.
  init(limits: ServerLimits, budget: ByteBudget) {
    self.limits = limits
    self.budget = budget
  }

  /// The JSON of a request, or a form with JSON in the part "request" and photos in the parts "image".
  ///
  /// - Throws: `APIError`, `MultipartError`.
  func content(of request: Request, context: ServerContext) async throws -> RequestContent {
    let type = request.headers[.contentType] ?? ""
    if let boundary = MultipartForm.boundary(ofContentType: type) {
      let (bytes, part) = try await bytes(of: request, context: context, limit: limits.bodyBytes)
      return try Self.content(of: MultipartForm(bytes, boundary: boundary), part: part)
    }
    guard type.split(separator: ";").first?.lowercased() == "application/json" else {
      throw APIError(
        code: .unsupportedMediaType,
        message: "send application/json, or multipart/form-data with its boundary")
    }
    let (bytes, part) = try await bytes(of: request, context: context, limit: limits.jsonBytes)
    return RequestContent(json: bytes, photos: [], part: part)
  }

  private static func content(of form: MultipartForm, part budget: ByteBudget.Part) throws -> RequestContent {
    var json: [UInt8]?
    var photos: [SentPhoto] = []
    for part in form.parts {
      switch part.name {
      case "request":
        guard json == nil else { throw APIError.bad("the form has two parts \"request\"; send one") }
        json = Array(part.body)
      case "image":
        photos.append(SentPhoto(name: part.fileName ?? "image", bytes: Array(part.body), part: budget))
      default:
        throw APIError.bad(
          "the form has a part \(quoted(part.name, limit: 40)); there are \"request\" and \"image\"")
      }
    }
    return RequestContent(json: json, photos: photos, part: budget)
  }

  private func bytes(
    of request: Request, context: ServerContext, limit: Int
  ) async throws -> (bytes: [UInt8], part: ByteBudget.Part) {
    let announced = request.headers[.contentLength].flatMap { Int($0) } ?? limit
    guard announced <= limit else { throw APIError.tooLarge(limit: limit) }
    let part = budget.part()
    // What is refused by its head was refused by now.
    if request.headers[.expect]?.lowercased() == "100-continue" { context.tellToGoOn() }
    var body: [UInt8] = []
    var pieces = request.body.makeAsyncIterator()
    while let piece = try await Self.next(of: &pieces) {
      guard body.count + piece.readableBytes <= limit else { throw APIError.tooLarge(limit: limit) }
      body += piece.readableBytesView
      if body.count > Self.freeBytes { try part.add(piece.readableBytes) }
    }
    try Task.checkCancellation()
    context.reading.finish()
    return (body, part)
  }

  /// The next piece of a body; one that breaks off or is no proper HTTP is the client's matter, or its network's.
  private static func next(of pieces: inout RequestBody.AsyncIterator) async throws -> ByteBuffer? {
    do {
      return try await pieces.next()
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw APIError.bad("the request's body broke off, or is no proper HTTP; send it again")
    }
  }
}
