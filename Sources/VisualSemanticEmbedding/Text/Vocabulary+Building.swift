extension Vocabulary {
  /// Builds the vocabulary of all words that occur `minimumCount` times or more in the captions.
  ///
  /// The most frequent word comes first; of equally frequent ones that which occurs first, the files read in
  /// the order given. With `rarestAreUnknown` the word embedding has a row fewer for each special index, and
  /// the last words read as unknown, as in the original. Throws `VocabularyError` when no word is left.
  ///
  /// - Complexity: O(words of the captions + n log n) for n different words.
  public static func build(
    from captions: [CaptionFile], minimumCount: Int = 1, scheme: TokenScheme, rarestAreUnknown: Bool = false
  ) throws(VocabularyError) -> Vocabulary {
    // Numbered by first occurrence, which decides between equally frequent words.
    var distinct = WordTable()
    var counts: [Int] = []
    for file in captions {
      let buffer = file.buffer
      let letters = buffer.bytes.span
      for position in 0..<buffer.wordCount {
        let word = letters.extracting(buffer.byteRange(ofWord: position))
        let (number, isNew) = distinct.insert(word)
        if isNew { counts.append(1) } else { counts[number] += 1 }
      }
    }

    let order = counts.indices
      .filter { counts[$0] >= minimumCount }
      .sorted { (counts[$0], $1) > (counts[$1], $0) }
    guard !order.isEmpty else { throw .noFrequentWord(minimumCount: minimumCount) }

    var table = WordTable()
    for number in order {
      table.insert(distinct.bytes.span.extracting(distinct.starts[number]..<distinct.starts[number + 1]))
    }
    let rows = rarestAreUnknown ? rowsLeavingOutRarest(ofWords: table.count, scheme: scheme) : nil
    return try Vocabulary(table: table, scheme: scheme, embeddingRows: rows)
  }
}
