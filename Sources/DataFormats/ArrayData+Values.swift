extension ArrayData {
  /// The elements in order, which must be of exactly this type; throws when they are of another.
  public func values<Element: ArrayElement>(as type: Element.Type) throws(ArrayDataError) -> [Element] {
    guard elementType == Element.arrayElementType else {
      throw .wrongElementType(expected: Element.arrayElementType, found: elementType)
    }
    return copied(as: Element.self)
  }

  /// The elements in order as float32, rounded to nearest where they are longer.
  ///
  /// Throws when a finite float64 is beyond the range of float32. Infinities and NaN pass through.
  public func float32Values() throws(ArrayDataError) -> [Float] {
    // `map(Float.init)` would take a UInt32 for the bits of a Float.
    switch elementType {
    case .float32: copied(as: Float.self)
    case .float16: widened(HalfPrecision.convertFloat16)
    case .bfloat16: widened(HalfPrecision.convertBFloat16)
    case .float64: try narrowed()
    case .bool: copied(as: UInt8.self).map { $0 == 0 ? 0 : 1 }
    case .int8: copied(as: Int8.self).map { Float($0) }
    case .int16: copied(as: Int16.self).map { Float($0) }
    case .int32: copied(as: Int32.self).map { Float($0) }
    case .int64: copied(as: Int64.self).map { Float($0) }
    case .uint8: copied(as: UInt8.self).map { Float($0) }
    case .uint16: copied(as: UInt16.self).map { Float($0) }
    case .uint32: copied(as: UInt32.self).map { Float($0) }
    case .uint64: copied(as: UInt64.self).map { Float($0) }
    }
  }

  /// The bytes taken as elements of `type`, which must have the size of the element type.
  private func copied<Element: ArrayElement>(as type: Element.Type) -> [Element] {
    // Every pattern of bits is a value of every `ArrayElement`, and the counts agree.
    Array(unsafeUninitializedCapacity: elementCount) { buffer, count in
      withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
      count = elementCount
    }
  }

  private func widened(
    _ convert: (UnsafeRawBufferPointer, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> [Float] {
    Array(unsafeUninitializedCapacity: elementCount) { buffer, count in
      let destination = UnsafeMutableBufferPointer(rebasing: buffer[..<elementCount])
      withUnsafeBytes { convert($0, destination) }
      count = elementCount
    }
  }

  private func narrowed() throws(ArrayDataError) -> [Float] {
    let values = copied(as: Double.self)
    for (index, value) in values.enumerated() where value.isFinite && !Float(value).isFinite {
      throw .beyondFloat32(index: index, value: value)
    }
    return values.map { Float($0) }
  }
}
