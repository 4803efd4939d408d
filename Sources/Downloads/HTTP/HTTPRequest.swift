internal import CCurl
internal import DataFormats

/// A request for a file of the web.
///
/// Bytes are handed on as they come and are never gathered, so that a file of any size takes no more memory than
/// a small one, and a slow disk slows the network and nothing else.
struct HTTPRequest {
  /// An address of http or https.
  let address: String
  /// Lines such as "Range: bytes=5-".
  let headers: [String]
  let timeouts: FetchPolicy.Timeouts

  /// How a request ended.
  enum End: Equatable {
    /// The answer came whole, as far as its own framing tells.
    case whole
    /// `onHead` or `onBody` wanted no more.
    case declined
    /// `shouldStop` said so.
    case stopped
    case failed(TransferFailure)
  }

  /// Asks, and blocks until the answer has come whole, fails or is not wanted any more.
  ///
  /// - Parameters:
  ///   - onHead: is called once with the head of the answer, and says whether the body is wanted.
  ///   - onBody: takes the next bytes of the body, and says whether more are wanted.
  ///   - shouldStop: is asked about once a second or more often.
  /// - Throws: what the closures throw.
  func send(
    onHead: @escaping (AnswerHead) throws(DownloadError) -> Bool,
    onBody: @escaping (UnsafeRawBufferPointer) throws(DownloadError) -> Bool,
    shouldStop: @escaping () -> Bool
  ) throws(DownloadError) -> End {
    let answer = IncomingAnswer(onHead: onHead, onBody: onBody, shouldStop: shouldStop)
    let (status, message) = perform(answer)
    if let error = answer.error { throw error }
    if answer.isStopped { return .stopped }
    if answer.isDeclined { return .declined }
    if let failure = TransferFailure(status, message: message) { return .failed(failure) }
    // A head without an end may pass for an answer that has no body.
    return answer.hasHead ? .whole : .failed(.broken)
  }

  /// The door to C. `answer` outlives the call, and libcurl calls back only within it, on this thread.
  private func perform(_ answer: IncomingAnswer) -> (ccurl_status, message: String) {
    withExtendedLifetime(answer) {
      var handlers = ccurl_handlers(
        context: Unmanaged.passUnretained(answer).toOpaque(),
        head_line: { context, bytes, count in
          guard let context, let bytes else { return false }
          let line = UnsafeRawBufferPointer(start: bytes, count: count)
          return IncomingAnswer.of(context).take(headLine: line)
        },
        body: { context, bytes, count in
          guard let context, let bytes else { return false }
          return IncomingAnswer.of(context).take(body: UnsafeRawBufferPointer(start: bytes, count: count))
        },
        wait: { context in
          guard let context else { return false }
          return IncomingAnswer.of(context).mayGoOn()
        })
      var message = [CChar](repeating: 0, count: Int(CCURL_MESSAGE_SIZE))
      let status = address.withCString { address in
        "vse".withCString { agent in
          Self.withCStrings(headers) { headers in
            var request = ccurl_request(
              address: address, user_agent: agent, headers: headers.baseAddress, header_count: headers.count,
              connect_seconds: timeouts.connectSeconds, stall_seconds: timeouts.stallSeconds)
            return ccurl_get(&request, &handlers, &message)
          }
        }
      }
      return (
        status, String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      )
    }
  }

  /// Calls `body` with the strings as C has them, valid only within the call.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    func add(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) -> Result {
      guard index < strings.count else { return pointers.withUnsafeBufferPointer(body) }
      return strings[index].withCString { add(index + 1, pointers + [$0]) }
    }
    return add(0, [])
  }
}
