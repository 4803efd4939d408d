/// The header of a .npy file: what the elements are and where they begin.
///
/// The [format](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): `\x93NUMPY`, two bytes
/// of version, the header's length (two bytes in version 1.0, four later), and a Python dictionary literal
/// padded with spaces up to a line feed.
struct NumpyHeader: Equatable {
  var elementType: ArrayElementType
  var isFortranOrder: Bool
  var shape: [Int]
  /// Where the elements begin.
  var dataOffset: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// NumPy refuses headers above 10,000 bytes.
  static let lengthLimit = 1 << 16
  /// The most dimensions that an array of NumPy can have.
  static let dimensionLimit = 64

  /// Reads the header at the beginning of `file`.
  init(_ file: MappedFile) throws(NumpyError) {
    let path = file.path
    let start = file.withBytes { Array($0.prefix(12)) }
    guard !start.isEmpty, start.prefix(6).elementsEqual(Self.magic.prefix(start.count)) else {
      throw .notNumpy(path: path)
    }
    guard start.count >= 8 else { throw .truncatedHeader(path: path, missing: 8 - start.count) }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw .unsupportedVersion(path: path, major: Int(start[6]), minor: Int(start[7]))
    }
    let textOffset = start[6] == 1 ? 10 : 12
    guard start.count >= textOffset else {
      throw .truncatedHeader(path: path, missing: textOffset - start.count)
    }
    let length = start[8..<textOffset].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.lengthLimit else {
      throw .headerTooLong(path: path, length: length, limit: Self.lengthLimit)
    }
    dataOffset = textOffset + length
    guard file.count >= dataOffset else {
      throw .truncatedHeader(path: path, missing: dataOffset - file.count)
    }
    let text = file.withBytes { Array($0[textOffset..<textOffset + length]) }
    var parser = NumpyHeaderParser(text: text, path: path, textOffset: textOffset)
    (elementType, isFortranOrder, shape) = try parser.header()
  }

  /// The bytes of a header of version 1.0, so long that the elements begin at a multiple of 64.
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
