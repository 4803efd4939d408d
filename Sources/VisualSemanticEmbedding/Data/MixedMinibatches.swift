public import Tensors

/// Minibatches of captions of any lengths, drawn from all that an epoch has left: each caption once an epoch.
///
/// Sizes differ by one at most, so that no small batch is left at the end, where pairs would have little to be
/// told apart from.
public struct MixedMinibatches: MinibatchOrder {
  /// The minibatches of an epoch.
  public let batchesPerEpoch: Int
  /// The number of batches taken since the epoch started, or skipped.
  public private(set) var batchesTaken = 0

  /// The rows with a caption, in the order of the file.
  private let rows: [Int]
  /// The same in this epoch's order; empty before the first.
  private var permutedRows: [Int] = []

  /// Creates the batches of the captions with the given lengths; a row of length 0 is in none. A size in tokens
  /// is that of captions of the mean length.
  ///
  /// - Complexity: O(captions).
  public init(lengths: [Int32], size: MinibatchSize) {
    rows = lengths.indices.filter { lengths[$0] > 0 }
    let words = lengths.reduce(0.0) { $0 + Double(max($1, 0)) } / Double(max(rows.count, 1))
    let captions = size.captions(words: words)
    precondition(captions > 0, "a minibatch holds at least one caption")
    batchesPerEpoch = (rows.count + captions - 1) / captions
  }

  /// Draws the order of the captions anew.
  public mutating func startEpoch(using generator: inout SeededRandomNumberGenerator) {
    permutedRows = rows
    generator.shuffle(&permutedRows)
    batchesTaken = 0
  }

  /// The caption rows of the next minibatch; nil at the end of the epoch.
  public mutating func next() -> [Int]? {
    guard batchesTaken < batchesPerEpoch, !permutedRows.isEmpty else { return nil }
    let range = start(ofBatch: batchesTaken)..<start(ofBatch: batchesTaken + 1)
    batchesTaken += 1
    return Array(permutedRows[range])
  }

  private func start(ofBatch batch: Int) -> Int { rows.count * batch / batchesPerEpoch }

  /// Leaves out minibatches that an earlier run has taken; throws where the epoch has fewer.
  public mutating func skip(toBatch count: Int) throws(MinibatchError) {
    let batches = permutedRows.isEmpty ? 0 : batchesPerEpoch
    guard (0...batches).contains(count) else {
      throw .positionBeyondEpoch(position: count, batchesPerEpoch: batches)
    }
    batchesTaken = count
  }
}
