/// The types of array elements that the file formats hold.
public enum ArrayElementType: String, Sendable, CaseIterable {
  /// A byte that is 0 or 1.
  case bool
  /// A signed integer of 8 bits.
  case int8
  /// A signed integer of 16 bits.
  case int16
  /// A signed integer of 32 bits.
  case int32
  /// A signed integer of 64 bits.
  case int64
  /// An unsigned integer of 8 bits.
  case uint8
  /// An unsigned integer of 16 bits.
  case uint16
  /// An unsigned integer of 32 bits.
  case uint32
  /// An unsigned integer of 64 bits.
  case uint64
  /// IEEE 754's binary16.
  case float16
  /// The upper half of a float32.
  case bfloat16
  /// IEEE 754's binary32, a `Float`.
  case float32
  /// IEEE 754's binary64, a `Double`.
  case float64

  /// The size of an element in bytes.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// NumPy's little-endian descriptor (`<f4`), or nil for bfloat16, which NumPy does not have.
  public var numpyDescriptor: String? {
    switch self {
    case .bool: "|b1"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    case .float16: "<f2"
    case .bfloat16: nil
    case .float32: "<f4"
    case .float64: "<f8"
    }
  }

  /// The `dtype` of the safetensors format.
  public var safetensorsName: String {
    switch self {
    case .bool: "BOOL"
    case .int8: "I8"
    case .int16: "I16"
    case .int32: "I32"
    case .int64: "I64"
    case .uint8: "U8"
    case .uint16: "U16"
    case .uint32: "U32"
    case .uint64: "U64"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .float32: "F32"
    case .float64: "F64"
    }
  }

  /// The type with this safetensors name.
  init?(safetensorsName name: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = type
  }

  /// How many elements and bytes an array of this shape has, or nil when a dimension is negative or the sizes
  /// cannot be counted in an Int.
  ///
  /// The dimensions that are not zero must have a countable product even where another is zero, so that no
  /// product of some of the dimensions, such as the bytes of a row, can overflow later.
  func extent(ofShape shape: [Int]) -> (elements: Int, bytes: Int)? {
    var bytes = byteCount
    for dimension in shape where dimension != 0 {
      let product = bytes.multipliedReportingOverflow(by: dimension)
      guard dimension > 0, !product.overflow else { return nil }
      bytes = product.partialValue
    }
    return shape.contains(0) ? (0, 0) : (bytes / byteCount, bytes)
  }
}

/// A Swift number that can be an array element as it is.
public protocol ArrayElement: BitwiseCopyable, Sendable {
  /// The element type with the same bytes.
  static var arrayElementType: ArrayElementType { get }
}

extension Int8: ArrayElement { public static var arrayElementType: ArrayElementType { .int8 } }
extension Int16: ArrayElement { public static var arrayElementType: ArrayElementType { .int16 } }
extension Int32: ArrayElement { public static var arrayElementType: ArrayElementType { .int32 } }
extension Int64: ArrayElement { public static var arrayElementType: ArrayElementType { .int64 } }
extension UInt8: ArrayElement { public static var arrayElementType: ArrayElementType { .uint8 } }
extension UInt16: ArrayElement { public static var arrayElementType: ArrayElementType { .uint16 } }
extension UInt32: ArrayElement { public static var arrayElementType: ArrayElementType { .uint32 } }
extension UInt64: ArrayElement { public static var arrayElementType: ArrayElementType { .uint64 } }
extension Float: ArrayElement { public static var arrayElementType: ArrayElementType { .float32 } }
extension Double: ArrayElement { public static var arrayElementType: ArrayElementType { .float64 } }
