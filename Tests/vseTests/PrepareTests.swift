import DataFormats
import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  @Suite struct PrepareTests {
    private let folder: TemporaryFolder
    private let count = 40

    /// Captions in a table and features by name, of which the last has no caption.
    init() throws {
      folder = try TemporaryFolder()
      let captions = TinyDataset.captions(count).enumerated().map {
        "photos/\($0 / 2).jpg,\"\($1), yes.\"\r\n"
      }
      _ = try folder.write(Array(("image,caption\r\n" + captions.joined()).utf8), to: "captions.csv")
      try NumpyArray.write(
        ArrayData(TinyDataset.features(count + 1), shape: [count + 1, TinyDataset.width]),
        to: folder.path("f.npy"))
      let names = (0...count).map { "\($0).jpg\n" }.joined()
      _ = try folder.write(Array(names.utf8), to: "names.txt")
    }

    private func arguments(_ more: [String] = []) -> [String] {
      [
        "prepare", "--captions", "captions.csv", "--features", "f.npy", "--names", "names.txt", "--output",
        "mine",
      ] + more
    }

    @Test func whatIsPreparedTrains() throws {
      let run = try Executable.succeed(arguments(["--dev-size", "6", "--test-size", "10%"]), folder: folder)
      for line in [
        "captions.csv: csv, tokens words", "found     40 images, 80 captions",
        "train     30 images, 60 captions",
        "dev       6 images, 12 captions", "test      4 images, 8 captions",
        "features without caption: 1 (40.jpg)",
      ] {
        #expect(run.output.contains(line + "\n"), "\(run.output)")
      }
      let captions = try String(contentsOfFile: folder.path("mine/mine_train_caps.txt"), encoding: .utf8)
      #expect(captions.split(separator: "\n").allSatisfy { $0.hasSuffix(" , yes .") })
      let training = Workspace.training(
        data: folder.path("mine"), output: folder.path("model.safetensors"), epochs: 1)
      _ = try Executable.succeed(training)
    }

    @Test func theReportIsJSONToo() throws {
      let run = try Executable.succeed(arguments(["--json", "--seed", "7"]), folder: folder)
      let report = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect(report["images_found"] as? Int == 40)
      #expect(report["features_without_caption"] as? [String] == ["40.jpg"])
      #expect(report["seed"] as? Int == 7)
      #expect((report["splits"] as? [String: [String: Int]])?["dev"] == ["images": 4, "captions": 8])
    }

    @Test func whatIsThereIsNotReplaced() throws {
      _ = try Executable.succeed(arguments(), folder: folder)
      let second = try Executable.run(arguments(), folder: folder)
      #expect(second.status == 1 && second.errorLines.count == 1 && second.errors.contains("--overwrite"))
      _ = try Executable.succeed(arguments(["--overwrite"]), folder: folder)
    }

    @Test func aPhotoInTwoSplitsIsRefused() throws {
      for list in ["train", "test"] { _ = try folder.write("photos/1.jpg\n".utf8, to: list) }
      let run = try Executable.run(
        arguments(["--train-list", "train", "--test-list", "test"]), folder: folder)
      #expect(
        run.status == 1 && run.errorLines.count == 1
          && run.errors.contains("'photos/1.jpg' is in train and in test"))
      #expect(!FileManager.default.fileExists(atPath: folder.path("mine")))
    }

    @Test(arguments: [
      ["--dev-size", "1", "--train-list", "x"], ["--test-size", "-1"], ["--format", "xml"], ["--rows", "x"],
    ])
    func wrongUsageIsTold(more: [String]) throws {
      #expect(try Executable.run(arguments(more), folder: folder).status == 64)
    }
  }
}
