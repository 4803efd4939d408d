/// Decides whether and when a broken download is tried again.
struct RetryCounter {
  /// Another attempt.
  struct Retry: Equatable {
    /// Counted from 1 since the last progress.
    var attempt: Int
    var limit: Int
    var pause: Duration
  }

  private let policy: FetchPolicy
  private var attempts = 0
  /// The most bytes that were here when the count began anew; only going beyond them is progress, starting over
  /// is not.
  private var reached: Int

  init(_ policy: FetchPolicy, bytes: Int) {
    self.policy = policy
    reached = bytes
  }

  /// The next attempt after a failure with so many bytes here; nil when no more is worth it.
  /// - Parameter retryAfter: the pause that the host asks for, in seconds.
  mutating func next(bytes: Int, retryAfter: Int?) -> Retry? {
    if bytes - reached >= policy.progressBytes {
      attempts = 0
      reached = bytes
    }
    guard attempts < policy.pauses.count else { return nil }
    let wish = min(Duration.seconds(retryAfter ?? 0), policy.longestPause)
    let pause = max(policy.pauses[attempts], wish)
    attempts += 1
    return Retry(attempt: attempts, limit: policy.pauses.count, pause: pause)
  }
}
