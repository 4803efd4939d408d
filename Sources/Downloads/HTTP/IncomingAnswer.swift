/// An answer while it comes, on the thread of its request.
final class IncomingAnswer {
  private let onHead: (AnswerHead) throws(DownloadError) -> Bool
  private let onBody: (UnsafeRawBufferPointer) throws(DownloadError) -> Bool
  private let shouldStop: () -> Bool
  private var reader = AnswerHeadReader()
  private(set) var hasHead = false
  private(set) var isDeclined = false
  private(set) var isStopped = false
  private(set) var error: DownloadError?

  init(
    onHead: @escaping (AnswerHead) throws(DownloadError) -> Bool,
    onBody: @escaping (UnsafeRawBufferPointer) throws(DownloadError) -> Bool,
    shouldStop: @escaping () -> Bool
  ) {
    self.onHead = onHead
    self.onBody = onBody
    self.shouldStop = shouldStop
  }

  static func of(_ context: UnsafeMutableRawPointer) -> IncomingAnswer {
    Unmanaged<IncomingAnswer>.fromOpaque(context).takeUnretainedValue()
  }

  func take(headLine: UnsafeRawBufferPointer) -> Bool {
    // After the head come, at most, the trailers of a body.
    guard !hasHead, let head = reader.read(String(decoding: headLine, as: UTF8.self)) else { return true }
    hasHead = true
    return isWanted { () throws(DownloadError) in try onHead(head) }
  }

  func take(body: UnsafeRawBufferPointer) -> Bool {
    hasHead && isWanted { () throws(DownloadError) in try onBody(body) }
  }

  func mayGoOn() -> Bool {
    isStopped = shouldStop()
    return !isStopped
  }

  /// Whether more is wanted, which it is not after an error: that is kept here, as none may cross C.
  private func isWanted(_ answer: () throws(DownloadError) -> Bool) -> Bool {
    do {
      isDeclined = try !answer()
      return !isDeclined
    } catch {
      self.error = error
      return false
    }
  }
}
