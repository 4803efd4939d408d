import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct WordVectorFileTests {
  private let folder: TemporaryFolder
  private let vocabulary: Vocabulary

  init() throws {
    folder = try TemporaryFolder()
    let words = [Word("dog"), Word("caf\u{e9}"), Word(bytes: [0xFF, 0xC2, 0xA0]), Word("3"), Word("rare")]
    vocabulary = try Vocabulary(words: words, scheme: .kiros)
  }

  private func load(
    _ text: [UInt8], width: Int = 3
  ) throws -> (values: Matrix, coverage: WordVectorCoverage) {
    let path = try folder.write(text, to: "vectors.txt")
    let matrix = Matrix(rows: vocabulary.embeddingRows, columns: width)
    matrix.fill(9)
    let coverage = try WordVectorFile(path: path).load(into: matrix, of: vocabulary)
    return (matrix, coverage)
  }

  private func load(_ text: String, width: Int = 3) throws -> (values: Matrix, coverage: WordVectorCoverage) {
    try load(Array(text.utf8), width: width)
  }

  private var path: String { folder.path("vectors.txt") }

  @Test(arguments: ["\n", "\r\n", " \n", "\t\r\n"], [true, false])
  func gloveFiles(ending: String, endsWithLine: Bool) throws {
    let lines = ["the 1 2 3", "dog 0.5 -1e-3 +2", "Dog 7 7 7", "caf\u{e9} 1 2 3", "cafe\u{301} 4 5 6"]
    let (values, coverage) = try load(lines.joined(separator: ending) + (endsWithLine ? ending : ""))
    #expect(values.rowValues(2) == [0.5, -1e-3, 2] && values.rowValues(3) == [1, 2, 3])
    for row in [0, 1, 4, 5, 6] { #expect(values.rowValues(row) == [9, 9, 9]) }
    #expect(coverage.words == 5 && coverage.foundWords == 2)
    #expect(coverage.isFound == [false, false, true, true, false, false, false])
  }

  @Test func word2vecFiles() throws {
    // As word2vec writes it, with a space at the end of each line.
    let (values, coverage) = try load("2 3\n</s> 1 2 3 \ndog 4 5 6 \n")
    #expect(values.rowValues(2) == [4, 5, 6] && coverage.foundWords == 1)
  }

  @Test func anyBytesAreWords() throws {
    let line = [0xFF, 0xC2, 0xA0] + Array(" 1 2 3\n".utf8)
    let (values, _) = try load(Array("x\u{85}y 4 4 4\n".utf8) + line + [0x00, 0xFE] + Array(" 5 5 5".utf8))
    #expect(values.rowValues(4) == [1, 2, 3])
  }

  /// GloVe 840B has words such as ". . ." and "at name@domain.com".
  @Test func wordsWithSpacesAreNoOnesWords() throws {
    let (values, coverage) = try load(". . . 1 2 3\ndog at x.com 4 5 6\ndog 7 8 9\n")
    #expect(values.rowValues(2) == [7, 8, 9] && coverage.foundWords == 1)
  }

  @Test func theFirstOfTwoCounts() throws {
    #expect(try load("dog 1 2 3\ndog 4 5 6\n").values.rowValues(2) == [1, 2, 3])
  }

  @Test func blankLinesAreNoVectors() throws {
    #expect(try load("\n\ndog 1 2 3\n \n").values.rowValues(2) == [1, 2, 3])
  }

  /// A row of one number looks like a header.
  @Test func vectorsOfOneNumber() throws {
    let (values, coverage) = try load("3 7\ndog 5\n", width: 1)
    #expect(values.rowValues(5) == [7] && values.rowValues(2) == [5] && coverage.foundWords == 2)
    #expect(try load("1 1\ndog 5\n", width: 1).coverage.foundWords == 1)
  }

  @Test(arguments: [
    ("the 1 2 3\ndog 1 2\n", 2, 2), ("the 1 2 3 4\n", 1, 4), ("3 1\na 1 2 3\n", 1, 1),
    ("dog 1 2 3\n\nthe\n", 3, 0), ("a 1 2 3\n 1 2 3\n", 2, 2), ("2 3 4\n", 1, 2),
    ("PK\u{3}\u{4}", 1, 0), ("a 1 2 3\nb 1 2 3 4 5 6 7\n", 2, 7),
  ]) func rowsOfAnotherWidth(text: String, line: Int, found: Int) throws {
    let error = #expect(throws: WordVectorError.self) { try load(text) }
    if case .wrongHeader = error {
      #expect(text.hasPrefix("3 1"))
    } else {
      #expect(error == .wrongWidth(path: path, line: line, found: found, expected: 3))
    }
  }

  @Test func headersOfAnotherWidth() {
    #expect(throws: WordVectorError.wrongHeader(path: path, found: 300, expected: 3)) {
      try load("400000 300\n")
    }
  }

  @Test(arguments: ["x", "nan", "inf", "-Infinity", "1e99", "1,5", "0.1.2", "--1"])
  func whatIsNoNumber(text: String) throws {
    #expect(throws: WordVectorError.notANumber(path: path, line: 2, text: text)) {
      try load("the 1 2 3\ndog 1 \(text) 3\n")
    }
    // Of words that nobody asks for it does not matter.
    #expect(try load("dog 1 2 3\nthe 1 \(text) 3\n").coverage.foundWords == 1)
  }

  @Test func filesThatEndTooEarly() {
    #expect(throws: WordVectorError.truncated(path: path, found: 1, expected: 2)) {
      try load("2 3\ndog 1 2 3\n")
    }
  }

  @Test(arguments: ["", "\n", " \r\n\n", "0 3\n"]) func filesWithoutVectors(text: String) {
    #expect(throws: WordVectorError.empty(path: path)) { try load(text) }
  }

  @Test func missingFilesAndFolders() {
    let missing = folder.path("none")
    #expect(throws: WordVectorError.file(.notFound(path: missing))) { try WordVectorFile(path: missing) }
    let place = folder.url.path
    #expect(throws: WordVectorError.file(.isFolder(path: place))) { try WordVectorFile(path: place) }
  }

  /// Words without a row of their own are not looked for.
  @Test func wordsThatReadAsUnknown() throws {
    let small = try Vocabulary(
      words: ["dog", "cat", "horse"].map { Word($0) }, scheme: .kiros, embeddingRows: 3)
    let path = try folder.write(Array("cat 1 2 3\ndog 4 5 6\n".utf8), to: "vectors.txt")
    let matrix = Matrix(rows: 3, columns: 3)
    let coverage = try WordVectorFile(path: path).load(into: matrix, of: small)
    #expect(coverage.words == 1 && coverage.foundWords == 1)
    #expect(matrix.values == [0, 0, 0, 0, 0, 0, 4, 5, 6])
  }

  /// Damaged anywhere, it is read or refused.
  @Test func damagedFiles() throws {
    let whole = Array("4 3\nthe 1 2 3\ndog 0.5 -1e-3 +2\n. . . 7 7 7\nrare 1 2 3\n".utf8)
    var generator = SeededGenerator(seed: 1)
    for length in 0..<whole.count { _ = try? load(Array(whole.prefix(length))) }
    for _ in 0..<300 {
      var damaged = whole
      for _ in 0..<3 {
        damaged[Int(generator.next() % UInt64(whole.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      do {
        let (values, _) = try load(damaged)
        #expect(values.isFinite)
      } catch is WordVectorError {
      }
    }
  }

  @Test(arguments: [
    WordVectorError.empty(path: "f"), .wrongWidth(path: "f", line: 1, found: 2, expected: 3),
    .wrongHeader(path: "f", found: 2, expected: 3), .notANumber(path: "f", line: 4, text: "a\nb"),
    .truncated(path: "f", found: 1, expected: 2), .file(.notFound(path: "f")),
  ]) func messagesAreOneLineThatNamesTheFile(error: WordVectorError) {
    #expect(error.localizedDescription == error.description)
    #expect(error.description.contains("'f'") && error.description.contains(";"))
    #expect(!error.description.contains("\n"))
  }
}
