internal import HTTPTypes
internal import Hummingbird

/// A method of a path, and what answers it.
struct Route: Sendable {
  typealias Handler = @Sendable (ServerAPI, Request, ServerContext) async throws -> Response

  let method: HTTPRequest.Method
  /// With parameters in braces: "/api/items/{id}".
  let path: String
  let needsToken: Bool
  let handler: Handler

  init(_ method: HTTPRequest.Method, _ path: String, needsToken: Bool = true, handler: @escaping Handler) {
    self.method = method
    self.path = path
    self.needsToken = needsToken
    self.handler = handler
  }

  /// Whether a path is one of this route.
  func matches(_ path: String) -> Bool {
    let own = self.path.split(separator: "/")
    let given = path.split(separator: "/")
    return own.count == given.count && zip(own, given).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
  }
}

/// Calls `body`, and cancels it when that takes too long or when its client goes.
///
/// - Throws: `CancellationError` when the time is over, `ClientGone`, what `body` throws.
func whileWanted<Value: Sendable>(
  _ context: ServerContext, seconds: Double, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let gone = Promise<Value>()
  context.whenClientGoes { gone.settle(.failure(ClientGone())) }
  return try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask(operation: body)
    group.addTask { try await gone.value() }
    group.addTask {
      try await Task.sleep(for: .seconds(seconds))
      throw CancellationError()
    }
    defer { group.cancelAll() }
    guard let first = try await group.next() else { throw CancellationError() }
    return first
  }
}

/// Nobody waits for an answer any more.
struct ClientGone: Error {}
