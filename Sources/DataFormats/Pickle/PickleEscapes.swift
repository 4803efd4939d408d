/// How protocol 0 writes byte strings and text in lines.
enum PickleEscapes {
  /// The byte string that a literal of Python 2 stands for: in single or double quotes, with every escape that
  /// Python 2 knows (`\\ \' \" \a \b \f \n \r \t \v`, up to three octal digits, `\x` and two hexadecimal ones);
  /// a backslash before anything else stands for itself. Nil when it is not such a literal.
  static func bytes(ofLiteral line: UnsafeRawBufferPointer) -> [UInt8]? {
    // Python 2 ignores space and carriage returns after the literal.
    var end = line.count
    while end > 0, line[end - 1] <= 0x20 { end -= 1 }
    guard end >= 2, line[0] == line[end - 1], line[0] == UInt8(ascii: "'") || line[0] == UInt8(ascii: "\"")
    else { return nil }
    var escaped = line[1..<end - 1]
    var result: [UInt8] = []
    result.reserveCapacity(escaped.count)
    while let byte = escaped.popFirst() {
      if byte != UInt8(ascii: "\\") {
        result.append(byte)
      } else {
        guard let code = escaped.popFirst(), append(escape: code, &escaped, to: &result) else { return nil }
      }
    }
    return result
  }

  private static let simpleEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "'"): 0x27, UInt8(ascii: "\""): 0x22, UInt8(ascii: "a"): 0x07,
    UInt8(ascii: "b"): 0x08, UInt8(ascii: "t"): 0x09, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "v"): 0x0B,
    UInt8(ascii: "f"): 0x0C, UInt8(ascii: "r"): 0x0D,
  ]

  /// Appends what `code` after a backslash stands for, with the digits that follow it; false where they lack.
  private static func append(
    escape code: UInt8, _ rest: inout Slice<UnsafeRawBufferPointer>, to result: inout [UInt8]
  ) -> Bool {
    if let byte = simpleEscapes[code] {
      result.append(byte)
    } else if code == UInt8(ascii: "x") {
      guard let value = hexadecimal(&rest, count: 2) else { return false }
      result.append(UInt8(value))
    } else if let first = octalDigit(code) {
      var value = first
      for _ in 0..<2 {
        guard let digit = rest.first.flatMap(octalDigit) else { break }
        value = value * 8 + digit
        rest.removeFirst()
      }
      result.append(UInt8(truncatingIfNeeded: value))
    } else {
      result.append(contentsOf: [UInt8(ascii: "\\"), code])
    }
    return true
  }

  /// The text of a line in Python's raw-unicode-escape encoding: Latin-1 with `\uXXXX` and `\UXXXXXXXX`; nil
  /// when a number after these is none, or stands for half of a surrogate pair.
  static func text(ofLine line: UnsafeRawBufferPointer) -> String? {
    var rest = line[...]
    var scalars = String.UnicodeScalarView()
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let code = rest.first else {
        scalars.append(Unicode.Scalar(byte))
        continue
      }
      rest.removeFirst()
      if code == UInt8(ascii: "u") || code == UInt8(ascii: "U") {
        guard let scalar = scalar(&rest, digits: code == UInt8(ascii: "u") ? 4 : 8) else { return nil }
        scalars.append(scalar)
      } else {
        scalars.append(Unicode.Scalar(byte))
        scalars.append(Unicode.Scalar(code))
      }
    }
    return String(scalars)
  }

  /// The character with this many digits; a lead surrogate must be followed by the `\uXXXX` of its trail.
  private static func scalar(_ rest: inout Slice<UnsafeRawBufferPointer>, digits: Int) -> Unicode.Scalar? {
    guard let value = hexadecimal(&rest, count: digits) else { return nil }
    if let scalar = Unicode.Scalar(value) { return scalar }
    guard (0xD800..<0xDC00).contains(value), rest.starts(with: "\\u".utf8) else { return nil }
    rest.removeFirst(2)
    guard let trail = hexadecimal(&rest, count: 4), (0xDC00..<0xE000).contains(trail) else { return nil }
    return Unicode.Scalar(0x10000 + ((value & 0x3FF) << 10 | (trail & 0x3FF)))
  }

  private static func hexadecimal(_ rest: inout Slice<UnsafeRawBufferPointer>, count: Int) -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = rest.popFirst().flatMap(hexadecimalDigit) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  private static func octalDigit(_ byte: UInt8) -> Int? {
    (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
  }
}
