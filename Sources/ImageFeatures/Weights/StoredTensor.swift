internal import DataFormats

/// A tensor in a file of weights; its numbers are not touched before they are asked for.
enum StoredTensor {
  case plain(ArrayData)
  case strided(StridedArray)

  var shape: [Int] {
    switch self {
    case .plain(let array): array.shape
    case .strided(let array): array.shape
    }
  }

  var elementType: ArrayElementType {
    switch self {
    case .plain(let array): array.elementType
    case .strided(let array): array.elementType
    }
  }

  /// The numbers in order as float32: mapped where the file has them so. Nil when one is not finite.
  func float32() -> ArrayData? {
    let array =
      switch self {
      case .plain(let array): array
      case .strided(let array): array.contiguous()
      }
    if array.elementType == .float32 { return array.isFinite ? array : nil }
    guard let values = try? array.float32Values() else { return nil }
    let converted = ArrayData(values, shape: array.shape)
    return converted.isFinite ? converted : nil
  }
}

extension ArrayData {
  /// Whether no number of a float32 array is infinite or NaN: those have all bits of the exponent set.
  fileprivate var isFinite: Bool {
    withUnsafeBytes { bytes in
      var special: UInt32 = 0
      for index in 0..<bytes.count / 4 {
        let bits = bytes.loadUnaligned(fromByteOffset: 4 &* index, as: UInt32.self)
        special |= (bits & 0x7F80_0000) &+ 0x0080_0000
      }
      // The sum carries into the sign bit for those alone.
      return special & 0x8000_0000 == 0
    }
  }
}
