public import Tensors

/// Minibatches of captions that all have one length, so that none needs padding.
///
/// An epoch permutes the lengths and the captions of each length. Then it goes round the lengths and takes a
/// batch of each in turn, `batchSize` captions or what is left of that length, passing over lengths that are
/// used up, until all are. So each caption occurs once an epoch.
///
/// An epoch depends only on the random state at its start: to go on in the middle of one, restore that state,
/// start the epoch and `skip(toBatch:)`.
public struct EqualLengthMinibatches: Sendable {
  /// The number of captions of a full batch, B.
  public let batchSize: Int
  /// The number of batches of an epoch.
  public let batchesPerEpoch: Int
  /// The number of batches taken since the epoch started, or skipped.
  public private(set) var batchesTaken = 0

  /// The rows of each length, the shortest first, in the order of the file.
  private let rowsByLength: [[Int]]
  /// The rows of each length in this epoch's order.
  private var permutedRows: [[Int]] = []
  /// This epoch's batches in turn: a position in `permutedRows`, and the first caption there.
  private var schedule: [(group: Int, first: Int)] = []

  /// Creates the batches of the captions with the given lengths; a row of length 0 is in none.
  ///
  /// - Complexity: O(captions).
  public init(lengths: [Int32], batchSize: Int) {
    precondition(batchSize > 0, "a minibatch holds at least one caption")
    var rows: [Int32: [Int]] = [:]
    for (row, length) in lengths.enumerated() where length > 0 {
      rows[length, default: []].append(row)
    }
    self.batchSize = batchSize
    rowsByLength = rows.sorted { $0.key < $1.key }.map(\.value)
    batchesPerEpoch = rowsByLength.reduce(0) { $0 + ($1.count - 1) / batchSize + 1 }
  }

  /// Starts an epoch: permutes the lengths, then the captions of each length, the shortest first.
  ///
  /// - Complexity: O(captions).
  public mutating func startEpoch(using generator: inout SeededRandomNumberGenerator) {
    let lengthOrder = generator.permutation(of: rowsByLength.count)
    permutedRows = rowsByLength
    for group in permutedRows.indices {
      generator.shuffle(&permutedRows[group])
    }

    schedule.removeAll(keepingCapacity: true)
    var first = 0
    while schedule.count < batchesPerEpoch {
      for group in lengthOrder where first < permutedRows[group].count {
        schedule.append((group, first))
      }
      first += batchSize
    }
    batchesTaken = 0
  }

  /// The caption rows of the next batch, or `nil` when the epoch is over or none was started.
  ///
  /// - Complexity: O(`batchSize`).
  public mutating func next() -> [Int]? {
    guard batchesTaken < schedule.count else { return nil }
    let (group, first) = schedule[batchesTaken]
    batchesTaken += 1
    let rows = permutedRows[group]
    return Array(rows[first..<first + min(batchSize, rows.count - first)])
  }

  /// Goes on in the started epoch as if `count` batches of it had been taken.
  ///
  /// Throws `MinibatchError` when the epoch has not so many.
  ///
  /// - Complexity: O(1).
  public mutating func skip(toBatch count: Int) throws(MinibatchError) {
    guard (0...schedule.count).contains(count) else {
      throw .positionBeyondEpoch(position: count, batchesPerEpoch: schedule.count)
    }
    batchesTaken = count
  }
}
