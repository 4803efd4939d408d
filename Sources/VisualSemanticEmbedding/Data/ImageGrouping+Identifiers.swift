extension ImageGrouping {
  /// Groups by identifiers: a text file names the image of each caption, one a line, by any bytes.
  ///
  /// Equal identifiers are one image wherever they stand. White space around an identifier does not count; inside
  /// it does, as file names may have it. Throws `TextFileError` when the file cannot be read or is empty, and
  /// `ImageGroupingError` when a line is blank or there are not as many lines as captions in `captionFile`.
  ///
  /// - Complexity: O(bytes).
  public init(identifierFile: String, captionCount: Int, captionFile: String) throws {
    let bytes = try readTextFile(identifierFile, holding: .imageIdentifiers)
    guard !bytes.isEmpty else {
      throw TextFileError.empty(file: identifierFile, contents: .imageIdentifiers)
    }
    try self.init(
      identifiers: bytes, identifierFile: identifierFile, captionCount: captionCount,
      captionFile: captionFile)
  }

  init(
    identifiers bytes: [UInt8], identifierFile: String, captionCount: Int, captionFile: String
  ) throws(ImageGroupingError) {
    var images = WordTable()
    var imageOfCaption: [Int] = []
    imageOfCaption.reserveCapacity(captionCount)
    let text = bytes.span
    var start = 0
    while start < text.count {
      var end = start
      while end < text.count, text[end] != .lineFeed { end += 1 }
      let line = text.extracting(start..<end)
      let identifier = line.extracting(trimmedRange(of: line))
      guard !identifier.isEmpty else {
        throw .blankIdentifier(file: identifierFile, line: imageOfCaption.count + 1)
      }
      imageOfCaption.append(images.insert(identifier).number)
      start = end + 1
    }
    guard imageOfCaption.count == captionCount else {
      throw .identifiersDoNotMatch(
        identifiers: imageOfCaption.count, identifierFile: identifierFile, captions: captionCount,
        captionFile: captionFile)
    }
    self.init(numberedImages: imageOfCaption)
  }
}

/// The positions of `bytes` between the white space at both ends.
private func trimmedRange(of bytes: Span<UInt8>) -> Range<Int> {
  var start = 0
  var end = bytes.count
  while start < end, bytes[start].isWhiteSpace { start += 1 }
  while end > start, bytes[end - 1].isWhiteSpace { end -= 1 }
  return start..<end
}
