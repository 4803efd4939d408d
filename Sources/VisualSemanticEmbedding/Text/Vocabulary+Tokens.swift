extension Vocabulary {
  /// The tokens of a caption: its words' indices, wrapped as the scheme says.
  ///
  /// - Complexity: O(bytes of the caption).
  public func tokens(of caption: Caption) -> [Int32] {
    var tokens: [Int32] = []
    tokens.reserveCapacity(caption.count + scheme.wrappingTokenCount)
    appendTokens(ofWords: caption.wordRange, in: caption.buffer, to: &tokens)
    return tokens
  }

  /// The token of a word; `scheme.unknown` where the model has no vector for it.
  public func token(of word: Word) -> Int32 {
    token(of: word.bytes.span)
  }

  /// The word with the given token, or `nil` for a special token or one beyond the last word.
  public func word(of token: Int32) -> Word? {
    guard token >= scheme.firstWord, Int(token) < embeddingRows else { return nil }
    let number = Int(token - scheme.firstWord)
    return number < table.count ? table[number] : nil
  }

  /// The words of a caption that read as unknown, each once, in the order they occur.
  public func unknownWords(in caption: Caption) -> [Word] {
    var seen: Set<Word> = []
    return caption.filter { token(of: $0) == scheme.unknown && seen.insert($0).inserted }
  }

  /// Appends the wrapped tokens of the words at `positions` of `buffer`, and returns how many are unknown.
  @discardableResult
  func appendTokens(
    ofWords positions: Range<Int>, in buffer: WordBuffer, to tokens: inout [Int32]
  ) -> Int {
    if let start = scheme.start { tokens.append(start) }
    var unknownCount = 0
    let letters = buffer.bytes.span
    for position in positions {
      let token = token(of: letters.extracting(buffer.byteRange(ofWord: position)))
      if token == scheme.unknown { unknownCount += 1 }
      tokens.append(token)
    }
    if let end = scheme.end { tokens.append(end) }
    return unknownCount
  }

  /// The token of a word; `scheme.unknown` where the model has no vector for it.
  func token(of word: Span<UInt8>) -> Int32 {
    guard let number = table.number(of: word) else { return scheme.unknown }
    let index = number + Int(scheme.firstWord)
    return index < embeddingRows ? Int32(index) : scheme.unknown
  }
}
