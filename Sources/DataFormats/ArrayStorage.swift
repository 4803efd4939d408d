/// Bytes that arrays point into: a part of a mapped file, or memory of their own.
enum ArrayStorage: Sendable {
  // Invariant: the range lies within the file.
  case mapped(MappedFile, Range<Int>)
  case owned(ArraySlice<UInt8>)

  /// The number of bytes.
  var count: Int {
    switch self {
    case .mapped(_, let range): range.count
    case .owned(let bytes): bytes.count
    }
  }

  /// The bytes without the first `count`, which must be no more than there are.
  func dropFirst(_ count: Int) -> ArrayStorage {
    precondition(count >= 0 && count <= self.count, "only bytes that are there can be dropped")
    return switch self {
    case .mapped(let file, let range): .mapped(file, range.dropFirst(count))
    case .owned(let bytes): .owned(bytes.dropFirst(count))
    }
  }

  /// Calls `body` with the bytes, valid only within the call and of any alignment.
  func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch self {
    case .mapped(let file, let range):
      try file.withBytes { (bytes) throws(Failure) -> Result in
        try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
      }
    case .owned(let bytes):
      try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) -> Result in
        try body(UnsafeRawBufferPointer(bytes))
      }
    }
  }
}
