/// A string from outside (a path, a name in a header) in quotation marks, safe to put in a one-line message.
///
/// Control characters become `\u{..}`, and so do those that are not seen but change how others are shown, such as
/// U+202E, which turns the rest of a line round. Text beyond `limit` characters is cut: a hostile header can hold
/// a name of a hundred million bytes.
package func quoted(_ text: String, limit: Int = 400) -> String { "'" + printable(text, limit: limit) + "'" }

/// The same without quotation marks.
package func printable(_ text: String, limit: Int = 400) -> String {
  var result = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator:
      result += "\\u{\(String(scalar.value, radix: 16))}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + (text.unicodeScalars.count > limit ? "…" : "")
}

/// A string as a word of a shell's command line, for a command that a message tells to run.
///
/// What would break the line, or change how the rest of it is shown, is written as bash and zsh write it: `$'a\\nb'`
/// with a backslash, three octal digits for each byte.
package func shellWord(_ text: String) -> String {
  let plain = text.utf8.allSatisfy {
    switch $0 {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
    default: "_-./+,@%=:~".utf8.contains($0)
    }
  }
  guard printable(text, limit: .max) == text else {
    let bytes = text.utf8.map { byte in
      if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\\") {
        return String(UnicodeScalar(byte))
      }
      let octal = String(byte, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - octal.count) + octal
    }
    return "$'" + bytes.joined() + "'"
  }
  return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
}

/// A shape as Python writes it, cut after eight dimensions.
func described(_ shape: [Int]) -> String {
  "(" + shape.prefix(8).map(String.init).joined(separator: ", ") + (shape.count > 8 ? ", …)" : ")")
}

/// A number and what it counts, for people: "1 image", "2 images".
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
