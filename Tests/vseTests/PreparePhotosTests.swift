import DataFormats
import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// `vse prepare` of photos, with a network that needs no weights.
  @Suite struct PreparePhotosTests {
    private let folder: TemporaryFolder
    private static let names = ["60x40.png", "jpeg.jpg", "webp.webp", "gif.gif"]

    /// Photos in a folder within the folder, and two captions for each, by their names alone.
    init() throws {
      folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: folder.path("photos/some"), withIntermediateDirectories: true)
      for name in Self.names {
        _ = try folder.write(try bytes(ofFile: fixturePath("photos/" + name)), to: "photos/some/" + name)
      }
      try writeCaptions(Self.names)
    }

    private func writeCaptions(_ names: [String]) throws {
      let lines = names.flatMap { ["\($0),one \($0.prefix(2))\n", "\($0),two \($0.prefix(2))\n"] }
      _ = try folder.write(Array(lines.joined().utf8), to: "captions.csv")
    }

    private func arguments(_ more: [String] = [], network: String = "descriptor") -> [String] {
      ["prepare", "--captions", "captions.csv", "--photos", "photos", "--output", "mine"]
        + ["--network", network, "--dev-size", "0", "--test-size", "0"] + more
    }

    private func prepare(_ more: String...) throws -> Executable.Run {
      try Executable.run(arguments(more), folder: folder)
    }

    private func text(_ name: String) throws -> String {
      String(decoding: try bytes(ofFile: folder.path(name)), as: UTF8.self)
    }

    private func rows(_ path: String) throws -> [Float] {
      try NumpyArray.read(path: folder.path(path)).float32Values()
    }

    /// The rows are those that `vse features` gives, and nothing else stays.
    @Test func photosBecomeADataset() throws {
      let run = try prepare()
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("train     4 images, 8 captions\n"))
      let paths = Self.names.map { "photos/some/" + $0 }
      _ = try Executable.succeed(
        ["features"] + paths + ["--network", "descriptor", "-o", "f.npy"], folder: folder)
      #expect(try rows("mine/mine_train_ims.npy") == rows("f.npy"))
      #expect(try text("mine/mine_train_images.txt") == Self.names.map { $0 + "\n" }.joined())
      #expect(
        try folder.contents() == ["captions.csv", "f.names.txt", "f.npy", "mine", "photos"])
    }

    @Test func unreadablePhotosAreLeftOutAndListed() throws {
      // A photo of the same name elsewhere must not stand in for the broken one.
      _ = try folder.write(Array("no photo".utf8), to: "photos/some/broken.png")
      try writeCaptions(["some/broken.png"] + Self.names)
      let run = try prepare("--json")
      #expect(run.status == 0, "\(run.errors)")
      let report = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      let unreadable = try #require(report["unreadable_photos"] as? [[String: String]])
      #expect(unreadable.map { $0["name"] } == ["some/broken.png"])
      #expect(unreadable[0]["reason"]?.contains("photos/some/broken.png") ?? false)
      #expect((report["images_without_features"] as? [String])?.isEmpty ?? false)
      #expect(try text("mine.features.failed.txt").hasPrefix("some/broken.png\t"))
      #expect(run.errors.contains("mine.features.failed.txt"))
      #expect(try text("mine/mine_train_images.txt") == Self.names.map { $0 + "\n" }.joined())
    }

    @Test func unreadablePhotosEndTheWorkWhereTheyAreRefused() throws {
      _ = try folder.write(Array("no photo".utf8), to: "photos/some/jpeg.jpg")
      let run = try prepare("--incomplete", "refuse")
      #expect(run.status == 1 && run.errorLines.count == 1 && run.errors.contains("some/jpeg.jpg"))
      #expect(FileKind(path: folder.path("mine")) == .missing)
    }

    /// The cause is told, and no empty array stays.
    @Test func nothingButUnreadablePhotosIsTold() throws {
      for name in Self.names { _ = try folder.write(Array("no photo".utf8), to: "photos/some/" + name) }
      let run = try prepare()
      #expect(run.status == 1 && run.errorLines.count == 1)
      #expect(run.errors.contains("60x40.png' is no JPEG") && run.errors.contains("mine.features.failed.txt"))
      #expect(try folder.contents() == ["captions.csv", "mine.features.failed.txt", "photos"])
    }

    /// What was computed is used when the same command comes again; other options need a word.
    @Test func whatIsComputedOutlivesAFailure() throws {
      // Only when the photos are read does it turn out that there are too few of them.
      _ = try folder.write(Array("no photo".utf8), to: "photos/some/gif.gif")
      let failed = try prepare("--dev-size", "3")
      #expect(failed.status == 1 && failed.errors.contains("--dev-size"))
      let partial = folder.path("mine.features.npy.partial")
      #expect(FileKind(path: partial) != .missing)
      let other = try prepare("--max-pixels", "1000000")
      #expect(other.status == 1 && other.errorLines.count == 1 && other.errors.contains("--overwrite"))
      #expect(try prepare().status == 0)
      #expect(FileKind(path: partial) == .missing)
    }

    @Test func splitsAreCheckedBeforePhotosAreRead() throws {
      #expect(try prepare("--dev-size", "4").status == 1)
      #expect(try folder.contents() == ["captions.csv", "photos"])
    }

    @Test func aPhotoInAnotherFolderIsNotTakenForABrokenOne() throws {
      _ = try folder.write(Array("no photo".utf8), to: "photos/some/gif.gif")
      _ = try folder.write(try bytes(ofFile: fixturePath("photos/gif.gif")), to: "photos/gif.gif")
      try writeCaptions(["some/gif.gif", "gif.gif"])
      let run = try prepare()
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("left out, photo unreadable: 1 (some/gif.gif)\n"))
      #expect(try text("mine/mine_train_images.txt") == "gif.gif\n")
    }

    @Test(arguments: [
      ["--features", "f.npy"], ["--names", "names.txt"], ["--weights", "w.safetensors"],
      ["--decode-threads", "0"], ["--layer", "fc7"],
    ])
    func wrongUseIsTold(more: [String]) throws {
      #expect(try Executable.run(arguments(more), folder: folder).status == 64)
    }

    @Test(arguments: [
      [], ["--photos", "photos"], ["--network", "descriptor"], ["--features", "f.npy"],
      ["--features", "f.npy", "--names", "n", "--ten-crop"],
      ["--features", "f.npy", "--names", "n", "--weights", "w"],
    ])
    func featuresComeFromOnePlace(more: [String]) throws {
      let run = try Executable.run(
        ["prepare", "--captions", "captions.csv", "--output", "mine"] + more, folder: folder)
      #expect(run.status == 64)
    }
  }
}
