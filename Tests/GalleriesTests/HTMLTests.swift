import Galleries
import Testing

@Suite struct HTMLTests {
  static let texts = [
    "", "a dog", "<script>alert(1)</script>", "a & b &amp; c", "\"double\" and 'single'", "]]> --> <!--",
    "caf\u{e9} e\u{301} 🐕", "\u{5d0}\u{5d1} \u{202e}turned", "&#0;&lt;", "</title><p x=\"y\">",
    String(repeating: "long & ", count: 2000),
  ]

  @Test(arguments: texts) func textStaysItself(text: String) throws {
    let page = try WellFormedPage(.element("p", [.init("title", text)], [.text(text), .foreign(text)]))
    #expect(Array(page.text.utf8) == Array((text + text).utf8))
    #expect(page.attributes["title"].map { $0.map { Array($0.utf8) } } == [Array(text.utf8)])
    #expect(page.elements == ["p": 1, "bdi": 1])
  }

  @Test(arguments: ["\u{0}", "\u{1B}[31m", "\u{7F}", "\u{85}", "\u{FFFE}", "\u{FFFF}", "\u{1FFFF}", "\r"])
  func whatNoPageMayHoldIsReplaced(text: String) throws {
    let page = try WellFormedPage(.element("p", [.init("title", text)], [.text("a\(text)b")]))
    #expect(page.text.unicodeScalars.contains("\u{FFFD}"))
    #expect(page.text.hasPrefix("a") && page.text.hasSuffix("b"))
    #expect(page.attributes["title"]?.first?.unicodeScalars.first == "\u{FFFD}")
  }

  @Test func onlyEmptyElementsOfHTMLHaveNoEndTag() {
    #expect(HTML.element("td", []).rendered == Array("<td></td>".utf8))
    #expect(HTML.element("br", []).rendered == Array("<br/>".utf8))
    #expect(HTML.style("p { margin: 0 }").rendered == Array("<style>p { margin: 0 }</style>".utf8))
  }

  @Test func imagesAreWithinThePage() throws {
    let page = try WellFormedPage(
      .element(
        "div",
        [
          .symbol("one", jpeg: [0xFF, 0xD8, 0xFF], width: 3, height: 2),
          .picture("one", width: 3, height: 2, description: "<a> & \"b\""),
        ]))
    #expect(page.attributes["href"] == ["data:image/jpeg;base64,/9j/", "#one"])
    #expect(page.attributes["aria-label"] == ["<a> & \"b\""] && page.attributes["id"] == ["one"])
  }
}
