/// Reads the JSON header of a safetensors file, strictly, and nothing else: an object of tensors, each an
/// object of a string and two arrays of numbers, and `__metadata__`, an object of strings.
///
/// Unlike Foundation's decoder it sees keys that stand twice, knows where each string stands, and does not
/// recur, so that no depth of nesting can exhaust the stack.
struct SafetensorsHeaderScanner {
  private let text: [UInt8]
  private let path: String
  /// Where the text begins in the file.
  private let textOffset: Int
  private(set) var position = 0

  init(text: [UInt8], path: String, textOffset: Int) {
    self.text = text
    self.path = path
    self.textOffset = textOffset
  }

  var offset: Int { textOffset + position }

  func malformed(_ expected: String) -> SafetensorsError {
    .malformedHeader(path: path, offset: offset, expected: expected)
  }

  private mutating func skipWhiteSpace() {
    while position < text.count {
      switch text[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func consume(_ character: Unicode.Scalar) -> Bool {
    skipWhiteSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// The opening brace of the header, which the format wants as its first byte.
  mutating func beginHeader() throws(SafetensorsError) {
    guard text.first == UInt8(ascii: "{") else { throw malformed("'{' as the first byte of the header") }
    position = 1
  }

  mutating func beginObject() throws(SafetensorsError) {
    guard consume("{") else { throw malformed("'{' of an object") }
  }

  /// The next key of an object and its place in the file, or nil at the object's end.
  mutating func nextKey(isFirst: inout Bool) throws(SafetensorsError) -> (key: String, offset: Int)? {
    if consume("}") { return nil }
    if !isFirst {
      guard consume(",") else { throw malformed("',' or '}'") }
    }
    isFirst = false
    skipWhiteSpace()
    let keyOffset = offset
    let key = try string()
    guard consume(":") else { throw malformed("':' after a key") }
    return (key, keyOffset)
  }

  /// The end of the header: nothing but spaces.
  mutating func end() throws(SafetensorsError) {
    while position < text.count, text[position] == 0x20 { position += 1 }
    guard position == text.count else { throw malformed("only spaces after the header's last '}'") }
  }

  /// An array of whole numbers, none negative, at most `limit` of them.
  mutating func numbers(limit: Int) throws(SafetensorsError) -> [Int] {
    guard consume("[") else { throw malformed("'[' of an array of numbers") }
    var numbers: [Int] = []
    if consume("]") { return numbers }
    repeat {
      guard numbers.count < limit else { throw malformed("at most \(limit) numbers") }
      numbers.append(try number())
    } while consume(",")
    guard consume("]") else { throw malformed("',' or ']'") }
    return numbers
  }

  private mutating func number() throws(SafetensorsError) -> Int {
    skipWhiteSpace()
    let start = position
    var value = 0
    while position < text.count, case let digit = Int(text[position]) - 0x30, (0...9).contains(digit) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowOfSum) = tens.addingReportingOverflow(digit)
      guard !overflow, !overflowOfSum else { break }
      value = sum
      position += 1
    }
    let isWhole = position == text.count || !(0x30...0x39).contains(text[position])
    guard position > start, isWhole, position == start + 1 || text[start] != UInt8(ascii: "0") else {
      position = start
      throw malformed("a whole number from 0 to 2^63 - 1")
    }
    return value
  }

  /// A string, with its escapes undone.
  mutating func string() throws(SafetensorsError) -> String {
    guard consume("\"") else { throw malformed("a string") }
    var content: [UInt8] = []
    while true {
      let start = position
      // Most strings are one piece without escapes, which needs no other copy.
      position =
        text[position...].firstIndex { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") || $0 < 0x20 }
        ?? text.count
      guard position < text.count else { throw malformed("a string that is closed within the header") }
      switch text[position] {
      case UInt8(ascii: "\""):
        let string: String?
        if content.isEmpty {
          string = String(validating: text[start..<position], as: UTF8.self)
        } else {
          content += text[start..<position]
          string = String(validating: content, as: UTF8.self)
        }
        guard let string else { throw malformed("a string in UTF-8") }
        position += 1
        return string
      case UInt8(ascii: "\\"):
        content += text[start..<position]
        position += 1
        content.append(contentsOf: String(try escapedScalar()).utf8)
      default: throw malformed("no control character within a string")
      }
    }
  }

  /// The character after a backslash, of which one outside of the basic plane is written as two surrogates.
  private mutating func escapedScalar() throws(SafetensorsError) -> Unicode.Scalar {
    guard position < text.count else { throw malformed("an escaped character") }
    let simple: Unicode.Scalar? =
      switch text[position] {
      case 0x22: "\""
      case 0x5C: "\\"
      case 0x2F: "/"
      case 0x62: "\u{08}"
      case 0x66: "\u{0C}"
      case 0x6E: "\n"
      case 0x72: "\r"
      case 0x74: "\t"
      default: nil
      }
    if let simple {
      position += 1
      return simple
    }
    let unit = try escapedUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(unit), position < text.count, text[position] == UInt8(ascii: "\\") else {
      throw malformed("a pair of surrogates")
    }
    position += 1
    let trail = try escapedUnit()
    let value = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(trail & 0x3FF))
    guard UTF16.isTrailSurrogate(trail), let scalar = Unicode.Scalar(value) else {
      throw malformed("a pair of surrogates")
    }
    return scalar
  }

  /// The `uXXXX` of an escape.
  private mutating func escapedUnit() throws(SafetensorsError) -> UInt16 {
    let digits = text[position...].dropFirst().prefix(4)
    guard text[position...].first == UInt8(ascii: "u"), digits.count == 4,
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16), digits.first != UInt8(ascii: "+")
    else { throw malformed("an escape that JSON knows") }
    position += 5
    return unit
  }
}
