internal import Foundation
internal import Synchronization

/// The one thread that computes, and those who wait for it.
///
/// It owns the engine, which belongs to one thread as the model does. What waits is taken as soon as the thread is free,
/// all queries together: nobody waits for a batch to fill, and the more wait, the cheaper each of them becomes.
final class ComputeQueue: Sendable {
  private enum Job {
    case query(ServerQuery, Promise<QueryAnswer>)
    case work(@Sendable (ComputeEngine) -> Void)
  }

  private struct State {
    var waiting: [Job] = []
    var isStopped = false
  }

  private let state = Mutex(State())
  private let available = DispatchSemaphore(value: 0)
  private let ended = Promise<Void>()
  private let limits: ServerLimits
  private let metrics: ServerMetrics

  init(limits: ServerLimits, metrics: ServerMetrics) {
    self.limits = limits
    self.metrics = metrics
  }

  /// Starts the thread with the engine that `opening` makes on it, and says what can be known of it elsewhere.
  func start(_ opening: @escaping @Sendable () throws -> ComputeEngine) async throws -> EngineFacts {
    let opened = Promise<EngineFacts>()
    let thread = Thread {
      self.compute(opening, opened: opened)
      self.ended.settle(.success(()))
    }
    thread.stackSize = 8 << 20
    thread.start()
    return try await opened.value()
  }

  /// Ends the thread, once it has done what waits; then the index is closed. Only after `start`.
  func stop() async {
    state.withLock { $0.isStopped = true }
    available.signal()
    try? await ended.value()
  }

  /// How many wait.
  var length: Int { state.withLock { $0.waiting.count } }

  /// The answer to a query.
  ///
  /// - Throws: `APIError.busy` when too many wait.
  func answer(_ query: ServerQuery) async throws -> QueryAnswer {
    let promise = Promise<QueryAnswer>()
    try enqueue(.query(query, promise))
    return try await promise.value()
  }

  /// Does other work on the thread.
  ///
  /// - Throws: `APIError.busy` when too many wait, what `work` throws, `CancellationError`.
  func perform<Value: Sendable>(
    _ work: @escaping @Sendable (ComputeEngine) throws -> Value
  ) async throws -> Value {
    let promise = Promise<Value>()
    try enqueue(
      .work { engine in
        guard !promise.isSettled else { return }
        promise.settle(Result { try work(engine) })
      })
    return try await promise.value()
  }

  private func enqueue(_ job: Job) throws {
    let isTaken = state.withLock { state in
      guard !state.isStopped, state.waiting.count < limits.waitingRequests else { return false }
      state.waiting.append(job)
      return true
    }
    guard isTaken else { throw APIError.busy("too many requests wait; try again") }
    available.signal()
  }

  // The engine goes when this returns, and the index with it.
  private func compute(_ opening: () throws -> ComputeEngine, opened: Promise<EngineFacts>) {
    let engine: ComputeEngine
    do {
      engine = try opening()
    } catch {
      opened.settle(.failure(error))
      return
    }
    opened.settle(.success(engine.facts))
    while let jobs = next() {
      var queries: [(query: ServerQuery, promise: Promise<QueryAnswer>)] = []
      for job in jobs {
        switch job {
        case .work(let work): work(engine)
        case .query(let query, let promise):
          // Whose time is over need not be answered.
          if !promise.isSettled { queries.append((query, promise)) }
        }
      }
      guard !queries.isEmpty else { continue }
      metrics.batch(of: queries.count)
      for (place, answer) in engine.answer(queries.map(\.query)).enumerated() {
        queries[place].promise.settle(answer)
      }
    }
  }

  /// What to do next: some work, or the queries that wait, as many as are answered together; nil at the end.
  private func next() -> [Job]? {
    while true {
      available.wait()
      let (jobs, isStopped) = state.withLock { state in (take(from: &state.waiting), state.isStopped) }
      if !jobs.isEmpty { return jobs }
      if isStopped { return nil }
    }
  }

  private func take(from waiting: inout [Job]) -> [Job] {
    guard let first = waiting.first else { return [] }
    if case .work = first { return [waiting.removeFirst()] }
    var taken: [Job] = []
    waiting.removeAll { job in
      guard case .query = job, taken.count < limits.batchSize else { return false }
      taken.append(job)
      return true
    }
    // Each job has signalled; signals without a job wake the thread for nothing, which is cheap.
    return taken
  }
}
