extension PickleInteger {
  /// The most decimal digits that are read or written: the work grows with their square.
  package static let digitLimit = 100_000
  /// Words of a magnitude hold 64 bits; decimal digits come and go 19 at a time.
  private static let digitsPerStep = 19
  private static let step: UInt64 = 10_000_000_000_000_000_000

  /// The number with these decimal digits after an optional sign; nil for other text and for more than
  /// `digitLimit` digits.
  package init?(decimal text: some Collection<UInt8>) {
    let sign = text.first.flatMap { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") ? $0 : nil }
    var digits = text.dropFirst(sign == nil ? 0 : 1)
    guard !digits.isEmpty, digits.count <= Self.digitLimit,
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    var magnitude: [UInt64] = []
    while !digits.isEmpty {
      let part = digits.prefix((digits.count - 1) % Self.digitsPerStep + 1)
      let value = part.reduce(0 as UInt64) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
      Self.multiply(&magnitude, by: Self.step, adding: value)
      digits = digits.dropFirst(part.count)
    }
    var bytes = magnitude.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    bytes.append(0)
    self.init(littleEndian: sign == UInt8(ascii: "-") ? Self.negated(bytes) : bytes)
  }

  /// The decimal digits after the sign of a negative number; nil for more than `digitLimit` digits.
  package var decimal: String? {
    if let int { return String(int) }
    let bytes = littleEndianBytes
    // Each byte is worth 2.41 digits.
    guard bytes.count <= Self.digitLimit / 5 * 2 else { return nil }
    var magnitude = Self.words(isNegative ? Self.negated(bytes + [0xFF]) : bytes)
    var parts: [String] = []
    while !magnitude.isEmpty {
      let part = String(Self.divide(&magnitude))
      parts.append(
        magnitude.isEmpty ? part : String(repeating: "0", count: Self.digitsPerStep - part.utf8.count) + part)
    }
    return (isNegative ? "-" : "") + parts.reversed().joined()
  }

  /// Magnitude · factor + addend.
  private static func multiply(_ magnitude: inout [UInt64], by factor: UInt64, adding addend: UInt64) {
    var carry = addend
    for index in magnitude.indices {
      let product = magnitude[index].multipliedFullWidth(by: factor)
      let (sum, overflow) = product.low.addingReportingOverflow(carry)
      magnitude[index] = sum
      carry = product.high + (overflow ? 1 : 0)
    }
    if carry > 0 { magnitude.append(carry) }
  }

  /// Divides by 10¹⁹ and returns the remainder.
  private static func divide(_ magnitude: inout [UInt64]) -> UInt64 {
    var remainder: UInt64 = 0
    for index in magnitude.indices.reversed() {
      (magnitude[index], remainder) = step.dividingFullWidth((remainder, magnitude[index]))
    }
    while magnitude.last == 0 { magnitude.removeLast() }
    return remainder
  }

  /// −x in two's complement of the same length.
  private static func negated(_ bytes: [UInt8]) -> [UInt8] {
    var carry = true
    return bytes.map { byte in
      let (sum, overflow) = (~byte).addingReportingOverflow(carry ? 1 : 0)
      carry = overflow
      return sum
    }
  }

  private static func words(_ bytes: [UInt8]) -> [UInt64] {
    var words = stride(from: 0, to: bytes.count, by: 8).map { start in
      bytes[start..<min(start + 8, bytes.count)].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    }
    while words.last == 0 { words.removeLast() }
    return words
  }
}

extension PickleInteger: CustomStringConvertible {
  /// The decimal digits of a number up to 64 bytes, otherwise its size.
  package var description: String {
    let size = littleEndianBytes.count
    return (size <= 64 ? decimal : nil) ?? "an integer of \(size) bytes"
  }
}
