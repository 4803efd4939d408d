/// A form as browsers send it with files: `multipart/form-data` (RFC 7578), read strictly and within bounds.
package struct MultipartForm: Sendable, Equatable {
  /// A field or a file.
  package struct Part: Sendable, Equatable {
    /// The field's name.
    package let name: String
    /// The name that the client gives the file; not to be used as one.
    package let fileName: String?
    /// What it holds.
    package let body: ArraySlice<UInt8>
  }

  /// The parts, in their order.
  package let parts: [Part]

  private static let mostParts = 300
  private static let mostHeaderBytes = 4096

  /// The boundary that a value of Content-Type names; nil for another type, or one without a proper boundary.
  package static func boundary(ofContentType value: String) -> String? {
    var fields = value.split(separator: ";", omittingEmptySubsequences: false)[...]
    guard fields.popFirst()?.trimmed.lowercased() == "multipart/form-data" else { return nil }
    for field in fields {
      let field = field.trimmed
      guard field.lowercased().hasPrefix("boundary=") else { continue }
      var boundary = field.dropFirst("boundary=".count)
      if boundary.count >= 2, boundary.first == "\"", boundary.last == "\"" {
        boundary = boundary.dropFirst().dropLast()
      }
      let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'()+_,-./:=? ")
      guard (1...70).contains(boundary.count), boundary.last != " ", boundary.allSatisfy(letters.contains)
      else { return nil }
      return String(boundary)
    }
    return nil
  }

  /// Reads the whole body of a request.
  ///
  /// - Complexity: O(bytes) for a boundary that does not nearly occur all over the body.
  package init(_ body: [UInt8], boundary: String) throws(MultipartError) {
    var reader = Reader(body: body, delimiter: Array("--\(boundary)".utf8))
    try reader.readFirstDelimiter()
    var parts: [Part] = []
    while !reader.isAtEnd {
      guard parts.count < Self.mostParts else { throw .tooManyParts(limit: Self.mostParts) }
      let (name, fileName) = try reader.readHeaders(limit: Self.mostHeaderBytes)
      parts.append(Part(name: name, fileName: fileName, body: try reader.readBody()))
    }
    self.parts = parts
  }
}

/// What is wrong with a form.
package enum MultipartError: Error, Equatable, CustomStringConvertible {
  case noFirstBoundary
  case noEnd(offset: Int)
  case headersTooLong(offset: Int, limit: Int)
  case badHeader(offset: Int)
  case noName(offset: Int)
  case tooManyParts(limit: Int)
  case textAfterEnd(offset: Int)

  package var description: String {
    switch self {
    case .noFirstBoundary: "the form does not begin with its boundary; send multipart/form-data"
    case .noEnd(let offset):
      "the part of the form at byte \(offset) does not end with the boundary; send it whole"
    case .headersTooLong(let offset, let limit):
      "the headers of the part at byte \(offset) have more than \(limit) bytes; shorten them"
    case .badHeader(let offset): "the form has a line at byte \(offset) that is no header; send NAME: VALUE"
    case .noName(let offset):
      "the part of the form at byte \(offset) has no name; send Content-Disposition: form-data; name=\"…\""
    case .tooManyParts(let limit): "the form has more than \(limit) parts; send fewer"
    case .textAfterEnd(let offset): "the form goes on at byte \(offset), after its end; send nothing there"
    }
  }
}

extension MultipartForm {
  /// A place in the body of a request.
  private struct Reader {
    let body: [UInt8]
    /// "--" and the boundary.
    let delimiter: [UInt8]
    private var place = 0
    private(set) var isAtEnd = false

    init(body: [UInt8], delimiter: [UInt8]) {
      self.body = body
      self.delimiter = delimiter
    }

    private func has(_ bytes: some Collection<UInt8>, at place: Int) -> Bool {
      place + bytes.count <= body.count && body[place..<place + bytes.count].elementsEqual(bytes)
    }

    mutating func readFirstDelimiter() throws(MultipartError) {
      guard has(delimiter, at: 0) else { throw .noFirstBoundary }
      guard try endDelimiter(at: delimiter.count) else { throw .noFirstBoundary }
    }

