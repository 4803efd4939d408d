public import Foundation

/// Why a .npy file cannot be read or written. Offsets are in bytes from the beginning of the file.
public enum NumpyError: Error, Equatable, Sendable {
  /// The file cannot be opened, mapped or written.
  case file(FileError)
  /// The file does not begin with the magic bytes `\x93NUMPY`.
  case notNumpy(path: String)
  /// The version of the format is none of 1.0, 2.0 and 3.0.
  case unsupportedVersion(path: String, major: Int, minor: Int)
  /// The header is said to be longer than any that NumPy writes.
  case headerTooLong(path: String, length: Int, limit: Int)
  /// The file ends within its header.
  case truncatedHeader(path: String, missing: Int)
  /// The header is not the Python dictionary that it should be.
  case malformedHeader(path: String, offset: Int, expected: String)
  /// A key stands twice in the header.
  case duplicateKey(path: String, offset: Int, key: String)
  /// The header has a key that the format does not know.
  case unknownKey(path: String, offset: Int, key: String)
  /// The header lacks `descr`, `fortran_order` or `shape`.
  case missingKey(path: String, key: String)
  /// The elements are Python objects, which are pickled programs and are never run.
  case objectArray(path: String)
  /// The elements are records of several fields.
  case structuredArray(path: String, offset: Int)
  /// The elements are stored with the most significant byte first.
  case bigEndian(path: String, descriptor: String)
  /// The elements are of a type that is not supported.
  case unsupportedElementType(path: String, descriptor: String)
  /// The shape has more elements than can be counted.
  case impossibleShape(path: String, shape: [Int])
  /// The first dimension is stored as the fastest.
  case fortranOrder(path: String, shape: [Int])
  /// The file ends before the last element.
  case truncatedData(path: String, offset: Int, expected: Int, found: Int)
  /// The file goes on after the last element.
  case trailingBytes(path: String, offset: Int, count: Int)
  /// NumPy has no such type to write.
  case noDescriptor(path: String, elementType: ArrayElementType)
  /// The rows appended are not as many as were announced.
  case wrongRowCount(path: String, expected: Int, found: Int)
}

extension NumpyError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .notNumpy(let path):
      "\(quoted(path)) is no .npy file: it does not begin with \\x93NUMPY; save it with numpy.save"
    case .unsupportedVersion(let path, let major, let minor):
      "\(quoted(path)), offset 6: version \(major).\(minor) of the .npy format is unknown, "
        + "expected 1.0, 2.0 or 3.0; save it again with numpy.save"
    case .headerTooLong(let path, let length, let limit):
      "\(quoted(path)), offset 8: a header of \(length) bytes, expected at most \(limit); "
        + "the file is damaged, get it again"
    case .truncatedHeader(let path, let missing):
      "\(quoted(path)) ends within its header, \(missing) bytes are missing; get it again"
    case .malformedHeader(let path, let offset, let expected):
      "\(quoted(path)), offset \(offset): expected \(expected); the header is damaged, get the file again"
    case .duplicateKey(let path, let offset, let key):
      "\(quoted(path)), offset \(offset): the header has \(quoted(key, limit: 40)) twice; "
        + "save it again with numpy.save"
    case .unknownKey(let path, let offset, let key):
      "\(quoted(path)), offset \(offset): unknown key \(quoted(key, limit: 40)), expected 'descr', "
        + "'fortran_order' and 'shape'; save it again with numpy.save"
    case .missingKey(let path, let key):
      "\(quoted(path)): the header lacks \(quoted(key)); save it again with numpy.save"
    case .objectArray(let path):
      "\(quoted(path)) holds Python objects, which are never unpickled; "
        + "convert the array to numbers with astype('float32') and save it again"
    case .structuredArray(let path, let offset):
      "\(quoted(path)), offset \(offset): the elements are records of several fields, expected numbers; "
        + "save one field as its own array"
    case .bigEndian(let path, let descriptor):
      "\(quoted(path)) is big-endian (\(quoted(descriptor, limit: 40))), expected little-endian; "
        + "save a.astype(a.dtype.newbyteorder('<'))"
    case .unsupportedElementType(let path, let descriptor):
      "\(quoted(path)): elements of type \(quoted(descriptor, limit: 40)) are not supported, expected bool, "
        + "integers, float16, float32 or float64; convert with astype('float32')"
    case .impossibleShape(let path, let shape):
      "\(quoted(path)): no array can have the shape \(described(shape)); the file is damaged, get it again"
    case .fortranOrder(let path, let shape):
      "\(quoted(path)) stores its array \(described(shape)) in Fortran order, expected C order; "
        + "save numpy.ascontiguousarray(a)"
    case .truncatedData(let path, let offset, let expected, let found):
      "\(quoted(path)) is cut short: from offset \(offset) it needs \(expected) bytes and has \(found), "
        + "\(expected - found) are missing; get it again"
    case .trailingBytes(let path, let offset, let count):
      "\(quoted(path)) has \(count) bytes too many from offset \(offset), expected its end; "
        + "save it again with numpy.save"
    case .noDescriptor(let path, let elementType):
      "cannot write \(quoted(path)): NumPy has no \(elementType.rawValue); convert to float32 or float16"
    case .wrongRowCount(let path, let expected, let found):
      "cannot write \(quoted(path)): \(expected) rows were announced and \(found) came; "
        + "the input changed, run again"
    }
  }
}
