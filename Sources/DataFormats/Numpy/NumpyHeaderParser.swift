/// Reads the dictionary literal in a .npy header, such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, with the keys in any order.
///
/// Only what NumPy writes is understood; nothing is evaluated.
struct NumpyHeaderParser {
  private let text: [UInt8]
  private let path: String
  /// Where the text begins in the file.
  private let textOffset: Int
  private var position = 0

  init(text: [UInt8], path: String, textOffset: Int) {
    self.text = text
    self.path = path
    self.textOffset = textOffset
  }

  /// The three values of the dictionary, which must fill the text up to spaces and a line feed.
  mutating func header() throws(NumpyError) -> (NumpyElements, isFortranOrder: Bool, shape: [Int]) {
    var elements: NumpyElements?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{", "the '{' of a Python dictionary")
    while !consume("}") {
      skipSpaces()
      let keyOffset = offset
      let key = try string("a key in quotation marks or '}'")
      try expect(":", "':' after the key")
      let isRepeated: Bool
      switch key {
      case "descr":
        isRepeated = elements != nil
        elements = try descriptor()
      case "fortran_order":
        isRepeated = isFortranOrder != nil
        isFortranOrder = try boolean()
      case "shape":
        isRepeated = shape != nil
        shape = try tuple()
      default: throw .unknownKey(path: path, offset: keyOffset, key: key)
      }
      guard !isRepeated else { throw .duplicateKey(path: path, offset: keyOffset, key: key) }
      if !consume(",") {
        try expect("}", "',' or '}' after the value")
        break
      }
    }
    try expectEnd()
    guard let elements else { throw .missingKey(path: path, key: "descr") }
    guard let isFortranOrder else { throw .missingKey(path: path, key: "fortran_order") }
    guard let shape else { throw .missingKey(path: path, key: "shape") }
    return (elements, isFortranOrder, shape)
  }

  private var offset: Int { textOffset + position }

  private func malformed(_ expected: String) -> NumpyError {
    .malformedHeader(path: path, offset: offset, expected: expected)
  }

  private mutating func skipSpaces() {
    while position < text.count, text[position] == UInt8(ascii: " ") { position += 1 }
  }

  private mutating func consume(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar, _ expected: String) throws(NumpyError) {
    guard consume(character) else { throw malformed(expected) }
  }

  private mutating func expectEnd() throws(NumpyError) {
    skipSpaces()
    if position < text.count, text[position] == 0x0A { position += 1 }
    guard position == text.count else { throw malformed("spaces and a line feed after the dictionary") }
  }

  /// A string literal without escapes.
  private mutating func string(_ expected: String) throws(NumpyError) -> String {
    skipSpaces()
    guard position < text.count, text[position] == UInt8(ascii: "'") || text[position] == UInt8(ascii: "\"")
    else { throw malformed(expected) }
    let start = position + 1
    guard let end = text[start...].firstIndex(of: text[position]) else {
      throw malformed("a string that is closed within the header")
    }
    let content = text[start..<end]
    if let bad = content.firstIndex(where: { $0 == UInt8(ascii: "\\") || $0 < 0x20 || $0 > 0x7E }) {
      position = bad
      throw malformed("a string of plain ASCII characters")
    }
    position = end + 1
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func descriptor() throws(NumpyError) -> NumpyElements {
    if consume("[") {
      let start = offset - 1
      try skipList()
      return .records(offset: start)
    }
    return NumpyElements(descriptor: try string("an element type such as '<f4'"))
  }

  /// The rest of a list after its opening bracket, whatever lists, tuples, strings and numbers are in it.
  private mutating func skipList() throws(NumpyError) {
    var depth = 1
    while depth > 0 {
      skipSpaces()
      guard position < text.count else { throw malformed("a list that is closed within the header") }
      switch text[position] {
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        try skipString()
        continue
      case UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"): depth -= 1
      default: break
      }
      position += 1
    }
  }

  /// A string literal, in which a backslash can stand before a quotation mark.
  private mutating func skipString() throws(NumpyError) {
    let mark = text[position]
    position += 1
    while position < text.count, text[position] != mark {
      position += text[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < text.count else { throw malformed("a string that is closed within the header") }
    position += 1
  }

  private mutating func boolean() throws(NumpyError) -> Bool {
    skipSpaces()
    for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw malformed("True or False")
  }

  /// A tuple of numbers: `()`, `(3,)`, `(3, 4)` or `(3, 4,)`.
  private mutating func tuple() throws(NumpyError) -> [Int] {
    try expect("(", "a tuple such as (3, 4)")
    var numbers: [Int] = []
    while !consume(")") {
      guard numbers.count < NumpyHeader.dimensionLimit else {
        throw malformed("at most \(NumpyHeader.dimensionLimit) dimensions")
      }
      numbers.append(try number())
      if !consume(",") {
        // Python reads (3) as a number.
        guard numbers.count > 1 else { throw malformed("',' after the only number of a tuple") }
        try expect(")", "',' or ')' after the number")
        break
      }
    }
    return numbers
  }

  /// A decimal number, after which Python 2 may have written an L.
  private mutating func number() throws(NumpyError) -> Int {
    skipSpaces()
    let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !digits.isEmpty else { throw malformed("a number that is not negative") }
    guard digits.count == 1 || digits.first != UInt8(ascii: "0") else {
      throw malformed("a number without leading zeros")
    }
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw malformed("a number below 2^63")
    }
    position += digits.count
    if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }
}
