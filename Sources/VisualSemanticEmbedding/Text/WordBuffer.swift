/// The words of many captions, back to back in one buffer: 4 bytes beside its letters for each word.
///
/// COCO's train split has 414,000 captions of 11 words; an array for each would be five million allocations.
struct WordBuffer: Sendable {
  /// The letters of all words, without the white space.
  let bytes: [UInt8]
  /// Where each word starts in `bytes`, then the number of bytes; [words + 1].
  let wordStarts: [UInt32]
  /// Where each caption starts in `wordStarts`, then the number of words; [captions + 1].
  let captionStarts: [UInt32]

  /// The longest text whose offsets fit, in bytes.
  static let maximumByteCount = Int(UInt32.max)

  /// Splits `text` at ASCII white space, and into captions at line feeds; the last line may lack one.
  ///
  /// A carriage return before a line feed is white space like any other, so CRLF needs no case of its own.
  /// `text` must not exceed `maximumByteCount`.
  ///
  /// - Complexity: O(bytes), in place.
  init(lines text: consuming [UInt8]) {
    precondition(text.count <= Self.maximumByteCount, "the caller has checked the length of the text")
    let endsInsideLine = text.last.map { $0 != .lineFeed } ?? false
    var wordStarts: [UInt32] = [0]
    var captionStarts: [UInt32] = [0]
    wordStarts.reserveCapacity(text.count / 5)

    // Words move to the front over the white space: the write position never passes the read position.
    var written = 0
    var lastStart = 0
    var letters = text.mutableSpan
    for position in letters.indices {
      let byte = letters[position]
      if !byte.isWhiteSpace {
        letters[written] = byte
        written += 1
        continue
      }
      if written > lastStart {
        wordStarts.append(UInt32(written))
        lastStart = written
      }
      if byte == .lineFeed {
        captionStarts.append(UInt32(wordStarts.count - 1))
      }
    }
    if written > lastStart {
      wordStarts.append(UInt32(written))
    }
    if endsInsideLine {
      captionStarts.append(UInt32(wordStarts.count - 1))
    }
    text.removeLast(text.count - written)

    bytes = text
    self.wordStarts = wordStarts
    self.captionStarts = captionStarts
  }

  /// The number of captions, empty ones included.
  var captionCount: Int { captionStarts.count - 1 }

  /// The number of words of all captions.
  var wordCount: Int { wordStarts.count - 1 }

  /// The words of a caption, as positions in the buffer.
  func words(ofCaption row: Int) -> Range<Int> {
    Int(captionStarts[row])..<Int(captionStarts[row + 1])
  }

  /// The bytes of a word, as positions in `bytes`.
  func byteRange(ofWord position: Int) -> Range<Int> {
    Int(wordStarts[position])..<Int(wordStarts[position + 1])
  }

  /// A copy of a word.
  func word(at position: Int) -> Word {
    Word(bytes: bytes[byteRange(ofWord: position)])
  }
}
