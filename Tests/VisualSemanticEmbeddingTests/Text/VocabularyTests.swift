import Testing
import VisualSemanticEmbedding

@Suite("Vocabulary")
struct VocabularyTests {
  @Test("The most frequent word comes first, of equals the first to occur")
  func order() throws {
    let train = try captions("b a c a\nd c\n")
    let dev = try captions("d e\n\nb a\n")
    let vocabulary = try Vocabulary.build(from: [train, dev], scheme: .kiros)
    #expect(vocabulary.words == ["a", "b", "c", "d", "e"])
    #expect(vocabulary.wordCount == 5)
    #expect(vocabulary.embeddingRows == 7)
    let reversed = try Vocabulary.build(from: [dev, train], scheme: .kiros)
    #expect(reversed.words == ["a", "d", "b", "c", "e"])
  }

  @Test("A minimum count leaves rarer words out", arguments: [(1, 4), (2, 3), (3, 1)])
  func minimumCount(minimum: Int, expected: Int) throws {
    let file = try captions("a a a b b c c d\n")
    let vocabulary = try Vocabulary.build(from: [file], minimumCount: minimum, scheme: .vsepp)
    #expect(vocabulary.words == Array(["a", "b", "c", "d"].prefix(expected)))
    #expect(vocabulary.embeddingRows == expected + 4)
  }

  @Test("No word left is an error")
  func nothingLeft() throws {
    let file = try captions("a a b\n")
    #expect(throws: VocabularyError.noFrequentWord(minimumCount: 3)) {
      try Vocabulary.build(from: [file], minimumCount: 3, scheme: .kiros)
    }
    #expect(throws: VocabularyError.noFrequentWord(minimumCount: 1)) {
      try Vocabulary.build(from: [], scheme: .kiros)
    }
  }

  @Test("Kiros: words from 2, unknown 1, and 0 at the end")
  func kirosTokens() throws {
    let vocabulary = try Vocabulary(words: ["a", "dog", "runs"], scheme: .kiros)
    #expect(vocabulary.tokens(of: Caption("a dog flies")) == [2, 3, 1, 0])
    #expect(vocabulary.tokens(of: Caption("")) == [0])
    #expect(vocabulary.token(of: "runs") == 4)
    #expect(vocabulary.word(of: 4) == "runs")
    #expect([-1, 0, 1, 5, .max].allSatisfy { vocabulary.word(of: $0) == nil })
  }

  @Test("VSE++: words from 4, unknown 3, between 1 and 2")
  func vseppTokens() throws {
    let vocabulary = try Vocabulary(words: ["a", "dog", "runs"], scheme: .vsepp)
    #expect(vocabulary.tokens(of: Caption("a dog flies")) == [1, 4, 5, 3, 2])
    #expect(vocabulary.tokens(of: Caption("")) == [1, 2])
  }

  @Test("In the original's recipe the two rarest words have no row and read as unknown")
  func rarestAreUnknown() throws {
    let file = try captions("a a a a b b b c c d\n")
    let vocabulary = try Vocabulary.build(from: [file], scheme: .kiros, rarestAreUnknown: true)
    #expect(vocabulary.embeddingRows == 4)
    #expect(vocabulary.words == ["a", "b", "c", "d"])
    #expect(vocabulary.tokens(of: file[0]) == [2, 2, 2, 2, 3, 3, 3, 1, 1, 1, 0])
    #expect(vocabulary.unknownWords(in: file[0]) == ["c", "d"])
    #expect(vocabulary.word(of: 3) == "b")
    #expect(vocabulary.word(of: 4) == nil)
  }

  @Test("A tiny vocabulary of that recipe keeps its special rows")
  func tinyRarestAreUnknown() throws {
    let vocabulary = try Vocabulary.build(
      from: [captions("a\n")], scheme: .kiros, rarestAreUnknown: true)
    #expect(vocabulary.embeddingRows == 2)
    #expect(vocabulary.tokens(of: Caption("a")) == [1, 0])
  }

  @Test("Rows may be given, more or fewer than words, but not fewer than special tokens")
  func givenRows() throws {
    let words: [Word] = ["a", "b", "c"]
    let few = try Vocabulary(words: words, scheme: .kiros, embeddingRows: 3)
    #expect(few.tokens(of: Caption("a b c")) == [2, 1, 1, 0])
    let many = try Vocabulary(words: words, scheme: .kiros, embeddingRows: 10)
    #expect(many.tokens(of: Caption("a b c")) == [2, 3, 4, 0])
    for rows in [1, 0, -5, Int(Int32.max) + 1] {
      #expect(throws: VocabularyError.rowsOutOfRange(rows: rows, minimum: 2)) {
        try Vocabulary(words: words, scheme: .kiros, embeddingRows: rows)
      }
    }
  }

  @Test("Unknown words are listed once each, in order, known ones not")
  func unknownWords() throws {
    let vocabulary = try Vocabulary(words: ["a"], scheme: .kiros)
    #expect(vocabulary.unknownWords(in: Caption("zebra a yak zebra A")) == ["zebra", "yak", "A"])
    #expect(vocabulary.unknownWords(in: Caption("a a")) == [])
  }

  @Test("A table of many words finds each and no other")
  func manyWords() throws {
    let words = (0..<20_000).map { Word("w\($0)") }
    let vocabulary = try Vocabulary(words: words, scheme: .kiros)
    #expect(vocabulary.words == words)
    #expect(words.indices.allSatisfy { vocabulary.token(of: words[$0]) == Int32($0 + 2) })
    #expect((0..<20_000).allSatisfy { vocabulary.token(of: Word("v\($0)")) == 1 })
    #expect(vocabulary.token(of: "w") == 1)
    #expect(vocabulary.token(of: "") == 1)
  }
}
