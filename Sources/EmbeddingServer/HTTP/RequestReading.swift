internal import DataFormats
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// A photo that a client has sent.
struct SentPhoto: Sendable {
  /// As the client calls it; never a place to write to.
  let name: String
  let bytes: [UInt8]
  /// Counts the bytes for as long as they are there.
  fileprivate let reservation: Reservation
}

/// A request's JSON, and the photos that came along.
struct RequestContent: Sendable {
  let json: [UInt8]?
  let photos: [SentPhoto]

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

/// Some of the bytes that the bodies of all requests may take together, given back when this object goes.
private final class Reservation: Sendable {
  private let total: ByteTotal
  private let bytes = Atomic(0)

  init(of total: ByteTotal) { self.total = total }

  /// - Throws: `APIError.busy` when others have them.
  func add(_ count: Int, limit: Int) throws {
    bytes.add(count, ordering: .relaxed)
    guard total.bytes.add(count, ordering: .relaxed).newValue <= limit else {
      throw APIError.busy("too many photos are being received; try again")
    }
  }

  deinit { total.bytes.subtract(bytes.load(ordering: .relaxed), ordering: .relaxed) }
}

/// A number that many threads change.
private final class ByteTotal: Sendable {
  let bytes = Atomic(0)
}

/// Reads the bodies of requests, within bounds for each and for all together.
///
/// A photo's bytes count until it is decoded: many that wait must not take all memory together, nor many clients that
/// send slowly.
final class BodyReader: Sendable {
  private let limits: ServerLimits
  private let received = ByteTotal()
  /// Requests up to here are always received: a few that are large and slow should not keep sentences out.
  private static let freeBytes = 65_536

  init(limits: ServerLimits) { self.limits = limits }

  /// The JSON of a request, or a form with JSON in the part "request" and photos in the parts "image".
  ///
  /// - Throws: `APIError`, `MultipartError`.
  func content(of request: Request, context: ServerContext) async throws -> RequestContent {
    let type = request.headers[.contentType] ?? ""
    if let boundary = MultipartForm.boundary(ofContentType: type) {
      let (bytes, reservation) = try await bytes(of: request, context: context, limit: limits.bodyBytes)
      return try Self.content(of: MultipartForm(bytes, boundary: boundary), reservation: reservation)
    }
    guard type.split(separator: ";").first?.lowercased() == "application/json" else {
      throw APIError(
        code: .unsupportedMediaType,
        message: "send application/json, or multipart/form-data with its boundary")
    }
    return RequestContent(
      json: try await bytes(of: request, context: context, limit: limits.jsonBytes).bytes, photos: [])
  }

  private static func content(of form: MultipartForm, reservation: Reservation) throws -> RequestContent {
    var json: [UInt8]?
    var photos: [SentPhoto] = []
    for part in form.parts {
      switch part.name {
      case "request":
        guard json == nil else { throw APIError.bad("the form has two parts \"request\"; send one") }
        json = Array(part.body)
      case "image":
        photos.append(
          SentPhoto(name: part.fileName ?? "image", bytes: Array(part.body), reservation: reservation))
      default:
        throw APIError.bad(
          "the form has a part \(quoted(part.name, limit: 40)); there are \"request\" and \"image\"")
      }
    }
    return RequestContent(json: json, photos: photos)
  }

  private func bytes(
    of request: Request, context: ServerContext, limit: Int
  ) async throws -> (bytes: [UInt8], reservation: Reservation) {
    let announced = request.headers[.contentLength].flatMap { Int($0) } ?? limit
    guard announced <= limit else { throw APIError.tooLarge(limit: limit) }
    let reservation = Reservation(of: received)
    var body: [UInt8] = []
    for try await piece in request.body {
      guard body.count + piece.readableBytes <= limit else { throw APIError.tooLarge(limit: limit) }
      body += piece.readableBytesView
      if body.count > Self.freeBytes {
        try reservation.add(piece.readableBytes, limit: limits.receivedBytes)
      }
    }
    try Task.checkCancellation()
    context.reading.finish()
    return (body, reservation)
  }
}
