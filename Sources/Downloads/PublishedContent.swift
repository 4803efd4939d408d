/// The kinds of bytes that published files consist of, told by their beginning.
enum PublishedContent: Sendable {
  case zip, pickle, pyTorch

  /// How many bytes of a beginning suffice.
  static let leadingCount = 16

  /// Whether a file of this kind can begin so.
  func accepts(_ leading: [UInt8]) -> Bool {
    switch self {
    case .zip:
      leading.starts(with: [0x50, 0x4B, 0x03, 0x04]) || leading.starts(with: [0x50, 0x4B, 0x05, 0x06])
    // An archive, or before PyTorch 1.6 pickles of protocol 2 with the numbers behind them.
    case .pyTorch: Self.zip.accepts(leading) || leading.starts(with: [0x80, 0x02])
    case .pickle:
      // Since protocol 2 a pickle says which it is; before, it begins with the opcode of a container or a global.
      if leading.first == 0x80 {
        leading.count > 1 && (2...5).contains(leading[1])
      } else {
        leading.first.map { "(])}c".utf8.contains($0) } ?? false
      }
    }
  }

  /// Whether a file of this kind can end so, as far as one byte tells.
  func canEnd(with last: UInt8?) -> Bool {
    switch self {
    case .zip, .pyTorch: true
    // The opcode that stops.
    case .pickle: last == UInt8(ascii: ".")
    }
  }

  var name: String {
    switch self {
    case .zip: "zip archive"
    case .pickle: "pickle"
    case .pyTorch: "file of PyTorch's"
    }
  }

  /// What bytes look like that are not of this kind: hosts that no longer have a file often answer with a page
  /// instead of an error.
  static func described(_ leading: [UInt8]) -> String {
    if leading.isEmpty { return "nothing" }
    let text = leading.drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    return text.first == UInt8(ascii: "<") ? "a web page" : "something else"
  }
}
