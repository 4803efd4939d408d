internal import DataFormats
public import Foundation

/// Why a split cannot be scored as asked.
public enum EvaluationError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// There are fewer images than folds, or none.
  case tooManyFolds(folds: Int, images: Int)
  /// A vector of the model is not finite.
  case notFinite(path: String, row: Int)
  /// Scores that are to be compared are of different images or captions.
  case splitsDiffer(first: String, second: String)

  public var errorDescription: String? { description }
  public var description: String {
    switch self {
    case .tooManyFolds(let folds, let images):
      "\(images) images cannot be scored in \(folds) folds; --folds must be from 1 to the number of images"
    case .notFinite(let path, let row):
      "\(quoted(path)), row \(row): its vector is NaN or infinite; the model is broken, or numbers of the "
        + "features are too large: scale them"
    case .splitsDiffer(let first, let second):
      "the models were scored on different sets, \(first) and \(second); give all the same --crops"
    }
  }
}
