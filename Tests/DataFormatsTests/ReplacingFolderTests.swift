import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct ReplacingFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func fill(_ path: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/file"))
  }

  @Test(arguments: ["out", "out/", "out//"]) func nothingIsSeenBeforeItIsWhole(name: String) throws {
    let replacing = try ReplacingFolder(path: folder.url.path + "/" + name)
    try fill(replacing.temporary, "new")
    #expect(try folder.contents().allSatisfy { $0.hasPrefix(".out.tmp-") })
    try replacing.commit()
    #expect(try folder.contents() == ["out"])
    #expect(try bytes(ofFile: folder.path("out/file")) == Array("new".utf8))
    #expect(throws: FileError.self) { try replacing.commit() }
  }

  @Test func anotherFolderIsReplacedWhole() throws {
    for text in ["old", "new"] {
      let replacing = try ReplacingFolder(path: folder.path("out"))
      try fill(replacing.temporary, text)
      try replacing.commit()
    }
    #expect(try folder.contents() == ["out"])
    #expect(try bytes(ofFile: folder.path("out/file")) == Array("new".utf8))
  }

  @Test func givingUpLeavesNothing() throws {
    do {
      let replacing = try ReplacingFolder(path: folder.path("out"))
      try withExtendedLifetime(replacing) { try fill(replacing.temporary, "new") }
    }
    #expect(try folder.contents().isEmpty)
  }

  @Test func whatAKilledWriterLeftIsRemovedAndALivingOnesStays() throws {
    let abandoned = folder.path(".out.tmp-1-x")
    try FileManager.default.createDirectory(atPath: abandoned, withIntermediateDirectories: true)
    try fill(abandoned, "half")
    let living = try ReplacingFolder(path: folder.path("out"))
    try fill(living.temporary, "whole")
    let other = try ReplacingFolder(path: folder.path("out"))
    #expect(!FileManager.default.fileExists(atPath: abandoned))
    #expect(FileManager.default.fileExists(atPath: living.temporary + "/file"))
    other.cancel()
    try living.commit()
    #expect(try folder.contents() == ["out"])
  }

  @Test(arguments: ["", "/", ".", "..", "no/such/folder", "a\0b"]) func placesThatCannotBeAreRefused(
    path: String
  ) {
    let place = ["", "/", "a\0b"].contains(path) ? path : folder.url.path + "/" + path
    #expect(throws: FileError.self) { try ReplacingFolder(path: place) }
  }
}
