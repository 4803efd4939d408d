import DataFormats
import Foundation
import TestSupport
import Testing

/// What the archives of Tests/Fixtures/zip hold.
enum ZipFixture {
  static let text = Array((0..<60).map { "\($0) squared is \($0 * $0)\n" }.joined().utf8)
  static let zeros = [UInt8](repeating: 0, count: 3000)

  static func archive(_ name: String) throws -> ZipArchive {
    try ZipArchive(path: fixturePath("zip/\(name).zip"))
  }
}

@Suite struct ZipArchiveTests {
  @Test(arguments: ["stored", "deflated", "mixed", "prefixed", "zip64", "streamed"])
  func readsArchivesOfPython(name: String) throws {
    let archive = try ZipFixture.archive(name)
    #expect(archive.entries.map(\.name) == ["text.txt", "folder/zeros"])
    for (entry, content) in zip(archive.entries, [ZipFixture.text, ZipFixture.zeros]) {
      #expect(entry.uncompressedSize == content.count)
      #expect(try archive.read(entry) == content)
      var pieces: [UInt8] = []
      try archive.extract(entry) { pieces += $0 }
      #expect(pieces == content)
    }
  }

  @Test func tellsHowEntriesArePacked() throws {
    let archive = try ZipFixture.archive("mixed")
    let text = try #require(archive["text.txt"])
    let zeros = try #require(archive["folder/zeros"])
    #expect(text.method == .deflated)
    #expect(text.compressedSize < text.uncompressedSize)
    #expect(text.storedRange == nil)
    #expect(zeros.method == .stored)
    let range = try #require(zeros.storedRange)
    #expect(archive.file.withBytes { Array($0[range]) } == ZipFixture.zeros)
    #expect(!text.isEncrypted && !text.isFolder)
    #expect(text.unixMode == 0o100644)
    #expect(archive["text"] == nil)
  }

  @Test func emptyArchive() throws {
    #expect(try ZipFixture.archive("empty").entries.isEmpty)
  }

  @Test func foldersAndLinks() throws {
    let archive = try ZipFixture.archive("folder_and_link")
    #expect(archive.entries.map(\.isFolder) == [true, false])
    #expect(archive["link"]?.unixMode == 0o120777)
    #expect(try archive.read(archive.entries[0]) == [])
  }

  @Test func namesAreBytes() throws {
    let archive = try ZipFixture.archive("accents")
    #expect(archive.entries.map(\.nameBytes) == [Array("caf\u{E9}".utf8), Array("cafe\u{301}".utf8)])
    #expect(archive["caf\u{E9}"]?.uncompressedSize == ZipFixture.text.count)
    #expect(archive["cafe\u{301}"]?.uncompressedSize == ZipFixture.zeros.count)
  }

  @Test(arguments: [("text.txt", 12), ("folder/zeros", 14)])
  func otherMethodsAreListed(name: String, method: Int) throws {
    let archive = try ZipFixture.archive("other_method")
    let entry = try #require(archive[name])
    #expect(entry.method == .other(method))
    #expect(throws: ZipError.unsupportedMethod(path: archive.path, entry: name, method: method)) {
      try archive.read(entry)
    }
  }

  @Test func limits() throws {
    let archive = try ZipFixture.archive("deflated")
    let zeros = try #require(archive["folder/zeros"])
    #expect(try archive.read(zeros, limit: 3000).count == 3000)
    #expect(
      throws: ZipError.tooLarge(path: archive.path, entry: "folder/zeros", size: 3000, limit: 2999)
    ) { try archive.read(zeros, limit: 2999) }
  }

  @Test func errorsOfTheConsumerPass() throws {
    struct Stop: Error {}
    let archive = try ZipFixture.archive("deflated")
    #expect(throws: Stop.self) { try archive.extract(archive.entries[1]) { _ in throw Stop() } }
  }
}
