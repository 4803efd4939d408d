extension NumpyHeader {
  /// The bytes of a header of version 1.0 for `array`, so long that the elements begin at a multiple of 64.
  ///
  /// Throws for what NumPy does not have: bfloat16, and more than 64 dimensions.
  static func bytes(for array: ArrayData, path: String) throws(NumpyError) -> [UInt8] {
    guard let descriptor = array.elementType.numpyDescriptor else {
      throw .noDescriptor(path: path, elementType: array.elementType)
    }
    guard array.shape.count <= dimensionLimit else {
      throw .impossibleShape(path: path, shape: array.shape)
    }
    return bytes(descriptor: descriptor, shape: array.shape)
  }

  /// The same for a known descriptor and a shape of at most 64 dimensions.
  static func bytes(descriptor: String, shape: [Int]) -> [UInt8] {
    let dimensions = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(dimensions)), }"
    let unpadded = 10 + text.utf8.count + 1
    let length = (unpadded + 63) / 64 * 64 - 10
    precondition(shape.count <= dimensionLimit && length <= UInt16.max, "the header must fit version 1.0")
    let padding = [UInt8](repeating: UInt8(ascii: " "), count: length - text.utf8.count - 1)
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + text.utf8 + padding + [0x0A]
  }
}
