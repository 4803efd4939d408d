public import Foundation

/// Why training cannot go on at a position in the data.
public enum MinibatchError: Error, Equatable, Sendable {
  /// The epoch has fewer batches.
  case positionBeyondEpoch(position: Int, batchesPerEpoch: Int)
}

extension MinibatchError: CustomStringConvertible, LocalizedError {
  /// The same message as `description`.
  public var errorDescription: String? { description }

  /// What is wrong, where, and what to do, in one line.
  public var description: String {
    switch self {
    case .positionBeyondEpoch(let position, let batchesPerEpoch):
      "cannot go on after batch \(position) of an epoch of \(batchesPerEpoch); resume with the captions and "
        + "the batch size that the training began with"
    }
  }
}