    /// Goes on after a delimiter that ends at `end`: a line end, or "--" at the form's end; false for other text, which
    /// makes it none.
    private mutating func endDelimiter(at end: Int) throws(MultipartError) -> Bool {
      if has(Ascii.lineEnd, at: end) {
        place = end + 2
        return true
      }
      guard has(Ascii.dashes, at: end) else { return false }
      place = end + 2
      if has(Ascii.lineEnd, at: place) { place += 2 }
      guard place == body.count else { throw .textAfterEnd(offset: place) }
      isAtEnd = true
      return true
    }

    /// The name and the file's name of the part that begins here.
    mutating func readHeaders(limit: Int) throws(MultipartError) -> (name: String, fileName: String?) {
      let start = place
      var found: (name: String, fileName: String?)?
      while !has(Ascii.lineEnd, at: place) {
        let line = try readLine(from: start, limit: limit)
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
          throw .badHeader(offset: line.startIndex)
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.lowercased().hasPrefix("content-disposition:") {
          guard found == nil else { throw .badHeader(offset: line.startIndex) }
          found = Self.names(ofDisposition: text.dropFirst("content-disposition:".count))
        }
      }
      place += 2
      guard let found else { throw .noName(offset: start) }
      return found
    }

    private mutating func readLine(from start: Int, limit: Int) throws(MultipartError) -> ArraySlice<UInt8> {
      let first = place
      while place < body.count {
        guard place - start < limit else { throw .headersTooLong(offset: start, limit: limit) }
        if has(Ascii.lineEnd, at: place) {
          place += 2
          return body[first..<place - 2]
        }
        // A line end is both or none, so that no two programs see other lines.
        guard body[place] != 0x0A, body[place] != 0x0D, body[place] != 0 else {
          throw .badHeader(offset: first)
        }
        place += 1
      }
      throw .noEnd(offset: start)
    }

    /// `form-data; name="…"; filename="…"`, the values with `\` before what would end them.
    private static func names(ofDisposition text: Substring) -> (name: String, fileName: String?)? {
      var rest = text.trimmed[...]
      guard rest.lowercased().hasPrefix("form-data") else { return nil }
      rest = rest.dropFirst("form-data".count)
      var values: [String: String] = [:]
      while true {
        rest = rest.trimmed[...]
        if rest.isEmpty { break }
        guard rest.popFirst() == ";", let equals = rest.firstIndex(of: "=") else { return nil }
        let key = rest[..<equals].trimmed.lowercased()
        rest = rest[rest.index(after: equals)...]
        guard let value = value(from: &rest), values.updateValue(value, forKey: key) == nil else {
          return nil
        }
      }
      return values["name"].map { ($0, values["filename"]) }
    }

    private static func value(from rest: inout Substring) -> String? {
      guard rest.first == "\"" else {
        let end = rest.firstIndex(of: ";") ?? rest.endIndex
        defer { rest = rest[end...] }
        return String(rest[..<end].trimmed)
      }
      rest.removeFirst()
      var value = ""
      while let letter = rest.popFirst() {
        if letter == "\"" { return value }
        guard letter == "\\", let escaped = rest.first, escaped == "\"" || escaped == "\\" else {
          value.append(letter)
          continue
        }
        value.append(escaped)
        rest.removeFirst()
      }
      return nil
    }

    /// What lies before the next delimiter.
    mutating func readBody() throws(MultipartError) -> ArraySlice<UInt8> {
      let start = place
      var search = start
      while let lineEnd = body[search...].firstIndex(of: 0x0D) {
        if has(Ascii.lineEnd, at: lineEnd), has(delimiter, at: lineEnd + 2),
          try endDelimiter(at: lineEnd + 2 + delimiter.count)
        {
          return body[start..<lineEnd]
        }
        search = lineEnd + 1
      }
      throw .noEnd(offset: start)
    }
  }

  private enum Ascii {
    static let lineEnd: [UInt8] = [0x0D, 0x0A]
    static let dashes: [UInt8] = [0x2D, 0x2D]
  }
}

extension StringProtocol {
  /// Without spaces and tabs at both ends.
  fileprivate var trimmed: Substring {
    let isSpace = { (letter: Character) in letter == " " || letter == "\t" }
    var text = Substring(self)
    while let first = text.first, isSpace(first) { text.removeFirst() }
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }
}
