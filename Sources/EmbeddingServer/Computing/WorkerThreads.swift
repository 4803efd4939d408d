internal import Foundation
internal import Synchronization

/// Some threads for work that blocks and needs no turn on the computing thread, such as decoding photos.
///
/// Tasks may not block the threads that Swift runs them on, and decoders keep large tables on the stack.
final class WorkerThreads: Sendable {
  private struct Work: Sendable {
    let run: @Sendable () -> Void
    /// Whether somebody still waits for it.
    let isWanted: @Sendable () -> Bool
  }

  private struct State {
    var waiting: [Work] = []
    var isStopped = false
  }

  private let state = Mutex(State())
  private let available = DispatchSemaphore(value: 0)
  private let limit: Int
  private let count: Int
  private let name: String

  /// Starts `count` threads, for which at most `limit` pieces of work may wait.
  ///
  /// - Parameter name: what the work is about, for clients when too much waits.
  /// - Parameter atEnd: called on each thread before it ends.
  init(count: Int, limit: Int, name: String, atEnd: @escaping @Sendable () -> Void = {}) {
    self.limit = limit
    self.count = count
    self.name = name
    for _ in 0..<count {
      let thread = Thread {
        while let work = self.next() {
          if work.isWanted() { work.run() }
        }
        atEnd()
      }
      thread.stackSize = 2 << 20
      thread.start()
    }
  }

  /// Lets the threads end, once they have done what waits.
  func stop() {
    state.withLock { $0.isStopped = true }
    for _ in 0..<count { available.signal() }
  }

  /// Does work on one of the threads.
  ///
  /// - Throws: `APIError.busy` when too much waits, what `work` throws, `CancellationError`.
  func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    let promise = Promise<Value>()
    try state.withLock { state in
      guard !state.isStopped else { throw APIError.stopping }
      if state.waiting.count >= limit { state.waiting.removeAll { !$0.isWanted() } }
      guard state.waiting.count < limit else { throw APIError.busy("too many \(name) wait; try again") }
      state.waiting.append(
        Work(run: { promise.settle(Result { try work() }) }, isWanted: { !promise.isSettled }))
    }
    available.signal()
    return try await promise.value()
  }

  private func next() -> Work? {
    while true {
      available.wait()
      let (work, isStopped) = state.withLock { state in
        (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.isStopped)
      }
      if let work { return work }
      if isStopped { return nil }
    }
  }
}
