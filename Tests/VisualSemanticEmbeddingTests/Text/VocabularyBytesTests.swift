import Testing
import VisualSemanticEmbedding

@Suite("Vocabulary as bytes and files")
struct VocabularyBytesTests {
  @Test("Words survive whatever their bytes")
  func roundTrip() throws {
    let words = [[0x61], [0xE9], [0x00, 0xFF], [0x0D], [0x20, 0x62]].map { Word(bytes: $0 as [UInt8]) }
    let vocabulary = try Vocabulary(words: words, scheme: .vsepp, embeddingRows: 6)
    let bytes = vocabulary.serialized
    #expect(bytes == [0x61, 0x0A, 0xE9, 0x0A, 0x00, 0xFF, 0x0A, 0x0D, 0x0A, 0x20, 0x62])
    let read = try Vocabulary(serialized: bytes, source: "model", scheme: .vsepp, embeddingRows: 6)
    #expect(read == vocabulary)
    let otherRows = try Vocabulary(serialized: bytes, source: "model", scheme: .vsepp)
    #expect(otherRows != vocabulary)
  }

  @Test("No word at all survives too")
  func emptyRoundTrip() throws {
    let vocabulary = try Vocabulary(words: [], scheme: .kiros)
    #expect(vocabulary.serialized == [])
    #expect(try Vocabulary(serialized: [], source: "model", scheme: .kiros) == vocabulary)
  }

  @Test(
    "A text file has a word a line",
    arguments: ["b\na\nc\n", "b\na\nc", "b\r\na\r\nc\r\n", "b\r\na\nc\r"])
  func textFile(text: String) throws {
    try withTextFile(text.utf8) { path in
      let vocabulary = try Vocabulary(contentsOf: path, scheme: .kiros)
      #expect(vocabulary.words == ["b", "a", "c"])
      #expect(vocabulary.embeddingRows == 5)
    }
  }

  @Test(
    "A line that is no new word is an error with its number",
    arguments: [
      ("a\n\nb\n", 2, "no word"), ("\na\n", 1, "no word"), ("a\n\n", 2, "no word"),
      ("a\r\n \t\r\nb", 2, "no word"), ("\n", 1, "no word"),
      ("a\nb\na\n", 3, "line 1"), ("a\nb\nc\r\nb", 4, "line 2"),
      ("a\nb c\n", 2, "white space"), ("a\n b\n", 2, "white space"), ("a\nb\t\n", 2, "white space"),
    ])
  func badLines(text: String, line: Int, problem: String) throws {
    try withTextFile(text.utf8) { path in
      let error = #expect(throws: VocabularyError.self) { try Vocabulary(contentsOf: path, scheme: .kiros) }
      let message = try #require(error).description
      #expect(message.hasPrefix("\(path), line \(line): "))
      #expect(message.contains(problem))
      #expect(!message.contains("\n"))
    }
  }

  @Test("Bytes of a model that repeat a word or have none are an error")
  func badBytes() {
    #expect(throws: VocabularyError.duplicateWord(source: "m", line: 3, firstLine: 1, word: "a")) {
      try Vocabulary(serialized: Array("a\nb\na".utf8), source: "m", scheme: .kiros)
    }
    #expect(throws: VocabularyError.emptyWord(source: "m", line: 2)) {
      try Vocabulary(serialized: Array("a\n".utf8), source: "m", scheme: .kiros)
    }
    #expect(throws: VocabularyError.emptyWord(source: "vocabulary", line: 1)) {
      try Vocabulary(words: [""], scheme: .kiros)
    }
    #expect(throws: VocabularyError.whiteSpaceInWord(source: "vocabulary", line: 2, word: "b\nc")) {
      try Vocabulary(words: ["a", "b\nc"], scheme: .kiros)
    }
  }

  @Test("A missing or empty file is an error that names it")
  func unusableFiles() throws {
    #expect(throws: TextFileError.missing(file: "/nonexistent/words", contents: .vocabulary)) {
      try Vocabulary(contentsOf: "/nonexistent/words", scheme: .kiros)
    }
    try withTextFile([]) { path in
      #expect(throws: TextFileError.empty(file: path, contents: .vocabulary)) {
        try Vocabulary(contentsOf: path, scheme: .kiros)
      }
    }
  }

  @Test("A word with control characters stays on the message's one line")
  func controlCharacters() {
    let word: Word = "a\u{1B}[2J\n\u{0}\u{202E}"
    let error = VocabularyError.duplicateWord(source: "m", line: 2, firstLine: 1, word: word)
    #expect(error.description.unicodeScalars.allSatisfy { (0x20..<0x7F).contains($0.value) })
  }
}
