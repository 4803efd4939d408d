/// The records of a table as RFC 4180 has them: fields parted by commas or tabs, quoted where they hold one, a
/// quotation mark (doubled) or a line end.
///
/// Lines end at LF or CRLF; blank ones are no records. A quotation mark within a field that is not quoted stands for
/// itself.
package struct DelimitedText {
  /// A record, and the line it begins at, counted from 1.
  package struct Record: Equatable {
    package let line: Int
    package let fields: [[UInt8]]
  }

  private let bytes: ArraySlice<UInt8>
  private let delimiter: UInt8
  private let file: String
  private var place: Int
  private var line = 1

  /// More than any table of captions has; a file of commas must not become a thousand times its size.
  private static let fieldLimit = 1000

  /// - Parameter file: the name that messages give the text.
  package init(_ bytes: ArraySlice<UInt8>, delimiter: UInt8, file: String) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.file = file
    place = bytes.startIndex
  }

  /// The next record, or nil at the end.
  package mutating func next() throws(PreparationError) -> Record? {
    while place < bytes.endIndex {
      let start = line
      var fields: [[UInt8]] = []
      var isQuoted = false
      repeat {
        guard fields.count < Self.fieldLimit else {
          throw .malformed(
            file: file, line: start, found: "more than \(Self.fieldLimit) fields",
            remedy: "check that --format names what the file is")
        }
        isQuoted = isQuoted || peek == .quotationMark
        fields.append(peek == .quotationMark ? try quotedField() : plainField())
      } while takeDelimiter()
      takeLineEnd()
      if fields.count > 1 || !fields[0].trimmed.isEmpty || isQuoted {
        return Record(line: start, fields: fields)
      }
    }
    return nil
  }

  private var peek: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

  private mutating func takeDelimiter() -> Bool {
    guard peek == delimiter else { return false }
    place += 1
    return true
  }

  private mutating func takeLineEnd() {
    if peek == .carriageReturn { place += 1 }
    if peek == .lineFeed {
      place += 1
      line += 1
    }
  }

  private mutating func plainField() -> [UInt8] {
    let end = bytes[place...].firstIndex { $0 == delimiter || $0 == .lineFeed } ?? bytes.endIndex
    var field = bytes[place..<end]
    place = end
    // The CR of a CRLF, or of a last line without LF.
    if peek != delimiter, field.last == .carriageReturn { field.removeLast() }
    return Array(field)
  }

  /// Reads a field from its first quotation mark to behind its last.
  private mutating func quotedField() throws(PreparationError) -> [UInt8] {
    let start = line
    var field: [UInt8] = []
    place += 1
    while let byte = peek {
      place += 1
      if byte == .lineFeed { line += 1 }
      guard byte == .quotationMark else {
        field.append(byte)
        continue
      }
      guard peek == .quotationMark else {
        try checkFieldEnd(start: start)
        return field
      }
      field.append(.quotationMark)
      place += 1
    }
    throw .malformed(
      file: file, line: start, found: "a quotation mark that is never closed",
      remedy: "close it, or double it (\"\") where it belongs to the text")
  }

  private func checkFieldEnd(start: Int) throws(PreparationError) {
    switch peek {
    case nil, delimiter, .lineFeed: return
    case .carriageReturn where place + 1 == bytes.endIndex || bytes[place + 1] == .lineFeed: return
    default:
      throw .malformed(
        file: file, line: start, found: "text behind a closing quotation mark",
        remedy: "quote the whole field, and double the quotation marks (\"\") in it")
    }
  }
}
