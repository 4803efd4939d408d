/// Some bytes in a row: a part of a mapped file, which is not copied, or bytes of one's own.
///
/// Copies and parts share the bytes, and a mapping lives as long as one of them does.
package struct ByteString: Sendable {
  let storage: ArrayStorage

  private init(_ storage: ArrayStorage) { self.storage = storage }

  /// Bytes of one's own.
  package init(_ bytes: [UInt8]) { self.init(.owned(bytes[...])) }

  /// All bytes of a file.
  package init(_ file: MappedFile) { self.init(.mapped(file, 0..<file.count)) }

  /// The number of bytes.
  package var count: Int { storage.count }

  /// A part of the bytes, which must lie within them.
  package subscript(part: Range<Int>) -> ByteString {
    precondition(part.lowerBound >= 0 && part.upperBound <= count, "a part must lie within the bytes")
    switch storage {
    case .mapped(let file, let range):
      return ByteString(
        .mapped(file, range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound))
    case .owned(let bytes):
      return ByteString(
        .owned(bytes[bytes.startIndex + part.lowerBound..<bytes.startIndex + part.upperBound]))
    }
  }

  /// Calls `body` with the bytes; the pointer is valid only within the call.
  package func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try storage.withUnsafeBytes(body)
  }
}

extension ByteString: Hashable {
  package static func == (first: ByteString, second: ByteString) -> Bool {
    first.count == second.count
      && first.withUnsafeBytes { first in second.withUnsafeBytes { first.elementsEqual($0) } }
  }

  package func hash(into hasher: inout Hasher) { withUnsafeBytes { hasher.combine(bytes: $0) } }
}

extension Array where Element == UInt8 {
  /// A copy of the bytes.
  package init(_ bytes: ByteString) { self = bytes.withUnsafeBytes { Array($0) } }
}
