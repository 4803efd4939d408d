import EmbeddingServer
import Testing

@Suite struct MultipartFormTests {
  private func parse(_ text: String, boundary: String = "B") throws -> MultipartForm {
    try MultipartForm(Array(text.utf8), boundary: boundary)
  }

  private static let whole =
    "--B\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n{\"k\":1}\r\n"
    + "--B\r\ncontent-disposition:form-data;name=image; filename=\"a \\\"b\\\".jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    + "\u{1}\r\n--Bx\r\n--\r\n\r\n--B--\r\n"

  @Test func partsAreRead() throws {
    let form = try parse(Self.whole)
    #expect(form.parts.map(\.name) == ["request", "image"])
    #expect(form.parts.map(\.fileName) == [nil, "a \"b\".jpg"])
    #expect(Array(form.parts[0].body) == Array("{\"k\":1}".utf8))
    // What begins like the boundary and goes on is no boundary.
    #expect(Array(form.parts[1].body) == Array("\u{1}\r\n--Bx\r\n--\r\n".utf8))
  }

  @Test func thereMayBeNoPartAndEmptyOnes() throws {
    #expect(try parse("--B--").parts.isEmpty)
    #expect(try parse("--B--\r\n").parts.isEmpty)
    let empty = try parse("--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n--B--")
    #expect(empty.parts.map { Array($0.body) } == [[]])
  }

  @Test func aFormThatIsCutShortAnywhereIsRefused() throws {
    let bytes = Array(Self.whole.utf8)
    // Only the line end after the last boundary may lack.
    for count in 0..<bytes.count - 2 {
      #expect(throws: MultipartError.self) { try MultipartForm(Array(bytes[..<count]), boundary: "B") }
    }
    #expect(try MultipartForm(Array(bytes.dropLast(2)), boundary: "B").parts.count == 2)
  }

  @Test func anyByteMayBeOtherwise() throws {
    // Whatever comes of it, the reader ends, and what it gives lies within the form.
    let bytes = Array(Self.whole.utf8)
    for place in bytes.indices {
      for byte: UInt8 in [0, 0x0A, 0x0D, 0x22, 0x2D, 0x3A, 0x3B, 0x5C, 0xFF] {
        var changed = bytes
        changed[place] = byte
        if let form = try? MultipartForm(changed, boundary: "B") {
          #expect(form.parts.allSatisfy { $0.body.endIndex <= bytes.count })
        }
      }
    }
  }

  @Test(arguments: [
    ("", MultipartError.noFirstBoundary),
    ("preamble\r\n--B--", .noFirstBoundary),
    ("--Bx", .noFirstBoundary),
    ("--B\r\n\r\nx\r\n--B--", .noName(offset: 5)),
    ("--B\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\n\r\n--B--", .noName(offset: 5)),
    ("--B\r\nContent-Disposition: form-data\r\n\r\n\r\n--B--", .noName(offset: 5)),
    ("--B\r\nContent-Disposition: form-data; name=\"x\r\n\r\n\r\n--B--", .noName(offset: 5)),
    ("--B\r\nContent-Disposition: form-data; name=\"x\"; name=\"y\"\r\n\r\n\r\n--B--", .noName(offset: 5)),
    ("--B\r\nno header\r\n\r\n\r\n--B--", .badHeader(offset: 5)),
    ("--B\r\n: x\r\n\r\n\r\n--B--", .badHeader(offset: 5)),
    ("--B\r\nContent-Disposition: form-data; name=\"x\"\nX: y\r\n\r\n\r\n--B--", .badHeader(offset: 5)),
    ("--B--\r\nmore", .textAfterEnd(offset: 7)),
  ])
  func whatIsMalformedIsRefused(text: String, error: MultipartError) {
    #expect(throws: error) { try parse(text) }
  }

  @Test func partsAndHeadersAreBounded() {
    let part = "\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n--B"
    #expect(throws: MultipartError.tooManyParts(limit: 300)) {
      try parse("--B" + String(repeating: part, count: 301) + "--")
    }
    #expect(throws: MultipartError.headersTooLong(offset: 5, limit: 4096)) {
      try parse("--B\r\nX: \(String(repeating: "x", count: 10_000))\r\n\r\n\r\n--B--")
    }
  }

  @Test(arguments: [
    ("multipart/form-data; boundary=abc", "abc"),
    ("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a b\"", "a b"),
    ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil),
    ("multipart/form-data; boundary=\"a\u{e9}\"", nil), ("multipart/mixed; boundary=abc", nil),
    ("multipart/form-data; boundary=\(String(repeating: "x", count: 71))", nil), ("", nil),
  ])
  func boundariesAreThoseOfTheStandard(type: String, boundary: String?) {
    #expect(MultipartForm.boundary(ofContentType: type) == boundary)
  }
}
