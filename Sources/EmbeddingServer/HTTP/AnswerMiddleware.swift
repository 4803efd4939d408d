internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Synchronization

/// The outermost: makes an answer of every failure, gives all answers their headers, counts and logs them.
struct AnswerMiddleware: RouterMiddleware {
  typealias Context = ServerContext

  let metrics: ServerMetrics

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      response = Self.response(to: failure(error, request: request, context: context))
    }
    for (name, value) in Self.headers where response.headers[name] == nil { response.headers[name] = value }
    // What is left of the body is not to be taken for the next request, nor waited for.
    if context.reading.isUnfinished(request) { response.headers[.connection] = "close" }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let route =
      ServerAPI.routes.contains { $0.path == context.endpointPath } ? context.endpointPath ?? "" : "other"
    metrics.answered(
      method: Self.methods.contains(request.method) ? request.method.rawValue : "other", route: route,
      status: response.status.code, seconds: seconds)
    context.logger.debug(
      "answered",
      metadata: [
        "method": "\(request.method)", "route": "\(route)", "status": "\(response.status.code)",
        "milliseconds": "\(Int(seconds * 1000))",
      ])
    return response
  }

  private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .delete]

  private func failure(_ error: any Error, request: Request, context: ServerContext) -> APIError {
    if let known = APIError(error) { return known }
    if let error = error as? HTTPError, error.status == .notFound {
      let methods = ServerAPI.routes.filter { $0.matches(request.uri.path) }.map(\.method)
      guard !methods.isEmpty else { return APIError(code: .notFound, message: "there is nothing here") }
      return APIError(
        code: .methodNotAllowed, message: "this path has no such method; see /openapi.json",
        allowedMethods: methods)
    }
    context.logger.error("a request failed", metadata: ["error": "\(error)"])
    return APIError(code: .internal, message: "the server failed; its log says why")
  }

  /// A failure as JSON.
  static func response(to error: APIError) -> Response {
    struct Body: Encodable {
      struct Failure: Encodable {
        let code: APIError.Code
        let message: String
        let unknownWords: [String]?
      }
      let error: Failure
    }
    let failure = Body.Failure(code: error.code, message: error.message, unknownWords: error.unknownWords)
    var response = Response.json(Body(error: failure), status: error.status)
    if let seconds = error.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
    if error.code == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    if !error.allowedMethods.isEmpty {
      response.headers[.allow] = error.allowedMethods.map(\.rawValue).joined(separator: ", ")
    }
    return response
  }

  /// Headers of every answer: nothing is loaded from elsewhere, run inline, framed, guessed or told to others.
  private static let headers: [(HTTPField.Name, String)] = {
    let others = [
      ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
      ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
    return [
      (
        .contentSecurityPolicy,
        """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """
      ),
      (.xContentTypeOptions, "nosniff"), (.cacheControl, "no-store"),
    ] + others.compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
  }()
}

/// Refuses who may not ask at all: a strange Host or Origin, or too many requests.
struct AdmissionMiddleware: RouterMiddleware {
  typealias Context = ServerContext

  let rules: AccessRules
  let limiter: RateLimiter?
  /// Whether clients of this machine are limited as well.
  let limitsLoopback: Bool

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    guard rules.accepts(authority: request.head.authority) else {
      throw APIError(code: .forbidden, message: "this server does not go by that name; use its address")
    }
    let isReading = request.method == .get || request.method == .head
    guard
      isReading
        || rules.accepts(
          origin: request.headers[.origin],
          fetchSite: HTTPField.Name.secFetchSite.flatMap { request.headers[$0] },
          authority: request.head.authority)
    else {
      throw APIError(code: .forbidden, message: "pages of other servers may not ask this one")
    }
    if let limiter, limitsLoopback || context.client?.isLoopback != true,
      let seconds = limiter.wait(for: RateLimiter.client(context.client))
    {
      throw APIError(
        code: .tooManyRequests, message: "too many requests a second; try again later",
        retryAfter: max(1, Int(seconds.rounded(.up))))
    }
    return try await next(request, context)
  }
}

extension HTTPField.Name {
  /// Where a browser says that a request comes from.
  fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")
}

extension Response {
  /// A value as JSON.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Our own values have neither NaN nor anything else that JSON cannot say; if one had, it would be our failure.
    guard let bytes = try? encoder.encode(value) else { return Response(status: .internalServerError) }
    return Response(
      status: status, headers: [.contentType: "application/json; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
