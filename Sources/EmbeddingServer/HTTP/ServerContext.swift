internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import NIOHTTPTypes
internal import Synchronization

/// What is known of a request beside itself.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The client's address.
  let client: SocketAddress?
  /// How far the request's body was read.
  let reading = BodyReading()
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    client = source.channel.remoteAddress
    channel = source.channel
  }

  /// Tells a client that has asked whether to send its body that it should.
  func tellToGoOn() {
    channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)), promise: nil)
  }

  /// Calls `action` when the client goes before it has its answer, at once where it is gone.
  func whenClientGoes(_ action: @escaping @Sendable () -> Void) {
    let told = channel.eventLoop.makePromise(of: Void.self)
    told.futureResult.whenFailure { _ in action() }
    channel.triggerUserOutboundEvent(ConnectionGuard.ClientWatch(whenGone: action), promise: told)
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
