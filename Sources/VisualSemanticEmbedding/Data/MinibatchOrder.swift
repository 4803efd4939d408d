public import Tensors

/// The minibatches of training, epoch after epoch, as rows of captions.
///
/// An epoch depends only on the random state at its start: to go on in the middle of one, restore that state,
/// start the epoch and `skip(toBatch:)`.
public protocol MinibatchOrder: Sendable {
  /// The number of batches of an epoch; every epoch has as many.
  var batchesPerEpoch: Int { get }

  /// Starts an epoch, in a new order.
  mutating func startEpoch(using generator: inout SeededRandomNumberGenerator)

  /// The caption rows of the next batch, or `nil` when the epoch is over or none was started.
  mutating func next() -> [Int]?

  /// Goes on in the started epoch as if `count` batches of it had been taken.
  ///
  /// Throws `MinibatchError` when the epoch has not so many.
  mutating func skip(toBatch count: Int) throws(MinibatchError)
}

/// How many captions a minibatch holds.
public enum MinibatchSize: Sendable, Equatable {
  /// So many.
  case captions(Int)
  /// As many as have so many tokens, those that wrap a caption counted, but two at least: one has no contrast.
  case tokens(Int, wrapping: Int)

  /// The captions of a full batch when each has so many words.
  public func captions(words: Double) -> Int {
    switch self {
    case .captions(let count): count
    case .tokens(let count, let wrapping): max(2, Int(Double(count) / (words + Double(wrapping))))
    }
  }
}
