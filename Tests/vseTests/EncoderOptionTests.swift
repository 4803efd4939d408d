import DataFormats
import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// Deep encoders, what training drops, word vectors and crops, from the command line.
  @Suite struct EncoderOptionTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private var output: String { workspace.path("new.safetensors") }

    private func train(_ arguments: [String]) throws -> Executable.Run {
      try Executable.succeed(Workspace.training(data: workspace.data, output: output) + arguments)
    }

    private func object(_ text: String) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func everythingAtOnce() throws {
      let options = [
        "--bidirectional", "--layers 2", "--pooling generalized", "--word-dropout 0.1", "--dropout-words 0.2",
        "--dropout-layers 0.1", "--dropout-output 0.1", "--image-hidden 6", "--dropout-features 0.2",
        "--feature-noise 0.05",
      ]
      let run = try train(options.flatMap { $0.split(separator: " ").map(String.init) })
      for option in options { #expect(run.errors.contains(option), "\(option) is in force") }

      let text = try Executable.succeed(["info", output]).output
      #expect(text.contains("gru, with hidden bias, bidirectional, 2 layers, generalized pooling, dim 16"))
      #expect(text.contains("image hidden 6") && text.contains("gru.layers.1.backward.bias"))
      let model = try object(try Executable.succeed(["info", output, "--json"]).output)
      let configuration = try #require(model["configuration"] as? [String: Any])
      #expect(configuration["pooling"] as? String == "generalized" && configuration["layers"] as? Int == 2)

      let scores = try object(
        try Executable.succeed(["evaluate", output, "--data", workspace.data, "--json"]).output)
      #expect(scores["captions"] as? Int == 12)
    }

    @Test func wordVectors() throws {
      let vectors = workspace.path("vectors.txt")
      let numbers = (0..<8).map { "0.\($0)" }.joined(separator: " ")
      _ = try workspace.folder.write(
        Array("3 8\ndog \(numbers)\ncat \(numbers)\nzebra \(numbers)\n".utf8), to: "vectors.txt")
      let run = try train(["--word-vectors", vectors, "--freeze-word-vectors"])
      #expect(run.errors.contains("word vectors: 2 of 11 words are in vectors.txt, and stay"))
      #expect(run.errors.contains("--word-vectors vectors.txt --freeze-word-vectors"))

      let wide = try Executable.run(
        Workspace.training(data: workspace.data, output: workspace.path("none.safetensors"))
          + ["--word-vectors", vectors, "--word-dim", "9"])
      #expect(wide.status == 1 && wide.errorLines.count == 1)
      #expect(wide.errors.contains("vectors.txt") && wide.errors.contains("--word-dim 8"))
      for arguments in [
        ["--freeze-word-vectors"], ["--word-vectors", vectors, "--init-from", workspace.model],
      ] {
        let refused = try Executable.run(
          Workspace.training(data: workspace.data, output: workspace.path("none.safetensors")) + arguments)
        #expect(refused.status == 64 && refused.errors.contains("--word-vectors"))
      }
    }

    /// Every image twice, the second time with its features doubled.
    private func writeCrops() throws {
      for (split, images) in TinyDataset.images {
        let features = TinyDataset.features(images)
        let rows = (0..<images).flatMap { image in
          let row = features[image * TinyDataset.width..<(image + 1) * TinyDataset.width]
          return row + row.map { 2 * $0 }
        }
        try NumpyArray.write(
          ArrayData(rows, shape: [2 * images, TinyDataset.width]),
          to: workspace.path("data/\(split)_ims.npy"))
      }
    }

    @Test func crops() throws {
      try writeCrops()
      // As many rows as captions: without --crops each row would be an image of its own.
      let info = try object(
        try Executable.succeed(["info", workspace.data, "--crops", "2", "--json"]).output)
      let splits = try #require(info["splits"] as? [[String: Any]])
      #expect(splits.map { $0["images"] as? Int } == [24, 6, 6])
      _ = try train(["--crops", "2", "--sample-crops"])
      // What the model was trained with is what it is scored with.
      let run = try Executable.succeed(["evaluate", output, "--data", workspace.data, "--json"])
      #expect(try object(run.output)["images"] as? Int == 6 && run.errors.contains("2 rows"))

      // Beside it a model of single rows, each of which would be an image.
      let both = try Executable.run(["evaluate", output, workspace.model, "--data", workspace.data])
      #expect(both.status == 1 && both.errorLines.last?.contains("different sets") == true)
      let same = ["evaluate", output, workspace.model, "--data", workspace.data, "--crops", "2"]
      #expect(try Executable.succeed(same).output.contains("of 2 models"))

      func vectors(_ crops: String) throws -> [Int] {
        let file = workspace.path("vectors.npy")
        _ = try Executable.succeed([
          "embed", "images", output, workspace.path("data/test_ims.npy"), "--crops", crops, "-o", file,
        ])
        return try NumpyArray.read(path: file).shape
      }
      #expect(try vectors("2") == [6, 16] && vectors("1") == [12, 16])
      let odd = try Executable.run(["evaluate", output, "--data", workspace.data, "--crops", "5"])
      #expect(odd.status == 1 && odd.errorLines.last?.contains("--crops") == true)
    }

    /// The default recipe's decay is AdamW's: in the cost it would be another thing, and as large.
    @Test func weightDecayFollowsAdam() throws {
      for (arguments, inForce) in [
        ([], "--adam adamw --learning-rate 0.01 --weight-decay 0.05"),
        (["--adam", "standard"], "--adam standard --learning-rate 0.01 --weight-decay 0.0 "),
        (["--adam", "kiros", "--weight-decay", "0.001"], "--weight-decay 0.001 "),
        (["--recipe", "fast", "--adam", "adamw"], "--weight-decay 0.05"),
      ] {
        #expect(try train(arguments + ["--overwrite"]).errors.contains(inForce), "\(arguments)")
      }
    }

    /// What a recipe or an earlier option has gives way to what is given.
    @Test func wrongUsage() throws {
      for (arguments, named) in [
        (["--encoder", "bow", "--bidirectional"], "--bidirectional"),
        (["--dropout-words", "1"], "less than 1"),
        (["--pooling", "sum"], "pooling"), (["--sample-crops"], "--crops"), (["--layers", "0"], "1 to 64"),
        (["--dropout-layers", "0.2"], "--dropout-layers"),
      ] {
        var training = Workspace.training(data: workspace.data, output: output)
        if arguments.contains("bow"), let index = training.firstIndex(of: "--word-dim") {
          training.removeSubrange(index...index + 1)
        }
        let run = try Executable.run(training + arguments)
        #expect(run.status == 64 && run.errors.contains(named), "\(arguments)")
      }
    }
  }
}
