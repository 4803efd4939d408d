extension HTML {
  /// The bytes of a page that consists of this element.
  package var page: [UInt8] {
    var bytes = Array("<!DOCTYPE html>\n".utf8)
    render(into: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// The bytes of this part alone.
  package var rendered: [UInt8] {
    var bytes: [UInt8] = []
    render(into: &bytes)
    return bytes
  }

  private func render(into bytes: inout [UInt8]) {
    switch self {
    case .text(let text): text.appendEscaped(to: &bytes)
    case .style(let sheet):
      bytes += Array("<style>".utf8)
      sheet.withUTF8Buffer { bytes += $0 }
      bytes += Array("</style>".utf8)
    case .element(let name, let attributes, let children):
      bytes.append(UInt8(ascii: "<"))
      name.withUTF8Buffer { bytes += $0 }
      for attribute in attributes { attribute.render(into: &bytes) }
      if children.isEmpty, Self.isVoid(name) {
        bytes += Array("/>".utf8)
        return
      }
      bytes.append(UInt8(ascii: ">"))
      for child in children { child.render(into: &bytes) }
      bytes += Array("</".utf8)
      name.withUTF8Buffer { bytes += $0 }
      bytes.append(UInt8(ascii: ">"))
      if Self.endsLine(name) { bytes.append(UInt8(ascii: "\n")) }
    }
  }

  /// Whether an element of HTML has no end tag.
  private static func isVoid(_ name: StaticString) -> Bool {
    ["img", "meta", "br"].contains(name.description)
  }

  /// Elements after which a line break, which is not seen, keeps lines of the file short.
  private static func endsLine(_ name: StaticString) -> Bool {
    ["article", "div", "figure", "head", "header", "li", "p", "section", "svg", "symbol", "table", "tr"]
      .contains(name.description)
  }
}

extension HTML.Attribute {
  fileprivate func render(into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: " "))
    name.withUTF8Buffer { bytes += $0 }
    bytes += Array("=\"".utf8)
    value.appendEscaped(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }
}

extension String {
  /// Appends the text so that it is itself between tags as well as between double quotation marks.
  ///
  /// What HTML and XML do not allow at all (most control characters, noncharacters) becomes U+FFFD.
  fileprivate func appendEscaped(to bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + utf8.count)
    for scalar in unicodeScalars {
      switch scalar {
      case "&": bytes += Array("&amp;".utf8)
      case "<": bytes += Array("&lt;".utf8)
      case ">": bytes += Array("&gt;".utf8)
      case "\"": bytes += Array("&quot;".utf8)
      default: bytes += UTF8.encode(scalar.isAllowed ? scalar : "\u{FFFD}").map(Array.init) ?? []
      }
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isAllowed: Bool {
    switch value {
    case 0x09, 0x0A: true
    case 0..<0x20, 0x7F..<0xA0, 0xFDD0...0xFDEF: false
    default: value & 0xFFFE != 0xFFFE
    }
  }
}
