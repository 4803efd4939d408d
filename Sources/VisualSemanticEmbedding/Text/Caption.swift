/// A sentence as its words, in order.
///
/// A view into the text it was read from: copying one copies no words.
public struct Caption: Sendable {
  let buffer: WordBuffer
  let wordRange: Range<Int>

  init(buffer: WordBuffer, wordRange: Range<Int>) {
    self.buffer = buffer
    self.wordRange = wordRange
  }

  /// Splits `text` at ASCII white space, line ends included; up to 4 GiB.
  public init(_ text: String) {
    buffer = WordBuffer(lines: Array(text.utf8))
    wordRange = 0..<buffer.wordCount
  }
}

extension Caption: RandomAccessCollection {
  /// The position of the first word, 0.
  public var startIndex: Int { 0 }
  /// The number of words.
  public var endIndex: Int { wordRange.count }

  /// A copy of the word at a position, counted from 0.
  public subscript(position: Int) -> Word {
    precondition(indices.contains(position), "no such word in the caption")
    return buffer.word(at: wordRange.lowerBound + position)
  }
}

extension Caption: CustomStringConvertible {
  /// The words for display, joined by single spaces.
  public var description: String {
    map(\.description).joined(separator: " ")
  }
}
