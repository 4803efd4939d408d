internal import Foundation
internal import NIOCore
internal import Synchronization

/// A bucket for each client, from which every request takes one and which fills at a steady rate.
package final class RateLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    var time: ContinuousClock.Instant
  }

  private let rate: Double
  private let capacity: Double
  private let buckets = Mutex<[String: Bucket]>([:])
  /// So many clients are known at a time; beyond, those with full buckets are forgotten first.
  private let mostClients: Int

  /// - Parameter rate: requests a second; twice as many may come at once.
  package init(rate: Double, mostClients: Int = 10_000) {
    self.rate = rate
    capacity = max(1, 2 * rate)
    self.mostClients = mostClients
  }

  /// Takes one from a client's bucket; where it is empty, the seconds until it is not.
  package func wait(for client: String, at now: ContinuousClock.Instant = .now) -> Double? {
    buckets.withLock { buckets in
      if buckets[client] == nil, buckets.count >= mostClients { forget(&buckets, now: now) }
      var bucket = buckets[client] ?? Bucket(tokens: capacity, time: now)
      bucket.tokens = filled(bucket, at: now)
      bucket.time = now
      defer { buckets[client] = bucket }
      guard bucket.tokens < 1 else {
        bucket.tokens -= 1
        return nil
      }
      return (1 - bucket.tokens) / rate
    }
  }

  private func filled(_ bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
    min(capacity, bucket.tokens + max(0, (now - bucket.time) / .seconds(1)) * rate)
  }

  private func forget(_ buckets: inout [String: Bucket], now: ContinuousClock.Instant) {
    buckets = buckets.filter { filled($0.value, at: now) < capacity }
    // Many clients at once, none of them idle: all begin anew, which is kinder than to refuse them.
    if buckets.count >= mostClients { buckets = [:] }
  }

  /// What counts as one client: an address, or of IPv6 a network, as one client has a whole one.
  static func client(_ address: SocketAddress?) -> String {
    guard let address, let text = address.ipAddress else { return "" }
    guard case .v6(let v6) = address else { return text }
    return withUnsafeBytes(of: v6.address.sin6_addr) { bytes in
      bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }
  }
}
