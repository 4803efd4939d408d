import DataFormats
import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  @Suite struct FlowTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func json(_ arguments: [String]) throws -> [String: Any] {
      try object(try Executable.succeed(arguments).output)
    }

    private func object(_ text: String) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// The rows of an .npy file of float32.
    private func rows(_ name: String) throws -> [[Float]] {
      let array = try NumpyArray.read(path: workspace.path(name))
      try #require(array.shape.count == 2)
      let (values, width) = (try array.values(as: Float.self), array.shape[1])
      return (0..<array.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }

    private func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    private func embedTest() throws -> (images: [[Float]], sentences: [[Float]]) {
      let captions = workspace.path("data/test_caps.txt")
      _ = try Executable.succeed(
        ["embed", "sentences", workspace.model, captions, "--output", workspace.path("sentences.npy")])
      _ = try Executable.succeed(
        [
          "embed", "images", workspace.model, workspace.path("data/test_ims.npy"), "-o",
          workspace.path("images.npy"),
        ])
      return (try rows("images.npy"), try rows("sentences.npy"))
    }

    @Test func vectorsHaveUnitNorm() throws {
      let (images, sentences) = try embedTest()
      #expect(images.count == 6 && sentences.count == 12)
      for row in images + sentences {
        #expect(row.count == Workspace.dim)
        #expect(abs(dot(row, row) - 1) < 1e-5)
      }
    }

    @Test func evaluateAgreesWithTheVectorsThatEmbedWrites() throws {
      let scores = try json([
        "evaluate", workspace.model, "--data", workspace.data, "--split", "test", "--json",
      ])
      let search = try #require(scores["search"] as? [String: Any])
      let (images, sentences) = try embedTest()
      let ranks = sentences.enumerated().map { index, sentence in
        let own = index / TinyDataset.captionsPerImage
        return images.indices.count { $0 != own && dot(images[$0], sentence) >= dot(images[own], sentence) }
      }
      let first = 100 * Double(ranks.count { $0 < 1 }) / Double(ranks.count)
      #expect(abs(try #require(search["r1"] as? Double) - first) < 1e-6)
      let mean = Double(ranks.reduce(0, +)) / Double(ranks.count) + 1
      #expect(abs(try #require(search["mean_rank"] as? Double) - mean) < 1e-6)
      #expect(scores["images"] as? Int == 6 && scores["captions"] as? Int == 12)
    }

    @Test func rowsStayWithTheirLines() throws {
      let lines = "a red dog on the beach\n\nblue cat\na red dog on the beach\n   \nthe horse"
      let run = try Executable.succeed(
        ["embed", "sentences", workspace.model, "-", "--output", workspace.path("lines.npy")], input: lines)
      let found = try rows("lines.npy")
      #expect(found.count == 6)
      #expect(found[0] == found[3] && found[0] != found[2])
      for empty in [1, 4] { #expect(found[empty].allSatisfy { $0 == 0 }) }
      #expect(run.errors.contains("zeros: 2"))
      for (line, row) in [(2, "blue cat"), (5, "the horse")] {
        _ = try Executable.succeed(
          ["embed", "sentences", workspace.model, "-", "--output", workspace.path("one.npy")], input: row)
        #expect(maximumAbsoluteDifference(try rows("one.npy")[0], found[line]) < 1e-5)
      }
    }

    @Test func unknownWordsAreCounted() throws {
      let run = try Executable.succeed(
        ["embed", "sentences", workspace.model, "-", "--output", workspace.path("lines.npy")],
        input: "a purple dog\nxyzzy\n")
      #expect(run.errors.contains("does not know: 2 of 4"))
    }

    @Test func infoTellsWhatEachFileHolds() throws {
      let model = try json(["info", workspace.model, "--json"])
      #expect(model["kind"] as? String == "model" && model["words"] as? Int == 11)
      #expect((model["configuration"] as? [String: Any])?["image_dim"] as? Int == TinyDataset.width)
      #expect((model["file"] as? [String: Any])?["checksum_verified"] as? Bool == true)
      #expect((model["training"] as? [String: Any])?["epochs"] as? Int == 2)

      let array = try json(["info", workspace.path("data/train_ims.npy"), "--json"])
      #expect(array["kind"] as? String == "array" && array["shape"] as? [Int] == [24, 8])
      let norms = try #require(array["rows"] as? [String: Any])
      #expect(norms["are_unit_norm"] as? Bool == false && norms["not_finite"] as? Int == 0)
      #expect(abs(try #require(norms["minimum_norm"] as? Double) - 3.0.squareRoot()) < 1e-6)

      let dataset = try json(["info", workspace.data, "--json"])
      let splits = try #require(dataset["splits"] as? [[String: Any]])
      #expect(splits.map { $0["split"] as? String } == ["train", "dev", "test"])
      #expect(splits[0]["images"] as? Int == 24 && splits[0]["captions"] as? Int == 48)
      #expect(splits[0]["distinct_words"] as? Int == 11 && splits[0]["empty_captions"] as? Int == 0)
      // For people, too.
      #expect(try Executable.succeed(["info", workspace.model]).output.contains("--learning-rate 0.01"))
    }

    @Test func infoLooksAtBytesNotAtNames() throws {
      try FileManager.default.moveItem(atPath: workspace.model, toPath: workspace.path("renamed.npy"))
      #expect(try json(["info", workspace.path("renamed.npy"), "--json"])["kind"] as? String == "model")
    }

    @Test func infoMeasuresRowsOfEveryFloat() throws {
      let path = workspace.path("array.npy")
      let arrays: [(ArrayData, isUnit: Bool)] = [
        (ArrayData([0.6, 0.8, 0, -1] as [Double], shape: [2, 2]), true),
        (ArrayData([0.6, 0.8, 0, -1.1] as [Float], shape: [2, 2]), false),
        // 1, 0 and 0, -1 in float16.
        (try ArrayData(elementType: .float16, shape: [2, 2], bytes: [0, 0x3C, 0, 0, 0, 0, 0, 0xBC]), true),
      ]
      for (array, isUnit) in arrays {
        try NumpyArray.write(array, to: path)
        let rows = try json(["info", path, "--json"])["rows"] as? [String: Any]
        #expect(rows?["are_unit_norm"] as? Bool == isUnit, "\(array.elementType)")
        #expect(abs((rows?["minimum_norm"] as? Double ?? 0) - 1) < 1e-6)
      }
      try NumpyArray.write(ArrayData([1, 2, 3] as [Int32]), to: path)
      let array = try json(["info", path, "--json"])
      #expect(array["type"] as? String == "int32" && array["rows"] == nil)
    }

    @Test func infoTellsOfArraysThatFeaturesCannotBe() throws {
      let fortran = try json(["info", fixturePath("numpy/fortran_large.npy"), "--json"])
      #expect(fortran["is_fortran_order"] as? Bool == true && fortran["shape"] as? [Int] == [70, 45])
      let swapped = try Executable.succeed(["info", fixturePath("numpy/big_f4.npy")]).output
      #expect(swapped.contains("float32") && swapped.contains("big-endian") && swapped.contains("row norms"))
      for (name, type) in [("object", "objects"), ("structured", "records"), ("complex", "<c8")] {
        let array = try json(["info", fixturePath("numpy/\(name).npy"), "--json"])
        #expect(array["type"] as? String == type && array["rows"] == nil)
      }
    }

    @Test func infoListsArchives() throws {
      for name in ["stored", "deflated"] {
        let archive = try json(["info", fixturePath("numpy/\(name).npz"), "--json"])
        let arrays = try #require(archive["arrays"] as? [[String: Any]])
        #expect(archive["kind"] as? String == "archive" && arrays.count == 8)
        #expect(arrays[0]["name"] as? String == "counting" && arrays[0]["type"] as? String == "float32")
        #expect(arrays[0]["shape"] as? [Int] == [2, 3] && arrays[0]["packing"] as? String == name)
      }
      let text = try Executable.succeed(["info", fixturePath("numpy/objects.npz")]).output
      #expect(text.contains("options   objects") && text.contains("README") && text.contains("verified"))
      let other = try json(["info", fixturePath("zip/other_method.zip"), "--json"])
      let files = try #require(other["other_files"] as? [[String: Any]])
      #expect(files.map { $0["packing"] as? String } == ["method 12", "method 14"])
    }

    @Test func infoFindsNaNs() throws {
      try workspace.change("data/train_ims.npy") {
        $0.replaceSubrange($0.count - 4..<$0.count, with: [0, 0, 0xC0, 0x7F])
      }
      let rows = try json(["info", workspace.path("data/train_ims.npy"), "--json"])["rows"] as? [String: Any]
      #expect(rows?["not_finite"] as? Int == 1 && rows?["first_not_finite"] as? Int == 23)
    }

    /// The weights in a checkpoint, by name.
    private func weights(_ name: String) throws -> [String: [Float]] {
      let file = try SafetensorsFile.read(path: workspace.path(name))
      var weights: [String: [Float]] = [:]
      for name in file.names where name != "vocabulary" {
        weights[name] = try file[name]?.values(as: Float.self)
      }
      return weights
    }

    @Test func aResumedRunEndsWithTheSameWeights() throws {
      func train(_ name: String, epochs: Int, _ more: String...) throws {
        _ = try Executable.succeed(
          Workspace.training(
            data: workspace.data, output: workspace.path("\(name).safetensors"), epochs: epochs)
            // The rate of an update must not depend on the number of epochs.
            + ["--rate-schedule", "constant"] + more)
      }
      try train("whole", epochs: 3)
      try train("halves", epochs: 1)
      let checkpoint = try json(["info", workspace.path("halves.checkpoint.safetensors"), "--json"])
      #expect(checkpoint["kind"] as? String == "checkpoint" && checkpoint["epochs"] as? Int == 1)
      let first = try weights("halves.checkpoint.safetensors")
      try train("halves", epochs: 3, "--resume")
      let found = try weights("halves.checkpoint.safetensors")
      #expect(!found.isEmpty && found != first)
      #expect(found == (try weights("whole.checkpoint.safetensors")))
    }

    @Test func captionsOfAnyBytesAndEmptyOnesAreTrainedOn() throws {
      // Latin-1 "é", no UTF-8; an empty line in place of the first caption.
      try workspace.change("data/train_caps.txt") { text in
        text = [0x0A] + text.drop { $0 != 0x0A }.dropFirst().map { $0 == UInt8(ascii: "e") ? 0xE9 : $0 }
      }
      let run = try Executable.succeed(
        Workspace.training(data: workspace.data, output: workspace.path("latin.safetensors")))
      #expect(run.errors.contains("captions without a word, skipped: 1"))
      #expect(
        try json(["info", workspace.path("latin.safetensors"), "--json"])["kind"] as? String == "model")
    }

    @Test func benchmarkPrintsOneLineOfJSON() throws {
      let run = try Executable.succeed(["benchmark", "product", "--steps", "1", "--threads", "1", "--json"])
      #expect(run.output.split(separator: "\n").count == 1)
      let object = try object(run.output)
      #expect(
        Set(object.keys) == [
          "name", "median_milliseconds", "minimum_milliseconds", "items_per_second", "gigaflops", "precision",
          "threads", "cpu",
        ])
      #expect(object["name"] as? String == "product" && object["threads"] as? Int == 1)
      #expect(try #require(object["gigaflops"] as? Double) > 0)
    }
  }
}
