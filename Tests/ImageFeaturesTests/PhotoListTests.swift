import DataFormats
import Foundation
import ImageFeatures
import TestSupport
import Testing

@Suite struct PhotoListTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["b", "b/c", "empty"] {
      try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
    }
    for name in ["z.jpg", "B.PNG", "a.jpeg", "b/1.webp", "b/c/é.gif", "notes.txt", ".hidden.jpg", "10.heic"] {
      _ = try folder.write([], to: name)
    }
  }

  private var root: String { folder.url.path }

  @Test func foldersGiveTheirPhotosSortedByBytes() throws {
    let list = try PhotoList(paths: [root])
    #expect(list.entries.map(\.name) == ["10.heic", "B.PNG", "a.jpeg", "b/1.webp", "b/c/é.gif", "z.jpg"])
    #expect(list.entries.map(\.path) == list.entries.map { root + "/" + $0.name })
    #expect(try PhotoList(paths: [root + "/"]).entries == list.entries)
  }

  @Test func linksAreFollowedToTheFolderAloneAndToPhotos() throws {
    let link = folder.path("b/c/link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: root)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("b/two.png"), withDestinationPath: folder.path("B.PNG"))
    #expect(
      try PhotoList(paths: [link + "/b"]).entries.map(\.name) == ["1.webp", "c/é.gif", "two.png"])
    #expect(try PhotoList(paths: [link]).count == 7)
  }

  @Test func severalArgumentsAreNamedByTheirPaths() throws {
    let paths = [folder.path("z.jpg"), folder.path("b"), folder.path("notes.txt")]
    let list = try PhotoList(paths: paths)
    let expected = [paths[0], paths[1] + "/1.webp", paths[1] + "/c/é.gif", paths[2]]
    #expect(list.entries.map(\.name) == expected && list.entries.map(\.path) == expected)
  }

  @Test func listsNamePhotosOfAFolder() throws {
    let list = try folder.write(Array("z.jpg\r\n\nb/1.webp\n/abs/x y.jpg".utf8), to: "list")
    let entries = try PhotoList(list: list, base: root).entries
    #expect(entries.map(\.name) == ["z.jpg", "b/1.webp", "/abs/x y.jpg"])
    #expect(entries.map(\.path) == [root + "/z.jpg", root + "/b/1.webp", "/abs/x y.jpg"])
    #expect(try PhotoList(list: list, base: nil).entries[0].path == "z.jpg")
    let text = try PhotoList(text: Array("z.jpg\n".utf8), path: "standard input", base: root)
    #expect(text.entries.map(\.path) == [root + "/z.jpg"])
  }

  @Test func listsAreReadAsOtherProgramsWriteThem() throws {
    let list = try folder.write(Array("\u{FEFF}z.jpg \n a.jpg\t\r\n  \n".utf8), to: "list")
    #expect(try PhotoList(list: list, base: nil).entries.map(\.name) == ["z.jpg", " a.jpg"])
  }

  @Test func aNameWithALineBreakIsLeftOutOfAFolder() throws {
    _ = try folder.write([], to: "b/two\nlines.png")
    let list = try PhotoList(paths: [folder.path("b")])
    #expect(list.entries.map(\.name) == ["1.webp", "c/é.gif"])
    #expect(list.unlistable == [folder.path("b/two\nlines.png")])
    _ = try folder.write([], to: "empty/two\nlines.png")
    #expect(throws: PhotoListError.nameOfSeveralLines(name: folder.path("empty/two\nlines.png"))) {
      try PhotoList(paths: [folder.path("empty")])
    }
  }

  @Test func whatIsNoListIsRefused() throws {
    #expect(throws: PhotoListError.noPhotos(folder: folder.path("empty"))) {
      try PhotoList(paths: [folder.path("empty")])
    }
    #expect(throws: PhotoListError.unreadable(.notFound(path: folder.path("none")))) {
      try PhotoList(paths: [folder.path("none")])
    }
    #expect(throws: PhotoListError.unreadable(.notFound(path: folder.path("none")))) {
      try PhotoList(list: folder.path("none"), base: nil)
    }
    #expect(throws: PhotoListError.namedTwice(name: "a")) {
      try PhotoList(list: folder.write(Array("a\nb\na\n".utf8), to: "twice"), base: nil)
    }
    #expect(throws: PhotoListError.notText(path: folder.path("bytes"))) {
      try PhotoList(list: folder.write([0x61, 0xFF, 0x0A], to: "bytes"), base: nil)
    }
    #expect(throws: PhotoListError.nothing) {
      try PhotoList(list: folder.write([0x0A], to: "blank"), base: nil)
    }
    #expect(throws: PhotoListError.nameOfSeveralLines(name: "a\nb.jpg")) {
      try PhotoList([PhotoList.Entry(name: "a\nb.jpg", path: "a\nb.jpg")])
    }
  }
}
