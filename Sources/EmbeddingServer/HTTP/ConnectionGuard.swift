internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Sees to what Hummingbird leaves open: it tells a request when its client has gone, and ends connections whose client
/// does not read its answer, whose request was answered before its body had come, or which would hold up a server that
/// is to stop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// An outbound event: the request that is being answered wants to know when its client goes.
  struct ClientWatch: Sendable {
    let whenGone: @Sendable () -> Void
  }

  /// How long a client may take to read an answer.
  private let readingTime: TimeAmount
  /// How long a server that is to stop waits for clients that do not send their requests, or do not read their answers.
  private let stoppingTime: TimeAmount
  /// How long a client that still sends is listened to after its answer, which it might not get otherwise: closing with
  /// bytes unread resets the connection.
  private static let lingeringTime = TimeAmount.seconds(1)
  private var isLastAnswer = false
  /// Whether a request's head has come and its end has not.
  private var isReceiving = false
  /// Whether an answer is on its way to the client.
  private var isSending = false
  private var isStopping = false
  private var isGone = false
  private var watch: ClientWatch?

  init(readingTime: TimeAmount, stoppingTime: TimeAmount) {
    self.readingTime = readingTime
    self.stoppingTime = stoppingTime
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: isReceiving = true
    case .body: break
    case .end: isReceiving = false
    }
    context.fireChannelRead(data)
  }

  // A client that has closed its side is gone, as other servers take it too; NIO says so in this way, since it keeps
  // connections that are half closed. Of a body that breaks off its reader knows already.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent, !isReceiving { clientGoes() }
    if event is ChannelShouldQuiesceEvent { stop(context.channel) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    clientGoes()
    context.fireChannelInactive()
  }

  private func clientGoes() {
    isGone = true
    watch?.whenGone()
    watch = nil
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let event = event as? ClientWatch else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    promise?.succeed()
    if isGone { event.whenGone() } else { watch = event }
  }

  /// Ends the connection in a while, unless its request is computed then.
  private func stop(_ channel: any Channel) {
    isStopping = true
    channel.eventLoop.assumeIsolated().scheduleTask(in: stoppingTime) {
      if self.isReceiving || self.isSending { channel.close(promise: nil) }
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      if head.status.kind != .informational {
        isLastAnswer = head.headerFields[.connection] == "close"
        isSending = true
        watch = nil
      }
      context.write(data, promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      let written = promise ?? context.eventLoop.makePromise()
      let channel = context.channel
      let deadline = channel.eventLoop.scheduleTask(in: isStopping ? stoppingTime : readingTime) {
        channel.close(promise: nil)
      }
      let isLast = isLastAnswer
      written.futureResult.assumeIsolated().whenComplete { _ in
        deadline.cancel()
        self.isSending = false
        guard isLast else { return }
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.scheduleTask(in: Self.lingeringTime) { channel.close(promise: nil) }
      }
      context.write(data, promise: written)
    }
  }
}
