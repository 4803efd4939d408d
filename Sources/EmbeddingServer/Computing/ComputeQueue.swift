internal import Foundation
internal import Retrieval
internal import Synchronization

/// The one thread that computes, and those who wait for it.
///
/// It owns the engine, which belongs to one thread as the model does. What waits is taken as soon as the thread is free,
/// all queries and sentences together: nobody waits for a batch to fill, and the more wait, the cheaper each of them
/// becomes. Whose client has gone, or whose time is over, is passed over.
final class ComputeQueue: Sendable {
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
    // In a task of its own, as a task that is cancelled waits for nothing: the thread has ended when this returns.
    _ = await Task { [ended] in try await ended.value() }.result
  }

  /// How many wait.
  var length: Int { state.withLock { $0.waiting.count } }

  /// The answer to a query.
  ///
  /// - Throws: `APIError.busy` when too many wait, `CancellationError`.
  func answer(_ query: ServerQuery) async throws -> SearchResult {
    let promise = Promise<SearchResult>()
    try enqueue(.query(query, promise))
    return try await promise.value()
  }

  /// The vectors of sentences, in their order.
  ///
  /// - Throws: `APIError.busy` when too many wait, `QueryError`, `CancellationError`.
  func embed(_ sentences: [String]) async throws -> [SentenceVector] {
    let promise = Promise<[SentenceVector]>()
    try enqueue(.sentences(sentences, promise))
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
      .work({ engine in promise.settle(Result { try work(engine) }) }, isWanted: { !promise.isSettled }))
    return try await promise.value()
  }

  private func enqueue(_ job: Job) throws {
    try state.withLock { state in
      guard !state.isStopped else { throw APIError.stopping }
      if state.waiting.count >= limits.waitingRequests { state.waiting.removeAll { !$0.isWanted } }
      guard state.waiting.count < limits.waitingRequests else {
        throw APIError.busy("too many requests wait; try again")
      }
      state.waiting.append(job)
    }
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
      if case .work(let work, _) = jobs.first {
        work(engine)
      } else {
        metrics.batch(of: jobs.count)
        Self.answer(jobs, with: engine)
      }
    }
  }

  private static func answer(_ jobs: [Job], with engine: ComputeEngine) {
    engine.encode(jobs.flatMap(\.texts))
    var queries: [(query: ServerQuery, promise: Promise<SearchResult>)] = []
    for job in jobs {
      switch job {
      case .query(let query, let promise): queries.append((query, promise))
      case .sentences(let sentences, let promise):
        promise.settle(Result { try sentences.map { try engine.vector(of: $0) } })
      case .work: break
      }
    }
    for (query, answer) in zip(queries, engine.answer(queries.map(\.query))) { query.promise.settle(answer) }
  }

  /// What to do next: some work, or the queries and sentences that wait, as many as are answered together; nil at the
  /// end.
  private func next() -> [Job]? {
    while true {
      available.wait()
      let (jobs, isStopped) = state.withLock { state in (take(from: &state.waiting), state.isStopped) }
      if !jobs.isEmpty { return jobs }
      if isStopped { return nil }
    }
  }

  /// So many sentences are encoded side by side at most, unless one request has more.
  private static let textsAtOnce = 1024

  private func take(from waiting: inout [Job]) -> [Job] {
    waiting.removeAll { !$0.isWanted }
    guard let first = waiting.first else { return [] }
    if case .work = first { return [waiting.removeFirst()] }
    var taken: [Job] = []
    var texts = 0
    waiting.removeAll { job in
      if case .work = job { return false }
      // No more sentences at once than a pass of some tenths of a second, which the cache holds with ease.
      guard taken.count < limits.batchSize,
        taken.isEmpty || texts + job.texts.count <= Self.textsAtOnce
      else { return false }
      texts += job.texts.count
      taken.append(job)
      return true
    }
    // Each job has signalled; signals without a job wake the thread for nothing, which is cheap.
    return taken
  }
}

/// What waits for the thread.
private enum Job: Sendable {
  case query(ServerQuery, Promise<SearchResult>)
  case sentences([String], Promise<[SentenceVector]>)
  case work(@Sendable (ComputeEngine) -> Void, isWanted: @Sendable () -> Bool)

  /// Whether somebody still waits for it.
  var isWanted: Bool {
    switch self {
    case .query(_, let promise): !promise.isSettled
    case .sentences(_, let promise): !promise.isSettled
    case .work(_, let isWanted): isWanted()
    }
  }

  /// The sentences that have to be encoded for it.
  var texts: [String] {
    switch self {
    case .query(let query, _): query.texts
    case .sentences(let sentences, _): sentences
    case .work: []
    }
  }
}
