internal import DataFormats
internal import HTTPTypes
internal import ImageFeatures
internal import Retrieval
internal import VisualSemanticEmbedding

/// What a request is answered with when it cannot be done; nothing in it tells of this machine.
struct APIError: Error, Equatable {
  /// What programs tell failures apart by.
  enum Code: String, Encodable, CaseIterable {
    case badRequest = "bad_request"
    case unauthorized, forbidden
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case timeout, conflict
    case tooLarge = "too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case unknownWords = "unknown_words"
    case unreadableImage = "unreadable_image"
    case noNetwork = "no_network"
    case tooManyRequests = "too_many_requests"
    case `internal`, busy
    /// Only one that still listens after it has closed its side gets to see it.
    case clientGone = "client_gone"
  }

  let code: Code
  let message: String
  var unknownWords: [String]?
  /// The seconds after which to try again.
  var retryAfter: Int?
  /// The methods that a path has, where the request had another.
  var allowedMethods: [HTTPRequest.Method] = []

  var status: HTTPResponse.Status {
    switch code {
    case .badRequest: .badRequest
    case .unauthorized: .unauthorized
    case .forbidden: .forbidden
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .timeout: .requestTimeout
    case .conflict: .conflict
    case .tooLarge: .contentTooLarge
    case .unsupportedMediaType: .unsupportedMediaType
    case .unknownWords, .unreadableImage, .noNetwork: .unprocessableContent
    case .tooManyRequests: .tooManyRequests
    case .internal: .internalServerError
    case .busy: .serviceUnavailable
    // What other servers log for it, too; there is no code of HTTP's own.
    case .clientGone: HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request")
    }
  }
}

extension APIError {
  static func bad(_ message: String) -> APIError { APIError(code: .badRequest, message: message) }

  static func busy(_ message: String) -> APIError {
    APIError(code: .busy, message: message, retryAfter: 1)
  }

  static let stopping = busy("the server is stopping; try again later")

  static func tooLarge(limit: Int) -> APIError {
    APIError(code: .tooLarge, message: "the request has more than \(limit) bytes; send less")
  }

  static func noSuchItem(_ id: Int64) -> APIError {
    APIError(code: .notFound, message: "the index has no item \(id); see GET /api/items")
  }

  static let noNetwork = APIError(
    code: .noNetwork,
    message: "this server has no network for photos; start it with --network NAME --weights FILE")

  /// An error of the library as the client may see it; nil for what is nobody's but the server's.
  init?(_ error: any Error) {
    switch error {
    case let error as APIError: self = error
    case let error as QueryError: self.init(query: error)
    case let error as PhotoError: self.init(photo: error)
    case let error as MultipartError: self = .bad("\(error)")
    case is CancellationError:
      self.init(code: .timeout, message: "the request took too long; try again", retryAfter: 1)
    case is ClientGone:
      self.init(
        code: .clientGone, message: "the client closed its side; keep it open until the answer is there")
    case IndexError.noReferences(_, let kind):
      self.init(
        code: .conflict,
        message:
          "the index has no \(kind.other.rawValue)s, on which the hubness of \(kind.rawValue)s is measured; "
          + "leave out hubness")
    default: return nil
    }
  }

  private init?(query error: QueryError) {
    switch error {
    case .empty, .noDirection, .notFinite: self = .bad("\(error)")
    case .onlyUnknownWords(let text):
      self.init(
        code: .unknownWords, message: "\(error)",
        unknownWords: Caption(text).reduce(into: [Word]()) { words, word in
          if !words.contains(word) { words.append(word) }
        }.map(\.description))
    case .noImageEmbedder: self = .noNetwork
    case .photo, .wrongWidth: return nil
    }
  }

  // The messages of `PhotoError` name the file, which for a photo of the index is a path.
  private init?(photo error: PhotoError) {
    let message: String
    switch error {
    case .unreadable:
      self.init(code: .notFound, message: "the photo's file is not there any more")
      return
    case .noDecoder:
      self.init(code: .noNetwork, message: "this server cannot decode photos: it has no libvips")
      return
    case .empty: message = "the photo has no bytes; send it again"
    case .fileTooLarge, .tooManyPixels: message = "the photo has too many pixels; make it smaller"
    case .unknownFormat:
      message = "the photo is no JPEG, PNG, WebP, GIF, TIFF or HEIC; convert it to one of them"
    case .formatNotInstalled(_, let format):
      message = "the photo is \(format.name), which this server cannot read; convert it"
    case .damaged(_, let format):
      message = "the photo is a damaged \(format.name), or one that was cut short; send it again"
    case .mostlyMissing: message = "less than half of the photo is there; send it again"
    case .tooManyScans: message = "the photo is a JPEG made to keep programs busy; save it anew"
    case .unsupportedColours: message = "the photo has pixels of no known colours; convert it to RGB"
    case .outOfMemory: message = "the photo does not fit into memory; make it smaller"
    }
    self.init(code: .unreadableImage, message: message)
  }
}

/// Why a server cannot start.
public enum ServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The network's features are not those that the model takes.
  case wrongNetwork(found: Int, expected: Int)
  /// The address or the port cannot be had.
  case cannotListen(host: String, port: Int, reason: String)

  public var description: String {
    switch self {
    case .wrongNetwork(let found, let expected):
      "the network gives \(found) features and the model takes \(expected); name the network that its training "
        + "data came from"
    case .cannotListen(let host, let port, let reason) where reason.contains("Address already in use"):
      "port \(port) of \(quoted(host)) is taken; choose another with --port (0: any that is free)"
    case .cannotListen(let host, let port, let reason):
      "cannot listen at \(quoted(host)), port \(port): \(printable(reason)); choose another with --host or --port"
    }
  }
}
