import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct ZipWritingTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("x.zip")
  }

  @Test(arguments: [false, true])
  func readsWhatIsWritten(isDeflated: Bool) throws {
    let contents: [(String, [UInt8])] = [
      ("text.txt", ZipFixture.text), ("folder/zeros", ZipFixture.zeros), ("nothing", []), ("é", [7]),
    ]
    try ZipArchive.write(
      contents.map { ZipMember(name: $0, bytes: $1, isDeflated: isDeflated) }, to: path)
    let archive = try ZipArchive(path: path)
    #expect(archive.entries.map(\.name) == contents.map(\.0))
    #expect(try archive.entries.map { try archive.read($0) } == contents.map(\.1))
    #expect(archive.entries.allSatisfy { ($0.method == .deflated) == isDeflated })
    #expect(try folder.contents() == ["x.zip"])
    if isDeflated {
      #expect(try bytes(ofFile: path).count < 1500)
    }
  }

  @Test func theSameFilesGiveTheSameBytes() throws {
    let members = [ZipMember(name: "a", bytes: ZipFixture.text), ZipMember(name: "b", bytes: [1, 2])]
    try ZipArchive.write(members, to: path)
    let first = try bytes(ofFile: path)
    Thread.sleep(forTimeInterval: 0.01)
    try ZipArchive.write(members, to: path)
    #expect(try bytes(ofFile: path) == first)
  }

  @Test func emptyArchive() throws {
    try ZipArchive.write([], to: path)
    #expect(try bytes(ofFile: path) == bytes(ofFile: fixturePath("zip/empty.zip")))
  }

  @Test(arguments: [["a", "a"], [""], ["a\0b"], [String(repeating: "n", count: 65536)]])
  func unusableNames(names: [String]) throws {
    _ = try folder.write([1], to: "x.zip")
    #expect(throws: ZipError.unusableName(path: path, entry: names[0])) {
      try ZipArchive.write(names.map { ZipMember(name: $0, bytes: [1]) }, to: path)
    }
    #expect(try bytes(ofFile: path) == [1])
  }

  @Test func twoSpellingsAreTwoNames() throws {
    try ZipArchive.write(["caf\u{E9}", "cafe\u{301}"].map { ZipMember(name: $0, bytes: [1]) }, to: path)
    #expect(try ZipArchive(path: path).entries.count == 2)
  }

  @Test func missingFolder() {
    #expect(throws: ZipError.file(.missingFolder(folder: "/none", path: "/none/x.zip"))) {
      try ZipArchive.write([ZipMember(name: "a", bytes: [1])], to: "/none/x.zip")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")), arguments: [[], [1]] as [[UInt8]])
  func fullDisk(bytes: [UInt8]) {
    #expect(throws: ZipError.file(.diskFull(path: "/dev/full"))) {
      try ZipArchive.write([ZipMember(name: "a", bytes: bytes)], to: "/dev/full")
    }
  }

  @Test func moreEntriesThanTheOldFormatCounts() throws {
    try ZipArchive.write(
      (0..<65_540).map { ZipMember(name: "\($0)", bytes: [], isDeflated: false) }, to: path)
    let archive = try ZipArchive(path: path)
    #expect(archive.entries.count == 65_540)
    #expect(archive["65539"] == archive.entries.last)
  }
}
