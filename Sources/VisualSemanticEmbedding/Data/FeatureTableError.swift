public import DataFormats
public import Foundation

/// Why a .npy file cannot serve as image features.
public enum FeatureTableError: Error, Equatable, Sendable {
  /// The file cannot be read as an array; big-endian and Fortran order are among the reasons.
  case array(NumpyError)
  /// The elements are neither float16 nor float32.
  case wrongElementType(path: String, found: ArrayElementType)
  /// The array does not have two dimensions, a row an image or caption.
  case wrongShape(path: String, shape: [Int])
  /// The rows are empty.
  case noColumns(path: String, rowCount: Int)
  /// The rows cannot be those of images with so many crops each.
  case rowsAreNoMultiple(path: String, rowCount: Int, crops: Int)
  /// An element is NaN or infinite; the row is that of the file.
  case notFinite(path: String, row: Int, column: Int, value: String)
}

extension FeatureTableError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .array(let error): error.description
    case .wrongElementType(let path, let found):
      "\(quoted(path)) holds \(found.rawValue), expected float32 or float16; convert it: "
        + "numpy.save(path, numpy.load(path).astype('float32'))"
    case .wrongShape(let path, let shape):
      "\(quoted(path)) has \(shape.count) dimensions, expected 2, a row of features for each image or caption; "
        + "reshape it: numpy.save(path, a.reshape(len(a), -1))"
    case .noColumns(let path, let rowCount):
      "\(quoted(path)) has \(rowCount) rows of 0 columns, expected features; make the file again"
    case .rowsAreNoMultiple(let path, let rowCount, let crops):
      "\(quoted(path)) has \(rowCount) rows, no multiple of \(crops) crops an image; give the --crops that the "
        + "features were made with"
    case .notFinite(let path, let row, let column, let value):
      "\(quoted(path)), row \(row), column \(column): \(value) is no feature, expected a finite number; "
        + "compute this row's features again"
    }
  }
}
