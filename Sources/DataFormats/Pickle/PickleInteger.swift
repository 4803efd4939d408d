/// A whole number of any size, as Python has it.
package struct PickleInteger: Sendable, Hashable {
  // Invariant: `large` holds a number that `small` cannot, in as few bytes as two's complement allows.
  private enum Storage: Hashable, Sendable {
    case small(Int64)
    case large([UInt8])
  }

  private let storage: Storage

  /// A number that fits in 64 bits.
  package init(_ value: Int64) { storage = .small(value) }

  /// The number with these bytes in two's complement, the least significant first; none of them means 0.
  package init(littleEndian bytes: some BidirectionalCollection<UInt8>) {
    let isNegative = (bytes.last ?? 0) >= 0x80
    let filler: UInt8 = isNegative ? 0xFF : 0
    // A last byte that only repeats the sign of the one before it says nothing.
    var rest = bytes[...]
    while let last = rest.last, last == filler, ((rest.dropLast().last ?? 0) >= 0x80) == isNegative {
      rest.removeLast()
    }
    if rest.count <= 8 {
      var word: UInt64 = isNegative ? .max : 0
      for byte in rest.reversed() { word = word << 8 | UInt64(byte) }
      storage = .small(Int64(bitPattern: word))
    } else {
      storage = .large(Array(rest))
    }
  }

  /// The number where it fits in an Int.
  package var int: Int? {
    if case .small(let value) = storage { Int(exactly: value) } else { nil }
  }

  /// The number in two's complement, the least significant byte first, in as few bytes as possible.
  package var littleEndianBytes: [UInt8] {
    switch storage {
    case .large(let bytes): return bytes
    case .small(let value):
      var bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      let filler: UInt8 = value < 0 ? 0xFF : 0
      while bytes.count > 1, bytes[bytes.count - 1] == filler, (bytes[bytes.count - 2] >= 0x80) == (value < 0)
      {
        bytes.removeLast()
      }
      return bytes
    }
  }

  /// Whether the number is below 0.
  package var isNegative: Bool {
    switch storage {
    case .small(let value): value < 0
    case .large(let bytes): (bytes.last ?? 0) >= 0x80
    }
  }
}

extension PickleInteger: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int64) { self.init(value) }
}
