/// Reads and writes arrays in NumPy's .npy format.
public enum NumpyArray {
  /// Reads the array in the .npy file at `path`: versions 1.0, 2.0 and 3.0; bool, integers and floats.
  ///
  /// Little-endian arrays in C order are mapped, and their elements are read from disk when first touched.
  /// Others are refused, or with `converting` copied to memory in this form. Throws on anything else, and when
  /// the file is shorter or longer than its header says.
  public static func read(path: String, converting: Bool = false) throws(NumpyError) -> ArrayData {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw .file(error) }
    return try read(file, converting: converting)
  }

  /// The same for a file that is already mapped.
  package static func read(_ file: MappedFile, converting: Bool = false) throws(NumpyError) -> ArrayData {
    try read(.mapped(file, 0..<file.count), path: file.path, converting: converting)
  }

  /// The same for the bytes of a .npy file, wherever they are from; errors call them `path`.
  static func read(_ bytes: ArrayStorage, path: String, converting: Bool) throws(NumpyError) -> ArrayData {
    let header = try bytes.withUnsafeBytes { (bytes) throws(NumpyError) in
      try NumpyHeader(bytes, path: path)
    }
    let extent = try header.checkedExtent(fileSize: bytes.count, path: path)
    var data = bytes.dropFirst(header.dataOffset)
    if header.needsConversion {
      guard converting else { throw refusal(of: header, path: path) }
      data = .owned(NumpyConversion(header, extent.type).converted(data)[...])
    }
    return ArrayData(
      elementType: extent.type, shape: header.shape, elementCount: extent.count, storage: data)
  }

  private static func refusal(of header: NumpyHeader, path: String) -> NumpyError {
    if case .numbers(let type, true) = header.elements, let descriptor = type.numpyDescriptor {
      return .bigEndian(path: path, descriptor: ">" + descriptor.dropFirst())
    }
    return .fortranOrder(path: path, shape: header.shape)
  }

  /// Reads the header of the .npy file at `path` alone, whatever its elements are.
  public static func header(path: String) throws(NumpyError) -> NumpyHeader {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw .file(error) }
    return try file.withBytes { (bytes) throws(NumpyError) in try NumpyHeader(bytes, path: path) }
  }

  /// Writes `array` as a .npy file of version 1.0, replacing what is at `path` in one step.
  ///
  /// Throws for bfloat16 and for more than 64 dimensions, which NumPy does not have, and when the file cannot
  /// be written.
  public static func write(_ array: ArrayData, to path: String) throws(NumpyError) {
    let header = try NumpyHeader.bytes(for: array, path: path)
    do {
      let file = try ReplacingFile(path: path)
      try file.write(header)
      try array.withUnsafeBytes { (bytes) throws(FileError) in try file.write(bytes) }
      try file.commit()
    } catch {
      throw .file(error)
    }
  }
}
