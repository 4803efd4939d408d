/// The captions of a text file: one a line, already tokenised, words parted by ASCII white space.
///
/// Lines end at LF or CRLF, and the last may end with the file. Any bytes are words. A blank line is an empty
/// caption that keeps its row, since the rows of captions and of image features belong together.
public struct CaptionFile: Sendable {
  /// The file that messages name.
  public let path: String
  /// The number of captions without a word.
  public let emptyCaptionCount: Int
  let buffer: WordBuffer

  /// Reads the captions of a file, whole and at once.
  ///
  /// Throws `TextFileError` when the file cannot be read, is empty or has blank lines only.
  ///
  /// - Complexity: O(bytes).
  public init(contentsOf path: String) throws(TextFileError) {
    try self.init(bytes: readTextFile(path, holding: .captions), path: path)
  }

  /// Splits `bytes` into captions; `path` is the name that messages give them.
  ///
  /// Throws `TextFileError` when there is no word in them.
  public init(bytes: consuming [UInt8], path: String) throws(TextFileError) {
    guard !bytes.isEmpty else { throw .empty(file: path, contents: .captions) }
    guard bytes.count <= WordBuffer.maximumByteCount else {
      throw .tooLarge(file: path, byteLimit: WordBuffer.maximumByteCount)
    }
    let buffer = WordBuffer(lines: bytes)
    guard buffer.wordCount > 0 else {
      throw .blank(file: path, lines: buffer.captionCount, contents: .captions)
    }
    self.path = path
    self.buffer = buffer
    emptyCaptionCount = (0..<buffer.captionCount).count { buffer.words(ofCaption: $0).isEmpty }
  }

  /// The number of words of all captions.
  public var wordCount: Int { buffer.wordCount }
}

extension CaptionFile: RandomAccessCollection {
  /// The first row, 0.
  public var startIndex: Int { 0 }
  /// The number of captions, empty ones included.
  public var endIndex: Int { buffer.captionCount }

  /// The caption of a row, counted from 0; it may be empty.
  public subscript(row: Int) -> Caption {
    precondition(indices.contains(row), "no such caption in the file")
    return Caption(buffer: buffer, wordRange: buffer.words(ofCaption: row))
  }
}
