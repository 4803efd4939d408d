/// The header of a .npy file: what the elements are, in which order, and where they begin.
///
/// The [format](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): `\x93NUMPY`, two bytes
/// of version, the header's length (two bytes in version 1.0, four later), and a Python dictionary literal
/// padded with spaces up to a line feed.
public struct NumpyHeader: Sendable, Equatable {
  /// What the elements are.
  public let elements: NumpyElements
  /// Whether the first dimension is the fastest, not the last.
  public let isFortranOrder: Bool
  /// The sizes of the dimensions, none negative; empty for a single element.
  public let shape: [Int]
  /// Where the elements begin.
  let dataOffset: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// NumPy refuses headers above 10,000 bytes.
  static let lengthLimit = 10_000
  /// Where the header's length ends in all versions.
  static let lengthEnd = 12
  /// The most dimensions that an array of NumPy can have.
  static let dimensionLimit = 64

  /// Reads the header at the beginning of `bytes`, a .npy file or as much of it as a header can have.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(NumpyError) {
    let start = Array(bytes.prefix(Self.lengthEnd))
    guard !start.isEmpty, start.prefix(6).elementsEqual(Self.magic.prefix(start.count)) else {
      throw .notNumpy(path: path)
    }
    guard start.count >= 8 else { throw .truncatedHeader(path: path, missing: 8 - start.count) }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw .unsupportedVersion(path: path, major: Int(start[6]), minor: Int(start[7]))
    }
    let textOffset = Self.textOffset(majorVersion: start[6])
    guard start.count >= textOffset else {
      throw .truncatedHeader(path: path, missing: textOffset - start.count)
    }
    let length = Self.length(in: start[8..<textOffset])
    guard length <= Self.lengthLimit else {
      throw .headerTooLong(path: path, length: length, limit: Self.lengthLimit)
    }
    dataOffset = textOffset + length
    guard bytes.count >= dataOffset else {
      throw .truncatedHeader(path: path, missing: dataOffset - bytes.count)
    }
    let text = Array(bytes[textOffset..<dataOffset])
    var parser = NumpyHeaderParser(text: text, path: path, textOffset: textOffset)
    (elements, isFortranOrder, shape) = try parser.header()
  }

  /// Whether the elements do not stand as in `ArrayData`: the least significant byte first, the last dimension
  /// fastest.
  var needsConversion: Bool {
    if case .numbers(_, true) = elements { return true }
    return isTransposed
  }

  /// Whether the order of the elements differs from C order, as it does not with one dimension above 1.
  var isTransposed: Bool {
    isFortranOrder && !shape.contains(0) && shape.count(where: { $0 > 1 }) > 1
  }

  /// The type and number of the elements of a file of `byteCount` bytes; throws unless they are numbers that
  /// fill it.
  func checkedExtent(
    fileSize byteCount: Int, path: String
  ) throws(NumpyError) -> (type: ArrayElementType, count: Int) {
    let type: ArrayElementType
    switch elements {
    case .numbers(let number, _): type = number
    case .other(let descriptor): throw .unsupportedElementType(path: path, descriptor: descriptor)
    case .records(let offset): throw .structuredArray(path: path, offset: offset)
    case .objects: throw .objectArray(path: path)
    }
    guard let extent = type.extent(ofShape: shape) else { throw .impossibleShape(path: path, shape: shape) }
    let found = byteCount - dataOffset
    guard found >= extent.bytes else {
      throw .truncatedData(path: path, offset: dataOffset, expected: extent.bytes, found: found)
    }
    guard found == extent.bytes else {
      throw .trailingBytes(path: path, offset: dataOffset + extent.bytes, count: found - extent.bytes)
    }
    return (type, extent.elements)
  }
}

extension NumpyHeader {
  /// How many bytes a header has, with what comes before its text, that begins with these; no more than the
  /// longest one.
  static func byteCount(beginning start: [UInt8]) -> Int {
    guard start.count == lengthEnd else { return lengthEnd }
    let textOffset = textOffset(majorVersion: start[6])
    return min(textOffset + length(in: start[8..<textOffset]), lengthEnd + lengthLimit)
  }

  /// Where the text begins: the length before it has two bytes in version 1.0, and four later.
  private static func textOffset(majorVersion: UInt8) -> Int { majorVersion == 1 ? 10 : lengthEnd }

  private static func length(in bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
