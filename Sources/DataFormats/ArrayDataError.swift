public import Foundation

/// Why bytes cannot be taken for an array, or an array's elements for numbers of another type.
public enum ArrayDataError: Error, Equatable, Sendable {
  /// A dimension is negative, or the size exceeds what can be counted.
  case impossibleShape([Int])
  /// The shape and the element type need another number of bytes than there are.
  case wrongByteCount(expected: Int, found: Int)
  /// The elements are of another type than was asked for.
  case wrongElementType(expected: ArrayElementType, found: ArrayElementType)
  /// A finite float64 element is beyond the range of float32.
  case beyondFloat32(index: Int, value: Double)
}

extension ArrayDataError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .impossibleShape(let shape): "no array can have the shape \(described(shape)); check what wrote it"
    case .wrongByteCount(let expected, let found):
      "the array needs \(expected) bytes and has \(found); check its shape and element type"
    case .wrongElementType(let expected, let found):
      "the array holds \(found.rawValue) where \(expected.rawValue) is needed; convert it and save it again"
    case .beyondFloat32(let index, let value):
      "element \(index) of the array, \(value), is beyond the range of float32; scale the array"
    }
  }
}
