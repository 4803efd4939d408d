import DataFormats
import Testing

@Suite struct ErrorTextTests {
  /// What a terminal obeys, or what makes a line look other than it is.
  @Test(arguments: [
    ("a\u{1B}[2J", "a\\u{1b}[2J"), ("a\nb", "a\\u{a}b"), ("a\u{202E}b", "a\\u{202e}b"),
    ("\u{2066}a\u{2069}", "\\u{2066}a\\u{2069}"), ("\u{200B}", "\\u{200b}"), ("\u{FEFF}", "\\u{feff}"),
    ("\u{E000}", "\\u{e000}"), ("\u{10FFFD}", "\\u{10fffd}"), ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
    ("na\u{EF}ve \u{65E5}\u{672C} \u{1F600}", "na\u{EF}ve \u{65E5}\u{672C} \u{1F600}"),
  ]) func showsEveryCharacter(text: String, shown: String) {
    #expect(printable(text) == shown)
    #expect(quoted(text) == "'" + shown + "'")
  }

  @Test func cutsLongText() {
    #expect(printable("abcd", limit: 4) == "abcd")
    #expect(printable("abcde", limit: 4) == "abcd\u{2026}")
  }
}
