/// The bytes of a pickle that is being written: opcodes with their arguments.
struct PickleOutput {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

  mutating func append(_ opcode: PickleOpcode, bytes arguments: [UInt8]) {
    append(opcode)
    bytes += arguments
  }

  mutating func append(_ opcode: PickleOpcode, line: String) {
    append(opcode)
    bytes += line.utf8
    bytes.append(0x0A)
  }

  /// An opcode and a little-endian number.
  mutating func append(_ opcode: PickleOpcode, number: some FixedWidthInteger) {
    append(opcode)
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }

  /// An opcode of the memo, whose number is a line or binary as the opcode wants.
  mutating func append(_ opcode: PickleOpcode, memo index: Int) {
    switch opcode {
    case .put, .get: append(opcode, line: String(index))
    case .binput, .binget: append(opcode, number: UInt8(truncatingIfNeeded: index))
    default: append(opcode, number: UInt32(truncatingIfNeeded: index))
    }
  }

  mutating func append(bytes more: [UInt8]) { bytes += more }

  /// A byte string of at most 2^31 - 1 bytes: a length and the bytes, or a literal of Python 2.
  mutating func append(bytes string: [UInt8], _ isBinary: Bool) {
    if !isBinary {
      append(.string)
      append(literal: string)
    } else {
      if let count = UInt8(exactly: string.count) {
        append(.shortBinstring, number: count)
      } else {
        append(.binstring, number: Int32(truncatingIfNeeded: string.count))
      }
      bytes += string
    }
  }

  /// Text of at most 2^31 - 1 bytes: a length and its UTF-8, or Python's raw-unicode-escape encoding.
  mutating func append(_ text: String, _ isBinary: Bool) {
    if !isBinary {
      append(.unicode)
      append(escaped: text)
    } else {
      append(.binunicode, number: UInt32(truncatingIfNeeded: text.utf8.count))
      bytes += text.utf8
    }
  }

  /// What Python 2's `repr` gives, and a line feed: in single quotes, or in double ones when the bytes have a
  /// single one and no double one.
  private mutating func append(literal string: [UInt8]) {
    let quote = string.contains(0x27) && !string.contains(0x22) ? UInt8(0x22) : 0x27
    bytes.append(quote)
    for byte in string {
      switch byte {
      case quote, UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x09: bytes += "\\t".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0x20..<0x7F: bytes.append(byte)
      default: bytes += "\\x".utf8 + Self.hexadecimal(UInt32(byte), digits: 2)
      }
    }
    bytes += [quote, 0x0A]
  }

  /// Latin-1, with numbers in place of other characters and of those that would end or escape the line.
  private mutating func append(escaped text: String) {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0, 0x0A, 0x0D, 0x1A, 0x5C, 0x100...0xFFFF:
        bytes += "\\u".utf8 + Self.hexadecimal(scalar.value, digits: 4)
      case 0x10000...: bytes += "\\U".utf8 + Self.hexadecimal(scalar.value, digits: 8)
      default: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      }
    }
    bytes.append(0x0A)
  }

  private static func hexadecimal(_ value: UInt32, digits: Int) -> [UInt8] {
    let text = Array(String(value, radix: 16).utf8)
    return [UInt8](repeating: UInt8(ascii: "0"), count: digits - text.count) + text
  }
}

/// A float with as few digits as give it back, in the form of C's `%g`: 0.2, 5, 1e-05, 1e+16.
func pythonDescription(of value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
  // Swift finds the digits: [-]D[.D][e±E].
  let parts = value.magnitude.description.split(separator: "e")
  let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
  let sign = value.sign == .minus ? "-" : ""
  var digits = (String(mantissa[0]) + (mantissa.count > 1 ? mantissa[1] : ""))[...]
  // The number is 0.digits · 10^point.
  var point = mantissa[0].utf8.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
  while digits.utf8.count > 1, digits.first == "0" {
    digits.removeFirst()
    point -= 1
  }
  while digits.utf8.count > 1, digits.last == "0" { digits.removeLast() }
  if digits == "0" { return sign + "0" }
  let count = digits.utf8.count
  if point > 16 || point < -3 {
    let exponent = point - 1
    let fraction = count > 1 ? "." + digits.dropFirst() : ""
    let power = String(exponent.magnitude)
    return sign + digits.prefix(1) + fraction + (exponent < 0 ? "e-" : "e+")
      + (power.utf8.count < 2 ? "0" : "")
      + power
  }
  if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
  if point >= count { return sign + digits + String(repeating: "0", count: point - count) }
  return sign + digits.prefix(point) + "." + digits.dropFirst(point)
}
