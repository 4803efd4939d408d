import Downloads
import TestSupport
import Testing

@Suite struct EntryNameTests {
  @Test(arguments: [
    ("a", ["a"], false), ("a/b.txt", ["a", "b.txt"], false), ("a/", ["a"], true),
    ("./a/./b", ["a", "b"], false),
    ("./", [], true), ("...", ["..."], false), ("a..b/..c", ["a..b", "..c"], false), (" a", [" a"], false),
    ("caf\u{E9}", ["caf\u{E9}"], false), ("console", ["console"], false), ("a/.b", ["a", ".b"], false),
  ])
  func plainPathsAreTaken(name: String, components: [String], isFolder: Bool) throws {
    let entry = try EntryName(Array(name.utf8), depth: 3)
    #expect(entry.components == components && entry.isFolder == isFolder)
  }

  @Test(arguments: [
    "", "/", "/a", "//a", "..", "../a", "a/..", "a/../b", "a/../../b", ".", "a//b", "a//", "\\a", "a\\b",
    "..\\a",
    "C:", "C:a", "C:/a", "a:b", "a/b:c", "a\nb", "a\rb", "a\u{7F}", "\u{1}", "con", "CON", "nul.txt", "a/Aux",
    "Com1",
    "lpt9.tar.gz", "prn ", "a/b/c/d/e", String(repeating: "x", count: 256),
    "a/" + String(repeating: "\u{E9}", count: 128),
  ])
  func othersAreRefused(name: String) {
    #expect(throws: EntryName.Refusal.self) { try EntryName(Array(name.utf8), depth: 3) }
  }

  @Test(
    arguments: [[0xFF], [0x61, 0xC3], [0xC0, 0xAE, 0x2F], [0xED, 0xA0, 0x80], [0x61, 0x00]] as [[UInt8]])
  func bytesThatAreNoTextAreRefused(bytes: [UInt8]) {
    #expect(throws: EntryName.Refusal.self) { try EntryName(bytes, depth: 3) }
  }

  /// Whatever the bytes, what is taken stays below the folder.
  @Test func noBytesLeadOutOfTheFolder() {
    var generator = SeededGenerator(seed: 1)
    let alphabet = Array("../\\:aA\u{E9} \0nul".utf8)
    for _ in 0..<100_000 {
      let bytes = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
      }
      guard let name = try? EntryName(bytes, depth: 3) else { continue }
      #expect(
        !name.components.contains { ["", ".", ".."].contains($0) || $0.utf8.contains(UInt8(ascii: "/")) })
      #expect(name.components.count <= 4 && !(bytes.first == UInt8(ascii: "/")))
    }
  }
}
