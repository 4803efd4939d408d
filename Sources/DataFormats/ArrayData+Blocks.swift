extension ArrayData {
  /// Calls `body` with the elements at `range`, in order, as float32 (rounded where they are float64), without
  /// touching the others; nil when the elements are no floating-point numbers.
  ///
  /// For arrays that need not fit in memory. A float64 beyond the range of float32 becomes infinite.
  public func float32Block(_ range: Range<Int>) -> [Float]? {
    precondition(range.lowerBound >= 0 && range.upperBound <= elementCount, "elements out of range")
    guard [.float16, .bfloat16, .float32, .float64].contains(elementType) else { return nil }
    let size = elementType.byteCount
    return withUnsafeBytes { bytes in
      // No product overflows, as all are at most the size of the array.
      let block = UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound * size..<range.upperBound * size])
      return [Float](unsafeUninitializedCapacity: range.count) { buffer, count in
        let destination = UnsafeMutableBufferPointer(rebasing: buffer[..<range.count])
        switch elementType {
        case .float16: HalfPrecision.convertFloat16(block, into: destination)
        case .bfloat16: HalfPrecision.convertBFloat16(block, into: destination)
        case .float32: UnsafeMutableRawBufferPointer(destination).copyMemory(from: block)
        default:
          for index in 0..<range.count {
            destination[index] = Float(block.loadUnaligned(fromByteOffset: 8 &* index, as: Double.self))
          }
        }
        count = range.count
      }
    }
  }
}
