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

/// A shape as Python writes it, cut after eight dimensions.
func described(_ shape: [Int]) -> String {
  "(" + shape.prefix(8).map(String.init).joined(separator: ", ") + (shape.count > 8 ? ", …)" : ")")
}

/// A number and what it counts, for people: "1 image", "2 images".
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
