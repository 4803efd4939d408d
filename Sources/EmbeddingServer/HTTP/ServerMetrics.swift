internal import Foundation
internal import Synchronization

/// What the server has done, as Prometheus reads it.
final class ServerMetrics: Sendable {
  private struct RequestKey: Hashable {
    let method, route: String
    let status: Int
  }

  private struct Histogram {
    var counts: [Int]
    var sum = 0.0

    init(bounds: [Double]) { counts = [Int](repeating: 0, count: bounds.count + 1) }

    mutating func add(_ value: Double, bounds: [Double]) {
      counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
      sum += value
    }
  }

  private struct State {
    var requests: [RequestKey: Int] = [:]
    var seconds: [String: Histogram] = [:]
    var batches = Histogram(bounds: ServerMetrics.batchBounds)
  }

  private static let secondsBounds = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]
  private static let batchBounds = [1.0, 2, 4, 8, 16, 32, 64, 128, 256]

  private let state = Mutex(State())

  /// Notes a request that was answered; `route` is a path with its parameters unfilled, of which there are few.
  func answered(method: String, route: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.requests[RequestKey(method: method, route: route, status: status), default: 0] += 1
      state.seconds[route, default: Histogram(bounds: Self.secondsBounds)]
        .add(seconds, bounds: Self.secondsBounds)
    }
  }

  /// Notes queries that were answered together.
  func batch(of count: Int) {
    state.withLock { $0.batches.add(Double(count), bounds: Self.batchBounds) }
  }

  /// The text that Prometheus reads; `gauges` are what is so now, by their names.
  func text(gauges: [(name: String, help: String, value: Int)]) -> String {
    let state = state.withLock { $0 }
    var lines = [
      "# HELP vse_requests_total Requests that were answered.", "# TYPE vse_requests_total counter",
    ]
    lines += state.requests.map { key, count in
      "vse_requests_total{method=\"\(key.method)\",route=\"\(key.route)\",status=\"\(key.status)\"} \(count)"
    }.sorted()
    lines += [
      "# HELP vse_request_duration_seconds Time from a request's head to its answer.",
      "# TYPE vse_request_duration_seconds histogram",
    ]
    for (route, histogram) in state.seconds.sorted(by: { $0.key < $1.key }) {
      lines += Self.lines(
        "vse_request_duration_seconds", label: "route=\"\(route)\"", histogram, bounds: Self.secondsBounds)
    }
    lines += [
      "# HELP vse_batch_queries Queries and parts of embeddings that were answered together.",
      "# TYPE vse_batch_queries histogram",
    ]
    lines += Self.lines("vse_batch_queries", label: nil, state.batches, bounds: Self.batchBounds)
    for gauge in gauges {
      lines += [
        "# HELP \(gauge.name) \(gauge.help)", "# TYPE \(gauge.name) gauge", "\(gauge.name) \(gauge.value)",
      ]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(
    _ name: String, label: String?, _ histogram: Histogram, bounds: [Double]
  ) -> [String] {
    var total = 0
    let prefix = label.map { $0 + "," } ?? ""
    var lines = zip(bounds.map { "\($0)" } + ["+Inf"], histogram.counts).map { bound, count in
      total += count
      return "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)"
    }
    let labels = label.map { "{\($0)}" } ?? ""
    lines += ["\(name)_sum\(labels) \(histogram.sum)", "\(name)_count\(labels) \(total)"]
    return lines
  }
}
