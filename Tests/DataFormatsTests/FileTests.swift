import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct FileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func replace(_ path: String, with text: String) throws {
    let file = try ReplacingFile(path: path)
    try file.write(Array(text.utf8))
    try file.commit()
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try bytes(ofFile: path), as: UTF8.self)
  }

  @Test(arguments: ["", "x", "some bytes"])
  func mapsAFile(content: String) throws {
    let file = try MappedFile(path: folder.write(Array(content.utf8), to: "x"))
    file.advise(.random)
    #expect(file.count == content.utf8.count)
    #expect(file.withBytes { Array($0) } == Array(content.utf8))
  }

  @Test func mapsOnlyFiles() {
    #expect(throws: FileError.isFolder(path: folder.url.path)) { try MappedFile(path: folder.url.path) }
    #expect(throws: FileError.notRegularFile(path: "/dev/null")) { try MappedFile(path: "/dev/null") }
    #expect(throws: FileError.notFound(path: "")) { try MappedFile(path: "") }
    #expect(throws: FileError.notFound(path: "a\0b")) { try MappedFile(path: "a\0b") }
  }

  @Test func aNamedPipeIsRefusedAtOnce() throws {
    #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
    #expect(throws: FileError.notRegularFile(path: folder.path("pipe"))) {
      try MappedFile(path: folder.path("pipe"))
    }
  }

  @Test func aMappingOutlivesReplacementOfItsFile() throws {
    let path = try folder.write(Array("old".utf8), to: "x")
    let file = try MappedFile(path: path)
    try replace(path, with: "new and longer")
    #expect(file.withBytes { Array($0) } == Array("old".utf8))
    #expect(try text(path) == "new and longer")
  }

  @Test func nothingIsSeenBeforeCommit() throws {
    let path = try folder.write(Array("old".utf8), to: "x")
    var file: ReplacingFile? = try ReplacingFile(path: path)
    try file?.write(Array("new".utf8))
    #expect(try folder.contents().count == 2)
    #expect(try folder.contents().first?.hasPrefix(".x.tmp-\(getpid())-") == true)
    #expect(try text(path) == "old")
    file = nil
    #expect(try folder.contents() == ["x"])
    #expect(try text(path) == "old")
  }

  @Test func aClosedWriterRefuses() throws {
    let path = folder.path("x")
    let file = try ReplacingFile(path: path)
    try file.commit()
    file.cancel()
    #expect(try text(path) == "")
    #expect(throws: FileError.alreadyClosed(path: path)) { try file.write([1]) }
    #expect(throws: FileError.alreadyClosed(path: path)) { try file.commit() }
  }

  @Test func permissionsAreKept() throws {
    let path = try folder.write([], to: "x")
    #expect(chmod(path, 0o640) == 0)
    try replace(path, with: "new")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o640)
  }

  @Test(arguments: [true, false])
  func aLinkStaysAndItsTargetIsReplaced(exists: Bool) throws {
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder.path("sub"), withIntermediateDirectories: false)
    if exists { _ = try folder.write([], to: "sub/target") }
    try manager.createSymbolicLink(atPath: folder.path("sub/second"), withDestinationPath: "target")
    try manager.createSymbolicLink(atPath: folder.path("first"), withDestinationPath: "sub/second")
    try replace(folder.path("first"), with: "new")
    #expect(try manager.destinationOfSymbolicLink(atPath: folder.path("first")) == "sub/second")
    #expect(try manager.destinationOfSymbolicLink(atPath: folder.path("sub/second")) == "target")
    #expect(try text(folder.path("sub/target")) == "new")
  }

  @Test func linksInACircleAreRefused() throws {
    try FileManager.default.createSymbolicLink(atPath: folder.path("x"), withDestinationPath: "x")
    #expect(throws: FileError.system(path: folder.path("x"), operation: .replace, code: ELOOP)) {
      try ReplacingFile(path: folder.path("x"))
    }
  }

  @Test func placesThatCannotBeWritten() throws {
    let missing = folder.path("none/x")
    #expect(throws: FileError.missingFolder(folder: folder.path("none"), path: missing)) {
      try ReplacingFile(path: missing)
    }
    #expect(throws: FileError.isFolder(path: folder.url.path)) { try ReplacingFile(path: folder.url.path) }
    #expect(throws: FileError.isFolder(path: "none/")) { try ReplacingFile(path: "none/") }
    #expect(throws: FileError.notFound(path: "")) { try ReplacingFile(path: "") }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func devicesAreWrittenDirectly() throws {
    try replace("/dev/null", with: "text")
    let full = try ReplacingFile(path: "/dev/full")
    #expect(throws: FileError.diskFull(path: "/dev/full")) { try full.write([1]) }
    #expect(throws: FileError.alreadyClosed(path: "/dev/full")) { try full.commit() }
  }

  @Test func longNamesAreWritten() throws {
    let path = folder.path(String(repeating: "é", count: 127))
    try replace(path, with: "new")
    #expect(try text(path) == "new")
  }

  @Test(
    arguments: [
      .notFound(path: "a\nb"), .missingFolder(folder: "a", path: "b"), .isFolder(path: "a"),
      .permissionDenied(path: "a", operation: .open), .permissionDenied(path: "a", operation: .write),
      .notRegularFile(path: "a"), .diskFull(path: "a"), .readOnlyFileSystem(path: "a"),
      .alreadyClosed(path: "a"),
      .system(path: "a", operation: .map, code: ENOMEM),
    ] as [FileError])
  func messagesAreOneLineThatNamesTheFile(error: FileError) {
    #expect(error.description.contains("'a"))
    #expect(error.description.contains(";") || error.description.contains("which"))
    #expect(!error.description.contains("\n"))
    #expect(error.localizedDescription == error.description)
  }

  @Test(arguments: [
    (EACCES, FileError.permissionDenied(path: "a", operation: .write)), (ENOSPC, .diskFull(path: "a")),
    (EDQUOT, .diskFull(path: "a")), (EROFS, .readOnlyFileSystem(path: "a")),
    (EIO, .system(path: "a", operation: .write, code: EIO)),
  ])
  func systemErrorsBecomeCases(code: Int32, expected: FileError) {
    #expect(FileError(code: code, path: "a", operation: .write) == expected)
  }
}
