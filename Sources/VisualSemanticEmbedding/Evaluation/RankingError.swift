public import Foundation

/// Why vectors could not be ranked.
public enum RankingError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// A vector has a number that is not finite.
  case notFinite(vectors: String, row: Int)
  /// Scores are too large for what a correction for hubness computes.
  case scoresOverflow
  /// There is no image, or no caption.
  case nothingToRank

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .notFinite(let vectors, let row):
      "\(vectors) vector \(row) has a NaN or an infinite number: the model or its input is broken, "
        + "so there is no score to give"
    case .scoresOverflow:
      "products of vectors are too large for float32, so they cannot be corrected for hubness; scale the vectors "
        + "to unit norm"
    case .nothingToRank: "there is no image with a caption to rank"
    }
  }
}
