import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct PhotoNamingTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["b", "b/c", ".thumbnails", "x.jpg"] {
      try FileManager.default.createDirectory(atPath: folder.path(name), withIntermediateDirectories: true)
    }
    for name in [
      "z.JPG", "a.jpeg", "b/1.webp", "b/c/é.gif", "b/._1.webp", "._z.jpg", ".thumbnails/z.png", "notes.txt",
      "x.jpg/inside.png", "jpg", "raw.bmp", "two.dots.tif",
    ] { _ = try folder.write([], to: name) }
  }

  private var root: String { folder.url.path }

  @Test func photosAreToldByTheirNames() throws {
    let expected = ["a.jpeg", "b/1.webp", "b/c/é.gif", "two.dots.tif", "x.jpg/inside.png", "z.JPG"]
    #expect(try PhotoNaming.photos(below: root) == expected)
    #expect(try PhotoNaming.files(below: root) == (expected + ["jpg", "notes.txt", "raw.bmp"]).sorted())
  }

  @Test func linksToFoldersAreNotFollowed() throws {
    let link = folder.path("b/c/round")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: root)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("b/two.png"), withDestinationPath: folder.path("z.JPG"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("b/gone.png"), withDestinationPath: folder.path("nowhere"))
    #expect(try PhotoNaming.photos(below: link + "/b") == ["1.webp", "c/é.gif", "gone.png", "two.png"])
  }

  @Test(arguments: [
    ("a.JPG", "jpg"), ("a", ""), ("a.b/c", ""), ("a.b/.c", "c"), ("x.tar.gz", "gz"), ("", ""), ("a.", ""),
  ])
  func endings(path: String, ending: String) {
    #expect(PhotoNaming.ending(of: path) == ending)
  }

  @Test func whatIsNoFolderIsAnError() throws {
    for path in [folder.path("none"), folder.path("notes.txt")] {
      #expect(throws: FileError.notFound(path: path)) { try PhotoNaming.photos(below: path) }
    }
  }

  @Test func oneFileByTwoPaths() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: folder.path("notes.txt"))
    #expect(FilePath.isSameFile(folder.path("link"), root + "/b/../notes.txt"))
    #expect(!FilePath.isSameFile(folder.path("a.jpeg"), folder.path("z.JPG")))
    #expect(!FilePath.isSameFile(folder.path("none"), folder.path("none")))
  }
}
