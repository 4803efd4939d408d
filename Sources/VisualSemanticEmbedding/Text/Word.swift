internal import DataFormats

/// A word as the bytes that the file holds, compared byte for byte.
///
/// Not a `String`: Swift takes the two spellings of "é" (one code point, or "e" and an accent) for equal, and
/// they must stay two words; and captions may hold bytes that are no UTF-8 at all.
public struct Word: Hashable, Sendable {
  /// The bytes of the word, whatever their encoding.
  public let bytes: [UInt8]

  /// Creates the word with the given bytes.
  public init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// Creates the word that is `text` in UTF-8, its spelling unchanged.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }
}

extension Word: ExpressibleByStringLiteral {
  /// Creates the word that is `text` in UTF-8, its spelling unchanged.
  public init(stringLiteral text: String) {
    self.init(text)
  }
}

extension Word: CustomStringConvertible {
  /// The word for display: its bytes read as UTF-8, what is no UTF-8 replaced by U+FFFD.
  public var description: String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The word for an error message: in quotes, what is not seen as its number, cut where it is long.
  var quoted: String { DataFormats.quoted(description, limit: 80) }
}

extension UInt8 {
  static let lineFeed: UInt8 = 0x0a
  static let carriageReturn: UInt8 = 0x0d

  /// Whether the byte parts words: space, tab, line feed, vertical tab, form feed, carriage return.
  var isWhiteSpace: Bool {
    self == 0x20 || (0x09...0x0d).contains(self)
  }
}
