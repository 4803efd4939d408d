/// The captions of a file as tokens, back to back, with those left out that no model is given.
///
/// Rows are those of the file: a caption that is left out keeps its row and has no tokens.
public struct TokenizedCaptions: Sendable {
  /// The wrapped tokens of all captions that are not left out.
  public let tokens: [Int32]
  /// Where each caption starts in `tokens`, then their number; [captions + 1].
  public let offsets: [Int]
  /// The number of words of each caption, wrapping not counted; 0 where it is left out.
  public let lengths: [Int32]
  /// The number of captions left out because they have no word.
  public let emptyCount: Int
  /// The number of captions left out because they have `maximumLength` words or more.
  public let tooLongCount: Int
  /// How many words of the captions that are not left out read as unknown.
  public let unknownWordCount: Int
  /// The token that unknown words read as.
  private let unknown: Int32

  /// Looks up all words of a file.
  ///
  /// Captions of `maximumLength` words or more are left out; `nil` leaves out none for its length.
  ///
  /// - Complexity: O(bytes of the captions).
  public init(_ captions: CaptionFile, vocabulary: Vocabulary, maximumLength: Int? = nil) {
    let buffer = captions.buffer
    var tokens: [Int32] = []
    var offsets = [0]
    var lengths: [Int32] = []
    tokens.reserveCapacity(buffer.wordCount + captions.count * vocabulary.scheme.wrappingTokenCount)
    offsets.reserveCapacity(captions.count + 1)
    lengths.reserveCapacity(captions.count)
    var emptyCount = 0
    var tooLongCount = 0
    var unknownWordCount = 0

    for row in captions.indices {
      let words = buffer.words(ofCaption: row)
      var length = words.count
      if words.isEmpty {
        emptyCount += 1
      } else if let maximumLength, words.count >= maximumLength {
        tooLongCount += 1
        length = 0
      } else {
        unknownWordCount += vocabulary.appendTokens(ofWords: words, in: buffer, to: &tokens)
      }
      offsets.append(tokens.count)
      lengths.append(Int32(length))
    }

    self.tokens = tokens
    self.offsets = offsets
    self.lengths = lengths
    self.emptyCount = emptyCount
    self.tooLongCount = tooLongCount
    self.unknownWordCount = unknownWordCount
    unknown = vocabulary.scheme.unknown
  }

  /// The number of captions, those left out included.
  public var count: Int { lengths.count }

  /// The number of captions that are not left out.
  public var includedCount: Int { count - emptyCount - tooLongCount }

  /// The rows that are not left out, in order.
  ///
  /// - Complexity: O(captions).
  public var includedRows: [Int] { lengths.indices.filter { lengths[$0] > 0 } }

  /// Whether the caption of a row is not left out.
  public func isIncluded(_ row: Int) -> Bool { lengths[row] > 0 }

  /// How many words of a row read as unknown.
  func unknownWordCount(ofRow row: Int) -> Int { self[row].count { $0 == unknown } }

  /// The wrapped tokens of a row; none where it is left out.
  public subscript(row: Int) -> ArraySlice<Int32> { tokens[offsets[row]..<offsets[row + 1]] }
}
