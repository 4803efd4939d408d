/// Reads the numbers and byte strings of a zip archive's records one after another, within a limit.
struct ZipCursor {
  let path: String
  private let bytes: UnsafeRawBufferPointer
  private(set) var position: Int
  private let limit: Int

  /// A cursor at `range.lowerBound` that does not leave `range`, which must lie within `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>, path: String) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a cursor must lie in its file")
    self.bytes = bytes
    self.path = path
    position = range.lowerBound
    limit = range.upperBound
  }

  var isAtEnd: Bool { position == limit }

  func malformed(_ expected: String, at offset: Int? = nil) -> ZipError {
    .malformedDirectory(path: path, offset: offset ?? position, expected: expected)
  }

  /// The next number of this type, at most 2^63 - 1.
  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws(ZipError) -> Int {
    let start = try range(ofCount: MemoryLayout<Number>.size).lowerBound
    guard let value = bytes.littleEndian(Number.self, at: start).flatMap({ Int(exactly: $0) }) else {
      throw malformed("a number below 2^63", at: start)
    }
    return value
  }

  /// Where the next `count` bytes stand, behind which the cursor goes.
  mutating func range(ofCount count: Int) throws(ZipError) -> Range<Int> {
    guard count <= limit - position else { throw malformed("\(count) more bytes of a record") }
    let range = position..<position + count
    position = range.upperBound
    return range
  }

  mutating func skip(_ count: Int) throws(ZipError) { _ = try range(ofCount: count) }

  /// Goes behind a signature of four bytes, which must be the next.
  mutating func expect(_ signature: UInt32, _ name: String) throws(ZipError) {
    let start = position
    guard limit - position >= 4, try number(UInt32.self) == signature else {
      throw malformed(name, at: start)
    }
  }

  /// A cursor over the next `count` bytes, behind which this one goes.
  mutating func part(ofCount count: Int) throws(ZipError) -> ZipCursor {
    ZipCursor(bytes, range: try range(ofCount: count), path: path)
  }

  /// A copy of the bytes at `range`.
  func copy(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }
}
