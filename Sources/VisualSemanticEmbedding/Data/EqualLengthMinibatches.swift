public import Tensors

/// Minibatches of captions that all have one length, so that none needs padding.
///
/// An epoch permutes the lengths and the captions of each length. Then it goes round the lengths and takes a
/// batch of each in turn, a full one or what is left of that length, passing over lengths that are used up,
/// until all are. So each caption occurs once an epoch.
public struct EqualLengthMinibatches: MinibatchOrder {
  /// The minibatches of an epoch.
  public let batchesPerEpoch: Int
  /// The number of batches taken since the epoch started, or skipped.
  public private(set) var batchesTaken = 0

  /// The rows of each length, the shortest first, in the order of the file.
  private let rowsByLength: [[Int]]
  /// The number of captions of a full batch of each length.
  private let batchSizes: [Int]
  /// The rows of each length in this epoch's order.
  private var permutedRows: [[Int]] = []
  /// This epoch's batches in turn: a position in `permutedRows`, and the first caption there.
  private var schedule: [(group: Int, first: Int)] = []

  /// Creates the batches of the captions with the given lengths; a row of length 0 is in none.
  ///
  /// - Complexity: O(captions).
  public init(lengths: [Int32], size: MinibatchSize) {
    var rows: [Int32: [Int]] = [:]
    for (row, length) in lengths.enumerated() where length > 0 {
      rows[length, default: []].append(row)
    }
    let groups = rows.sorted { $0.key < $1.key }
    rowsByLength = groups.map(\.value)
    batchSizes = groups.map { size.captions(words: Double($0.key)) }
    precondition(batchSizes.allSatisfy { $0 > 0 }, "a minibatch holds at least one caption")
    batchesPerEpoch = zip(rowsByLength, batchSizes).reduce(0) { $0 + ($1.0.count - 1) / $1.1 + 1 }
  }

  /// The same with one size for every length, B.
  public init(lengths: [Int32], batchSize: Int) { self.init(lengths: lengths, size: .captions(batchSize)) }

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
    var round = 0
    while schedule.count < batchesPerEpoch {
      for group in lengthOrder where round * batchSizes[group] < permutedRows[group].count {
        schedule.append((group, round * batchSizes[group]))
      }
      round += 1
    }
    batchesTaken = 0
  }

  /// - Complexity: O(B).
  public mutating func next() -> [Int]? {
    guard batchesTaken < schedule.count else { return nil }
    let (group, first) = schedule[batchesTaken]
    batchesTaken += 1
    let rows = permutedRows[group]
    return Array(rows[first..<first + min(batchSizes[group], rows.count - first)])
  }

  /// - Complexity: O(1).
  public mutating func skip(toBatch count: Int) throws(MinibatchError) {
    guard (0...schedule.count).contains(count) else {
      throw .positionBeyondEpoch(position: count, batchesPerEpoch: schedule.count)
    }
    batchesTaken = count
  }
}
