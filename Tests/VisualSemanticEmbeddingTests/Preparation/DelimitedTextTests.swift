import Testing
import VisualSemanticEmbedding

@Suite struct DelimitedTextTests {
  private func records(_ text: String, delimiter: UInt8 = UInt8(ascii: ",")) throws -> [(Int, [String])] {
    var table = DelimitedText(Array(text.utf8)[...], delimiter: delimiter, file: "t.csv")
    var records: [(Int, [String])] = []
    while let record = try table.next() {
      records.append((record.line, record.fields.map { String(decoding: $0, as: UTF8.self) }))
    }
    return records
  }

  @Test(arguments: [
    ("", [[String]]()), ("\n\r\n  \n", []), ("a,b", [["a", "b"]]), ("a,b\n", [["a", "b"]]),
    ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,\n", [["a", ""]]), (",", [["", ""]]),
    ("a,b\r", [["a", "b"]]),
    ("\"a,b\",\"c\"\"d\"\"\"", [["a,b", "c\"d\""]]), ("\"a\r\nb\",c\n", [["a\r\nb", "c"]]),
    ("\"\"\n", [[""]]),
    ("a \"b\" c,d", [["a \"b\" c", "d"]]), ("a\r,b", [["a\r", "b"]]), ("\"x\"\r\ny,z", [["x"], ["y", "z"]]),
    ("a\u{2028}b,c\u{85}d", [["a\u{2028}b", "c\u{85}d"]]),
  ])
  func fieldsAreThoseOfRFC4180(text: String, expected: [[String]]) throws {
    #expect(try records(text).map(\.1) == expected)
  }

  @Test func recordsKnowTheirLines() throws {
    #expect(try records("a,b\n\n\"c\nd\",e\r\nf,g").map(\.0) == [1, 3, 5])
  }

  @Test func tabsPartFieldsToo() throws {
    #expect(try records("a, b\tc\n", delimiter: 0x09).map(\.1) == [["a, b", "c"]])
  }

  @Test(arguments: [
    ("a,b\nc,\"d", 2, "a quotation mark that is never closed"),
    ("\"", 1, "a quotation mark that is never closed"),
    ("a,b\n\nc,\"d\"e", 3, "text behind a closing quotation mark"),
    ("\"d\"\rx", 1, "text behind a closing quotation mark"),
    (String(repeating: ",", count: 100_000), 1, "more than 1000 fields"),
  ])
  func brokenTablesAreToldWithTheirLine(text: String, line: Int, found: String) {
    let error = #expect(throws: PreparationError.self) { try records(text) }
    guard case .malformed("t.csv", line, found, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
