import Foundation

/// A place in the bytes of a pickle, from which its opcodes and their arguments are read.
///
/// The one door from a pickle's interpreter to unchecked memory: the pointer must stay valid for as long as the
/// cursor is used, and every read below is checked against its length.
struct PickleCursor {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  /// Where the next byte is read.
  private(set) var offset: Int

  init(_ bytes: UnsafeRawBufferPointer, path: String, offset: Int) {
    self.bytes = bytes
    self.path = path
    self.offset = offset
  }

  /// The number of bytes that are left.
  var remaining: Int { bytes.count - offset }

  /// The error for a fault at `place`.
  func error(_ fault: PickleFault, at place: Int) -> PickleError {
    .invalid(path: path, offset: place, fault: fault)
  }

  /// The next byte.
  mutating func byte() throws(PickleError) -> UInt8 {
    guard remaining > 0 else { throw error(.truncated(missing: 1), at: offset) }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// The next little-endian number.
  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws(PickleError) -> Number {
    let range = try self.range(UInt64(MemoryLayout<Number>.size))
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: Number.self))
  }

  /// The place of the next `count` bytes, which are skipped.
  mutating func range(_ count: UInt64) throws(PickleError) -> Range<Int> {
    guard let count = Int(exactly: count), count <= remaining else {
      throw error(.truncated(missing: count - UInt64(remaining)), at: offset)
    }
    defer { offset += count }
    return offset..<offset + count
  }

  /// The place of the text up to the next line feed, which is skipped.
  mutating func line() throws(PickleError) -> Range<Int> {
    guard remaining > 0, let base = bytes.baseAddress, let end = memchr(base + offset, 0x0A, remaining) else {
      throw error(.truncated(missing: 1), at: bytes.count)
    }
    let start = offset
    let lineFeed = UnsafeRawPointer(end) - base
    offset = lineFeed + 1
    return start..<lineFeed
  }

  /// The bytes at a place that was returned before.
  func bytes(at range: Range<Int>) -> UnsafeRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a place within the pickle")
    return UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  /// The text at a place that was returned before, with U+FFFD for what is not UTF-8.
  func text(at range: Range<Int>) -> String { String(decoding: bytes(at: range), as: UTF8.self) }
}
