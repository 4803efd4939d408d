internal import DataFormats
internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle
internal import Synchronization

/// Serves an index by HTTP: an API for programs and a page for people.
///
/// A service of swift-service-lifecycle. Told to stop it accepts nothing new, finishes what is under way, and closes the
/// index.
public struct EmbeddingServer: Service {
  private let path: String
  private let options: ServerOptions
  private let logger: Logger
  private let opening: @Sendable () throws -> ServedIndex
  private let onListening: @Sendable (Int) -> Void

  /// - Parameter path: the folder of the index.
  /// - Parameter opening: opens the index and reads the network of photos; called once, on the computing thread.
  /// - Parameter onListening: told the port, once clients can connect.
  public init(
    path: String, options: ServerOptions = ServerOptions(), logger: Logger,
    opening: @escaping @Sendable () throws -> ServedIndex,
    onListening: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.path = path
    self.options = options
    self.logger = logger
    self.opening = opening
    self.onListening = onListening
  }

  /// Serves until it is told to stop.
  ///
  /// - Throws: `ServerError`, and what `opening` throws.
  public func run() async throws {
    let (limits, opening) = (options.limits, opening)
    let metrics = ServerMetrics()
    let compute = ComputeQueue(limits: limits, metrics: metrics)
    let allowsChanges = options.allowsChanges
    let facts = try await compute.start {
      let engine = try ComputeEngine(opening(), limits: limits)
      // While another process changes the index they stay, until the next start.
      if allowsChanges { try? engine.removeLeftoverUploads() }
      return engine
    }
    let budget = ByteBudget(limit: limits.heldBytes)
    let photos = PhotoReader(preprocessing: facts.preprocessing, limits: limits, budget: budget)
    let result: Result<Void, any Error>
    do {
      let directory = try ItemDirectory(path: path, limits: limits)
      defer { directory.stop() }
      let api = ServerAPI(
        name: FilePath.name(of: URL(fileURLWithPath: path).standardizedFileURL.path), options: options,
        compute: compute, facts: facts,
        directory: directory, photos: photos, uploads: UploadFolder(index: path),
        bodies: BodyReader(limits: limits, budget: budget), budget: budget, metrics: metrics)
      try await listen(api)
      result = .success(())
    } catch {
      result = .failure(error)
    }
    photos.stop()
    await compute.stop()
    try result.get()
  }

  private func listen(_ api: ServerAPI) async throws {
    let isListening = Atomic(false)
    let limits = options.limits
    let time = { (seconds: Double) in TimeAmount.milliseconds(Int64(seconds * 1000)) }
    let (readingTime, stoppingTime) = (time(limits.requestSeconds), time(limits.stoppingSeconds))
    let application = Application(
      router: router(api),
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [ConnectionGuard(readingTime: readingTime, stoppingTime: stoppingTime)],
          idleTimeout: time(limits.idleSeconds),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 8192, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))),
      configuration: ApplicationConfiguration(
        address: .hostname(options.host, port: options.port),
        availableConnectionsDelegate: MaximumAvailableConnections(
          OpenFiles.connections(wanted: limits.connections), logger: logger)),
      onServerRunning: { channel in
        isListening.store(true, ordering: .relaxed)
        onListening(channel.localAddress?.port ?? options.port)
      },
      logger: logger)
    do {
      try await application.run()
    } catch  where !isListening.load(ordering: .relaxed) {
      throw ServerError.cannotListen(host: options.host, port: options.port, reason: "\(error)")
    }
  }

  private func router(_ api: ServerAPI) -> Router<ServerContext> {
    let rules = AccessRules(host: options.host, token: options.token)
    let limits = options.limits
    let rate = limits.requestsPerSecond ?? 100
    let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: AnswerMiddleware(metrics: api.metrics))
    router.add(
      middleware: AdmissionMiddleware(
        rules: rules, limiter: rate > 0 ? RateLimiter(rate: rate) : nil,
        limitsLoopback: limits.requestsPerSecond != nil))
    for route in ServerAPI.routes {
      router.on(RouterPath(route.path), method: route.method) { request, context -> Response in
        guard !route.needsToken || rules.accepts(authorization: request.headers[.authorization]) else {
          throw APIError(
            code: .unauthorized, message: "this server wants its token: Authorization: Bearer TOKEN")
        }
        return try await whileWanted(context, seconds: limits.requestSeconds) {
          try await route.handler(api, request, context)
        }
      }
    }
    return router
  }
}

extension EmbeddingServer: CustomStringConvertible {
  /// The methods and paths that can be asked for, parameters in braces.
  package static var routes: [(method: String, path: String)] {
    ServerAPI.routes.map { ($0.method.rawValue, $0.path) }
  }

  /// Its name alone: a log should not have the token.
  public var description: String { "EmbeddingServer" }
}
