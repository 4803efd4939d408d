// Text as bytes, of which only the ASCII ones mean something: what is outside stays as it is.

extension UInt8 {
  static let space: UInt8 = 0x20
  static let tab: UInt8 = 0x09
  static let slash = UInt8(ascii: "/")
  static let quotationMark = UInt8(ascii: "\"")

  /// Whether the byte is one of ASCII's control characters, those among white space included.
  var isControl: Bool { self < 0x20 || self == 0x7F }

  var isDigit: Bool { (0x30...0x39).contains(self) }

  /// A small letter in place of a capital one of ASCII.
  var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self + 0x20 : self }
}

extension [UInt8] {
  /// What lies between the ASCII white space at both ends.
  var trimmed: ArraySlice<UInt8> { self[...].trimmed }
}

extension ArraySlice<UInt8> {
  /// What lies between the ASCII white space at both ends.
  var trimmed: ArraySlice<UInt8> {
    var result = drop(while: \.isWhiteSpace)
    while result.last?.isWhiteSpace ?? false { result.removeLast() }
    return result
  }

  /// A path without the extension of its last component; `.hidden` is no extension.
  var stem: ArraySlice<UInt8> {
    let start = lastIndex(of: .slash).map { $0 + 1 } ?? startIndex
    guard let dot = self[start...].lastIndex(of: UInt8(ascii: ".")), dot > start else { return self }
    return self[..<dot]
  }

  /// The last component of a path.
  var lastComponent: ArraySlice<UInt8> { lastIndex(of: .slash).map { self[($0 + 1)...] } ?? self }

  /// The lines, numbered from 1, without their line ends (LF or CRLF).
  func forEachLine<Failure: Error>(
    _ body: (_ number: Int, _ line: ArraySlice<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    var number = 0
    var rest = self
    while !rest.isEmpty {
      let end = rest.firstIndex(of: .lineFeed) ?? rest.endIndex
      number += 1
      var line = rest[..<end]
      if line.last == .carriageReturn { line.removeLast() }
      try body(number, line)
      rest = rest[Swift.min(end + 1, rest.endIndex)...]
    }
  }
}
