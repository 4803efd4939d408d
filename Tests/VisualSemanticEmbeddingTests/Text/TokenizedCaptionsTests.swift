import Testing
import VisualSemanticEmbedding

@Suite("Tokenised captions")
struct TokenizedCaptionsTests {
  let text = "a dog runs\n\na a a a\ndog\n"

  @Test("Rows keep their place; empty ones and those as long as the limit are left out and counted")
  func leavingOut() throws {
    let file = try captions(text)
    let vocabulary = try Vocabulary(words: ["a", "dog"], scheme: .kiros)
    let tokenized = TokenizedCaptions(file, vocabulary: vocabulary, maximumLength: 4)
    #expect(tokenized.count == 4)
    #expect(tokenized.includedCount == 2)
    #expect(tokenized.includedRows == [0, 3])
    #expect(tokenized.emptyCount == 1)
    #expect(tokenized.tooLongCount == 1)
    #expect(tokenized.unknownWordCount == 1)
    #expect(tokenized.lengths == [3, 0, 0, 1])
    #expect(tokenized.offsets == [0, 4, 4, 4, 6])
    #expect(tokenized.tokens == [2, 3, 1, 0, 3, 0])
    #expect(tokenized[3] == [3, 0])
    #expect(tokenized[2].isEmpty)
    #expect((0..<4).map(tokenized.isIncluded) == [true, false, false, true])
  }

  @Test("Without a limit only empty captions are left out, and tokens are those of each caption")
  func noLimit() throws {
    let file = try captions(text)
    for scheme in [TokenScheme.kiros, .vsepp] {
      let vocabulary = try Vocabulary.build(from: [file], scheme: scheme)
      let tokenized = TokenizedCaptions(file, vocabulary: vocabulary)
      #expect(tokenized.tooLongCount == 0)
      #expect(tokenized.unknownWordCount == 0)
      #expect(tokenized.includedRows == [0, 2, 3])
      for row in tokenized.includedRows {
        #expect(Array(tokenized[row]) == vocabulary.tokens(of: file[row]))
      }
    }
  }

  @Test("A limit that no caption meets leaves none")
  func allLeftOut() throws {
    let file = try captions(text)
    let vocabulary = try Vocabulary.build(from: [file], scheme: .kiros)
    let tokenized = TokenizedCaptions(file, vocabulary: vocabulary, maximumLength: 1)
    #expect(tokenized.includedCount == 0)
    #expect(tokenized.tokens.isEmpty)
    #expect(tokenized.tooLongCount == 3)
  }
}
