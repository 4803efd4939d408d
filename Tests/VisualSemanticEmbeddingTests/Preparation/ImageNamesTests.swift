import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct ImageNamesTests {
  private let folder: DatasetFolder
  private var dataset: Dataset { Dataset(folder: folder.path) }

  init() throws {
    folder = try DatasetFolder()
    try folder.write("dev", captions: ["a", "b", "c", "d"], features: [[1, 0], [0, 1]])
    try folder.write(
      "test", captions: ["a", "b", "c", "d"], features: [[1, 0], [1, 0], [0, 1], [0, 1]])
  }

  private func list(_ names: String, _ name: String = "names.txt") throws -> String {
    try folder.folder.write(Array(names.utf8), to: name)
  }

  private func names(_ path: String, _ split: Dataset.Split) throws -> [String?] {
    try ImageNames(contentsOf: path, of: dataset.open(split)).names.map { $0?.description }
  }

  @Test func aLineForEachImage() throws {
    #expect(try names(list("b.jpg\r\n x/a.jpg \n"), .dev) == ["b.jpg", "x/a.jpg"])
    #expect(try names(list("b.jpg\na.jpg"), .test) == ["b.jpg", "a.jpg"])
  }

  @Test func orForEachRowOfFeatures() throws {
    #expect(try names(list("b.jpg\nb.jpg\na.jpg\na.jpg\n"), .test) == ["b.jpg", "a.jpg"])
  }

  @Test func whatLeadsOutOfTheFolderIsNoName() throws {
    #expect(try names(list("../b.jpg\n/etc/passwd\n"), .dev) == [nil, nil])
  }

  @Test(arguments: ["a.jpg\n", "a.jpg\nb.jpg\nc.jpg\n", "a.jpg\nb.jpg\nc.jpg\nd.jpg\n"])
  func otherNumbersAreRefused(text: String) throws {
    let path = try list(text)
    let error = #expect(throws: ImageNamesError.self) { try names(path, .dev) }
    #expect(error?.description.contains("2 images") == true && error?.description.contains(path) == true)
  }

  @Test func theDatasetsOwnListIsFound() throws {
    let split = try dataset.open(.dev)
    let expected = folder.folder.path("toy_dev_images.txt")
    #expect(throws: ImageNamesError.noList(path: expected)) { try ImageNames(of: split, in: dataset) }
    #expect(ImageNamesError.noList(path: expected).description.contains("--names FILE"))
    _ = try list("b.jpg\na.jpg\n", "toy_dev_images.txt")
    #expect(try ImageNames(of: split, in: dataset).names.map { $0?.description } == ["b.jpg", "a.jpg"])
  }

  @Test func photosAreFoundAsPrepareFindsThem() throws {
    let photos = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: photos.path("x"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: photos.path("y"), withIntermediateDirectories: true)
    for name in ["x/a.jpg", "x/twice.jpg", "y/twice.jpg", "b.jpg", "noending"] {
      _ = try photos.write([1], to: name)
    }
    let finder = try PhotoFinder(folder: photos.url.path)
    for (name, file) in [
      ("a.jpg", "x/a.jpg"), ("x/a.jpg", "x/a.jpg"), ("val/b.jpg", "b.jpg"), ("noending", "noending"),
      ("none.jpg", "none.jpg"),
    ] {
      let path = try finder.path(of: PhotoName(name.utf8))
      #expect(path.hasSuffix("/" + file) && path.hasPrefix(photos.url.path))
    }
    #expect(throws: PreparationError.self) { try finder.path(of: PhotoName("twice.jpg".utf8)) }
    #expect(throws: PreparationError.self) { try PhotoFinder(folder: photos.path("none")) }
  }
}
