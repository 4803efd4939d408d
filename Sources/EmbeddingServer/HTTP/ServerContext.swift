internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// What is known of a request beside itself.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The client's address.
  let client: SocketAddress?
  /// How far the request's body was read.
  let reading = BodyReading()

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    client = source.channel.remoteAddress
  }
}

/// Whether the body of a request was read to its end; else the connection has to end with the answer.
final class BodyReading: Sendable {
  private let isWhole = Atomic(false)

  func finish() { isWhole.store(true, ordering: .relaxed) }

  /// Whether something of the body may still come.
  func isUnfinished(_ request: Request) -> Bool {
    guard !isWhole.load(ordering: .relaxed) else { return false }
    if request.headers[.transferEncoding] != nil { return true }
    return request.headers[.contentLength].map { $0 != "0" } ?? false
  }
}
