import Foundation
import Testing
import VisualSemanticEmbedding

@Suite("Caption files")
struct CaptionFileTests {
  @Test(
    "Lines and words part where they should",
    arguments: [
      ("a dog\nruns .\n", [["a", "dog"], ["runs", "."]]),
      ("a dog\r\nruns .\r\n", [["a", "dog"], ["runs", "."]]),
      ("a dog\nruns .", [["a", "dog"], ["runs", "."]]),
      ("a", [["a"]]),
      ("\n\na\n\n", [[], [], ["a"], []]),
      ("\r\na\r\n \t\r\n", [[], ["a"], []]),
      ("  a\t\tb \u{0B}c\u{0C}d\re  \n", [["a", "b", "c", "d", "e"]]),
      ("a\n  ", [["a"], []]),
      ("a\u{A0}b c\u{2003}d\n", [["a\u{A0}b", "c\u{2003}d"]]),
    ] as [(String, [[Word]])])
  func splitting(text: String, expected: [[Word]]) throws {
    let file = try captions(text)
    #expect(file.map(Array.init) == expected)
    #expect(file.count == expected.count)
    #expect(file.wordCount == expected.joined().count)
    #expect(file.emptyCaptionCount == expected.count { $0.isEmpty })
  }

  @Test("Bytes of any kind are words, unchanged")
  func anyBytes() throws {
    // Latin-1 "é", NUL, a byte that UTF-8 never has, an escape sequence.
    let words: [[UInt8]] = [[0x63, 0xE9], [0x00], [0xFF, 0x00, 0xFE], [0x1B, 0x5B, 0x31], [0x1C], [0x85]]
    let file = try CaptionFile(bytes: Array(words.joined(separator: [0x20])), path: "caps.txt")
    #expect(file.count == 1)
    #expect(file[0].map(\.bytes) == words)
    #expect(file[0][0].description == "c\u{FFFD}")
  }

  @Test("Every byte value is either white space or a letter")
  func everyByte() throws {
    let text: [UInt8] = (UInt8.min...UInt8.max).flatMap { byte -> [UInt8] in [0x61, byte, 0x62] }
    let file = try CaptionFile(bytes: text, path: "caps.txt")
    #expect(file.count == 2)
    // Six kinds of white space part seven words.
    #expect(file.wordCount == 7)
    #expect(file.joined().reduce(0) { $0 + $1.bytes.count } == 3 * 256 - 6)
  }

  @Test("The two spellings of é are two words")
  func noNormalisation() throws {
    let caption = try captions("caf\u{E9} cafe\u{301}\n")[0]
    #expect("caf\u{E9}" == "cafe\u{301}")
    #expect(caption[0] != caption[1])
    #expect(Set(caption).count == 2)
  }

  @Test("A file is read as its bytes are")
  func readingFile() throws {
    // Longer than the blocks it is read in.
    let line = Array("a very small dog\n".utf8)
    let count = (1 << 21) / line.count + 3
    try withTextFile(repeatElement(line, count: count).joined()) { path in
      let file = try CaptionFile(contentsOf: path)
      #expect(file.path == path)
      #expect(file.count == count)
      #expect(file.allSatisfy { $0.elementsEqual(["a", "very", "small", "dog"]) })
    }
  }

  @Test("A file that is missing, a folder, empty or blank is an error that names it")
  func unusableFiles() throws {
    let missing = "/nonexistent/caps.txt"
    #expect(throws: TextFileError.missing(file: missing, contents: .captions)) {
      try CaptionFile(contentsOf: missing)
    }
    let folder = FileManager.default.temporaryDirectory.path
    let error = #expect(throws: TextFileError.self) { try CaptionFile(contentsOf: folder) }
    guard case .unreadable(folder, _) = error else {
      Issue.record("not unreadable: \(String(describing: error))")
      return
    }
    try withTextFile([]) { path in
      #expect(throws: TextFileError.empty(file: path, contents: .captions)) {
        try CaptionFile(contentsOf: path)
      }
    }
    try withTextFile(Array("\n \r\n\n".utf8)) { path in
      #expect(throws: TextFileError.blank(file: path, lines: 3, contents: .captions)) {
        try CaptionFile(contentsOf: path)
      }
    }
  }

  @Test(
    "Messages are one line that names the file",
    arguments: [
      .missing(file: "f.txt", contents: .captions), .unreadable(file: "f.txt", reason: "no"),
      .empty(file: "f.txt", contents: .vocabulary),
      .blank(file: "f.txt", lines: 3, contents: .imageIdentifiers),
      .tooLarge(file: "f.txt", byteLimit: 9),
    ] as [TextFileError])
  func messages(error: TextFileError) {
    #expect(error.description.hasPrefix("f.txt: "))
    #expect(!error.description.contains("\n"))
    #expect(error.localizedDescription == error.description)
  }

  @Test("A sentence of its own splits the same way, line ends included")
  func sentence() {
    #expect(Caption(" a  dog\nruns\r\n").elementsEqual(["a", "dog", "runs"]))
    #expect(Caption(" a  dog\nruns\r\n").description == "a dog runs")
    #expect(Caption(" \n").isEmpty)
    #expect(Caption("").isEmpty)
  }
}
