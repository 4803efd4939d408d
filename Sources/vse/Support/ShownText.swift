extension String {
  /// The text as it may be shown in a line of a terminal: control characters, and those that turn the rest of the
  /// line round, as their numbers; cut after `limit` characters.
  func shown(limit: Int = 200) -> String {
    var result = ""
    for scalar in unicodeScalars.prefix(limit) {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: result += "\\u{\(String(scalar.value, radix: 16))}"
      // Embeddings, overrides and isolates; joiners stay, as emoji and Persian need them.
      case .format where (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + (unicodeScalars.count > limit ? "…" : "")
  }
}
