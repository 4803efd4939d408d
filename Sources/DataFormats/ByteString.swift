/// Some bytes in a row: a part of a mapped file, which is not copied, or bytes of one's own.
///
/// Copies and parts share the bytes, and a mapping lives as long as one of them does.
package struct ByteString: Sendable {
  private enum Storage: Sendable {
    case mapped(MappedFile)
    case owned([UInt8])
  }

  private let storage: Storage
  // Invariant: the range lies within the storage.
  private let range: Range<Int>

  /// Bytes of one's own.
  package init(_ bytes: [UInt8]) {
    storage = .owned(bytes)
    range = 0..<bytes.count
  }

  /// All bytes of a file.
  package init(_ file: MappedFile) {
    storage = .mapped(file)
    range = 0..<file.count
  }

  private init(storage: Storage, range: Range<Int>) {
    self.storage = storage
    self.range = range
  }

  /// The number of bytes.
  package var count: Int { range.count }

  /// The file that the bytes are mapped from, if they are.
  package var mappedFile: MappedFile? {
    if case .mapped(let file) = storage { file } else { nil }
  }

  /// A part of the bytes, which must lie within them.
  package subscript(part: Range<Int>) -> ByteString {
    precondition(part.lowerBound >= 0 && part.upperBound <= count, "a part must lie within the bytes")
    return ByteString(
      storage: storage, range: range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
  }

  /// Calls `body` with the bytes; the pointer is valid only within the call.
  package func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .mapped(let file):
      return try file.withBytes { (bytes) throws(Failure) -> Result in
        try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
      }
    case .owned(let array):
      return try array.withUnsafeBufferPointer { (bytes) throws(Failure) -> Result in
        try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[range]))
      }
    }
  }

  /// The array of this type and shape that the bytes are (little-endian, last dimension fastest), mapped where
  /// they are mapped; throws when its size is another.
  package func array(of elementType: ArrayElementType, shape: [Int]) throws(ArrayDataError) -> ArrayData {
    guard let extent = elementType.extent(ofShape: shape) else { throw .impossibleShape(shape) }
    guard extent.bytes == count else { throw .wrongByteCount(expected: extent.bytes, found: count) }
    switch storage {
    case .mapped(let file):
      return ArrayData(
        elementType: elementType, shape: shape, elementCount: extent.elements, file: file,
        offset: range.lowerBound)
    case .owned(let bytes):
      let part = range.count == bytes.count ? bytes : Array(bytes[range])
      return try ArrayData(elementType: elementType, shape: shape, bytes: part)
    }
  }
}

extension ByteString: Hashable {
  package static func == (first: ByteString, second: ByteString) -> Bool {
    first.withUnsafeBytes { first in second.withUnsafeBytes { first.elementsEqual($0) } }
  }

  package func hash(into hasher: inout Hasher) { withUnsafeBytes { hasher.combine(bytes: $0) } }
}

extension Array where Element == UInt8 {
  /// A copy of the bytes.
  package init(_ bytes: ByteString) { self = bytes.withUnsafeBytes { Array($0) } }
}
