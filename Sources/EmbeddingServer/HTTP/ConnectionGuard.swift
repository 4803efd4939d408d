internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Ends connections that Hummingbird would keep: those whose client does not read its answer, and those whose request
/// was answered before its body had come. And tells clients that ask to go on.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// How long a client may take to read an answer.
  private let readingTime: TimeAmount
  /// How long a client that still sends is listened to after its answer, which it might not get otherwise: closing with
  /// bytes unread resets the connection.
  private static let lingeringTime = TimeAmount.seconds(1)
  private var isLastAnswer = false

  init(readingTime: TimeAmount) { self.readingTime = readingTime }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Who waits to be told to go on, as curl does with a photo, need not wait for the second after which it would.
    if case .head(let head) = unwrapInboundIn(data),
      head.headerFields[.expect]?.lowercased() == "100-continue"
    {
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      if head.status.kind != .informational { isLastAnswer = head.headerFields[.connection] == "close" }
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      let written = promise ?? context.eventLoop.makePromise()
      let channel = context.channel
      let deadline = channel.eventLoop.scheduleTask(in: readingTime) { channel.close(promise: nil) }
      let isLast = isLastAnswer
      written.futureResult.whenComplete { _ in
        deadline.cancel()
        guard isLast else { return }
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.scheduleTask(in: Self.lingeringTime) { channel.close(promise: nil) }
      }
      context.write(data, promise: written)
    }
  }
}
