internal import Foundation

/// The caller's two closures: what it wants to know, and whether it wants to go on.
struct DownloadMonitor {
  let shouldStop: () -> Bool
  let report: (DownloadEvent) -> Void

  /// Waits; returns false at once when the work is to stop.
  func wait(_ pause: Duration) -> Bool {
    let end = ContinuousClock.now + pause
    while !shouldStop() {
      let rest = end - .now
      guard rest > .zero else { return true }
      usleep(UInt32(min(rest, .milliseconds(100)) / .microseconds(1)))
    }
    return false
  }

  /// - Throws: `DownloadError.interrupted` when the work is to stop.
  func check(kept: Int) throws(DownloadError) {
    if shouldStop() { throw .interrupted(kept: kept) }
  }
}
