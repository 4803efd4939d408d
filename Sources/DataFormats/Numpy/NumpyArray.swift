/// Reads and writes arrays in NumPy's .npy format.
public enum NumpyArray {
  /// Maps the array in the .npy file at `path`, whose elements are read from disk when first touched.
  ///
  /// Versions 1.0, 2.0 and 3.0; bool, integers and floats, little-endian and in C order. Throws on anything
  /// else, and when the file is shorter or longer than its header says.
  public static func read(path: String) throws(NumpyError) -> ArrayData {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw .file(error) }
    let header = try NumpyHeader(file)
    guard let extent = header.elementType.extent(ofShape: header.shape) else {
      throw .impossibleShape(path: path, shape: header.shape)
    }
    // With at most one dimension above 1 the two orders are the same.
    if header.isFortranOrder, extent.elements > 0, header.shape.count(where: { $0 > 1 }) > 1 {
      throw .fortranOrder(path: path, shape: header.shape)
    }
    let found = file.count - header.dataOffset
    guard found >= extent.bytes else {
      throw .truncatedData(path: path, offset: header.dataOffset, expected: extent.bytes, found: found)
    }
    guard found == extent.bytes else {
      throw .trailingBytes(path: path, offset: header.dataOffset + extent.bytes, count: found - extent.bytes)
    }
    return ArrayData(
      elementType: header.elementType, shape: header.shape, elementCount: extent.elements, file: file,
      offset: header.dataOffset)
  }

  /// Writes `array` as a .npy file of version 1.0, replacing what is at `path` in one step.
  ///
  /// Throws for bfloat16 and for more than 64 dimensions, which NumPy does not have, and when the file cannot be written.
  public static func write(_ array: ArrayData, to path: String) throws(NumpyError) {
    guard let descriptor = array.elementType.numpyDescriptor else {
      throw .noDescriptor(path: path, elementType: array.elementType)
    }
    guard array.shape.count <= NumpyHeader.dimensionLimit else {
      throw .impossibleShape(path: path, shape: array.shape)
    }
    do {
      let file = try ReplacingFile(path: path)
      try file.write(NumpyHeader.bytes(descriptor: descriptor, shape: array.shape))
      try array.withUnsafeBytes { (bytes) throws(FileError) in try file.write(bytes) }
      try file.commit()
    } catch {
      throw .file(error)
    }
  }
}
