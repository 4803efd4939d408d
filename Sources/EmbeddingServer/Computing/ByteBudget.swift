internal import Synchronization

/// How many bytes all requests that are under way may hold together: bodies that are being received or wait to be
/// decoded, and decoded photos that wait for the network.
final class ByteBudget: Sendable {
  private let limit: Int
  private let taken = Atomic(0)

  init(limit: Int) { self.limit = limit }

  /// The bytes that are held now.
  var held: Int { taken.load(ordering: .relaxed) }

  /// A part of the budget, which grows with what is added and is given back when the object goes: kept beside the bytes
  /// that it counts.
  final class Part: Sendable {
    private let budget: ByteBudget
    private let bytes = Atomic(0)

    fileprivate init(of budget: ByteBudget) { self.budget = budget }

    /// - Throws: `APIError.busy` when others have them.
    func add(_ count: Int) throws {
      bytes.add(count, ordering: .relaxed)
      guard budget.taken.add(count, ordering: .relaxed).newValue <= budget.limit else {
        throw APIError.busy("the server holds as many photos and requests as it may; try again")
      }
    }

    deinit { budget.taken.subtract(bytes.load(ordering: .relaxed), ordering: .relaxed) }
  }

  /// A part that is empty yet.
  func part() -> Part { Part(of: self) }
}
