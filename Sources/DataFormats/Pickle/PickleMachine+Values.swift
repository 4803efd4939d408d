extension PickleMachine {
  /// Numbers: decimal in a line, or binary.
  mutating func pushNumber() throws(PickleError) {
    switch opcode {
    case .binint: try push(.integer(Int64(try cursor.number(Int32.self))))
    case .binint1: try push(.integer(Int64(try cursor.byte())))
    case .binint2: try push(.integer(Int64(try cursor.number(UInt16.self))))
    case .binfloat:
      // The only number that stands with its most significant byte first.
      try push(.double(Double(bitPattern: try cursor.number(UInt64.self).byteSwapped)))
    case .float: try push(.double(try decimalDouble()))
    case .long1: try pushInteger(count: Int64(try cursor.byte()))
    case .long4: try pushInteger(count: Int64(try cursor.number(Int32.self)))
    default: try pushDecimal()
    }
  }

  private mutating func pushInteger(count: Int64) throws(PickleError) {
    guard let count = UInt64(exactly: count) else { throw malformed("a length that is not negative") }
    try push(PickleInteger(littleEndian: cursor.bytes(at: try cursor.range(count))))
  }

  private mutating func push(_ integer: PickleInteger) throws(PickleError) {
    if let small = integer.int {
      try push(.integer(Int64(small)))
    } else {
      graph.integers.append(integer)
      try push(.largeInteger(graph.integers.count - 1))
    }
  }

  /// INT and LONG: Python 2 writes truth values as the integers 00 and 01, and ends long integers with an L.
  private mutating func pushDecimal() throws(PickleError) {
    var digits = trimmed(cursor.bytes(at: try cursor.line()))
    if opcode == .int, digits.elementsEqual("00".utf8) || digits.elementsEqual("01".utf8) {
      push(digits.last == UInt8(ascii: "1") ? PickleGraph.yes : PickleGraph.no)
      return
    }
    if opcode == .long, digits.last == UInt8(ascii: "L") { digits.removeLast() }
    guard let integer = PickleInteger(decimal: digits) else {
      throw malformed("a decimal integer of at most \(PickleInteger.digitLimit) digits")
    }
    try push(integer)
  }

  private mutating func decimalDouble() throws(PickleError) -> Double {
    let digits = trimmed(cursor.bytes(at: try cursor.line()))
    // The longest that Python writes has 24 characters.
    guard digits.count <= 400, let value = Double(String(decoding: digits, as: UTF8.self)) else {
      throw malformed("a decimal number")
    }
    return value
  }

  private func trimmed(_ line: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    var text = line[...]
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text.drop(while: isSpace)
  }

  func malformed(_ expected: String) -> PickleError {
    error(.malformedArgument(opcode: opcode.name, expected: expected))
  }

  /// Byte strings and text: a line with escapes, or a length and the bytes, which are left where they are.
  mutating func pushString() throws(PickleError) {
    switch opcode {
    case .string:
      guard let bytes = PickleEscapes.bytes(ofLiteral: cursor.bytes(at: try cursor.line())) else {
        throw malformed("a string literal of Python 2")
      }
      try push(decodedBytes: bytes)
    case .unicode:
      guard let text = PickleEscapes.text(ofLine: cursor.bytes(at: try cursor.line())) else {
        throw malformed("text with whole escapes")
      }
      graph.decodedText.append(text)
      try push(.decodedText(graph.decodedText.count - 1))
    case .shortBinunicode, .binunicode, .binunicode8:
      let range = try cursor.range(try length())
      try push(.text(start: range.lowerBound, count: range.count))
    default:
      let range = try cursor.range(try length())
      try push(.bytes(start: range.lowerBound, count: range.count))
    }
  }

  mutating func push(decodedBytes bytes: [UInt8]) throws(PickleError) {
    graph.decodedBytes.append(ByteString(bytes))
    try push(.decodedBytes(graph.decodedBytes.count - 1))
  }

  /// The length in front of a string: signed, in BINSTRING alone.
  private mutating func length() throws(PickleError) -> UInt64 {
    switch opcode {
    case .shortBinstring, .shortBinbytes, .shortBinunicode: return UInt64(try cursor.byte())
    case .binunicode, .binbytes: return UInt64(try cursor.number(UInt32.self))
    case .binstring:
      guard let length = UInt64(exactly: try cursor.number(Int32.self)) else {
        throw malformed("a length that is not negative")
      }
      return length
    default: return try cursor.number(UInt64.self)
    }
  }
}

// MARK: - The memo

extension PickleMachine {
  mutating func get() throws(PickleError) {
    let index =
      switch opcode {
      case .binget: UInt64(try cursor.byte())
      case .longBinget: UInt64(try cursor.number(UInt32.self))
      default: try decimalIndex()
      }
    guard let id = memo[index] else { throw error(.notInMemo(index: index)) }
    push(id)
  }

  mutating func put() throws(PickleError) {
    let index =
      switch opcode {
      case .binput: UInt64(try cursor.byte())
      case .longBinput: UInt64(try cursor.number(UInt32.self))
      case .memoize: UInt64(memo.count)
      default: try decimalIndex()
      }
    memo.put(try top(), at: index)
  }

  private mutating func decimalIndex() throws(PickleError) -> UInt64 {
    let digits = trimmed(cursor.bytes(at: try cursor.line()))
    guard digits.count <= 20, let index = UInt64(String(decoding: digits, as: UTF8.self)) else {
      throw malformed("the decimal number of a value")
    }
    return index
  }
}
