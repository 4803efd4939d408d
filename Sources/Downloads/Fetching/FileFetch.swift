internal import DataFormats

/// Fetches one file from one address into a partial file: goes on where the last run has stopped, follows
/// redirects, and tries again where a connection breaks.
final class FileFetch {
  let origin: DownloadOrigin
  let address: String
  let content: PublishedContent
  let partial: PartialFile
  /// How many times the bytes of the file must fit on the disk: an archive gives at least its own size.
  let copies: Int
  let policy: FetchPolicy
  let monitor: DownloadMonitor

  private var retries: RetryCounter
  /// Whether a host has answered in this run.
  var hasAnswered = false
  /// What the answer that is coming is good for.
  var verdict = Verdict.receiving
  /// The first bytes of the file, until there are enough to tell what it is.
  var leading: [UInt8]?
  var lastCheckpoint = ContinuousClock.now

  enum Verdict {
    case receiving
    /// Everything is here already.
    case complete
    case redirected(to: String)
    case failed(Failure)
  }

  /// Why an attempt failed that may succeed another time.
  enum Failure {
    case transfer(TransferFailure)
    case status(Int, retryAfter: Int?)
    case inconsistentParts

    /// The pause that the host asks for, in seconds.
    var retryAfter: Int? {
      if case .status(_, let seconds) = self { seconds } else { nil }
    }

    /// In a few words.
    var reason: String {
      switch self {
      case .transfer(.unknownHost): "the host cannot be found"
      case .transfer(.noConnection): "the host takes no connection"
      case .transfer(.timedOut): "the host has fallen silent"
      case .transfer(.other(let message)): quoted(message, limit: 200)
      case .transfer: "the connection broke"
      case .status(let status, _): "the host answers HTTP \(status)"
      case .inconsistentParts: "the host sent a part that does not fit, so all is fetched anew"
      }
    }
  }

  init(
    origin: DownloadOrigin, address: String, content: PublishedContent, partial: PartialFile, copies: Int,
    policy: FetchPolicy, monitor: DownloadMonitor
  ) {
    self.origin = origin
    self.address = address
    self.content = content
    self.partial = partial
    self.copies = copies
    self.policy = policy
    self.monitor = monitor
    retries = RetryCounter(policy, bytes: partial.count)
  }

  /// Blocks until the file is whole.
  ///
  /// - Throws: `DownloadError`; what came until then is kept.
  func run() throws(DownloadError) {
    do throws(DownloadError) {
      while !isComplete {
        if let failure = try attempt() { try pause(after: failure) }
      }
      try partial.markComplete()
    } catch {
      if partial.count == 0 {
        partial.remove()
      } else {
        // On a disk that is full this fails, and what was kept before stays.
        try? partial.checkpoint()
      }
      throw error
    }
  }

  private var isComplete: Bool {
    if case .complete = verdict { return true }
    return partial.record.isComplete || partial.count > 0 && partial.count == partial.record.total
  }

  /// Makes a request and follows its redirects.
  /// - Returns: why it failed, or nil when there is nothing to mend.
  private func attempt() throws(DownloadError) -> Failure? {
    var place = address
    for _ in 0...policy.redirects {
      verdict = .receiving
      switch try request(place).send(
        onHead: accept, onBody: receive, shouldStop: monitor.shouldStop)
      {
      case .stopped: throw .interrupted(kept: partial.count)
      case .failed(let failure): return .transfer(failure)
      case .declined, .whole: break
      }
      switch verdict {
      case .redirected(let location):
        place = try target(of: Redirect(to: location, from: place), location)
        monitor.report(.redirected(address: DownloadOrigin.withoutPassword(place)))
      case .failed(let failure): return failure
      case .complete: return nil
      case .receiving: return finish()
      }
    }
    throw .tooManyRedirects(origin)
  }

  private func target(of redirect: Redirect, _ location: String) throws(DownloadError) -> String {
    switch redirect {
    case .web(let address): return address
    case .insecure(let address): throw .insecureRedirect(origin, location: address)
    case .nowhere: throw .badRedirect(origin, location: location)
    }
  }

  private func request(_ place: String) -> HTTPRequest {
    var headers = ["Accept-Encoding: identity"]
    if partial.count > 0, partial.record.address == address, let validator = partial.record.validator {
      headers += ["Range: bytes=\(partial.count)-", "If-Range: \(validator)"]
    }
    return HTTPRequest(address: place, headers: headers, timeouts: policy.timeouts)
  }

  /// The answer has come whole, which the file need not have.
  private func finish() -> Failure? {
    if let total = partial.record.total, partial.count != total { return .transfer(.broken) }
    verdict = .complete
    return nil
  }

  /// Waits before another attempt.
  /// - Throws: what the failure means when another attempt is in vain.
  private func pause(after failure: Failure) throws(DownloadError) {
    try partial.checkpoint()
    lastCheckpoint = .now
    if case .transfer(let failure) = failure, !(hasAnswered ? failure.mayPass : failure.mayPassAtOnce) {
      throw .transfer(origin, failure, kept: partial.count)
    }
    guard let retry = retries.next(bytes: partial.count, retryAfter: failure.retryAfter) else {
      throw error(failure)
    }
    monitor.report(
      .retrying(reason: failure.reason, attempt: retry.attempt, limit: retry.limit, pause: retry.pause))
    guard monitor.wait(retry.pause) else { throw .interrupted(kept: partial.count) }
  }

  private func error(_ failure: Failure) -> DownloadError {
    switch failure {
    case .transfer(let failure): .transfer(origin, failure, kept: partial.count)
    case .status(let status, _): .hostFailed(origin, status: status, kept: partial.count)
    case .inconsistentParts: .inconsistentParts(origin)
    }
  }
}
