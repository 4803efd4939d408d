import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// Corrections, reports, comparisons and several seeds, from the command line.
  @Suite struct TrustTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func object(_ text: String) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func sortedText(_ value: Any?) throws -> String {
      let data = try JSONSerialization.data(withJSONObject: [try #require(value)], options: .sortedKeys)
      return String(decoding: data, as: UTF8.self)
    }

    private func evaluate(_ arguments: [String]) throws -> Executable.Run {
      try Executable.succeed(
        ["evaluate", workspace.model, "--data", workspace.data, "--threads", "1"] + arguments)
    }

    /// Trains models with the seeds 7 and 8, NAME.seed-7.safetensors and NAME.seed-8.safetensors.
    private func trainSeeds(_ name: String, epochs: Int, _ arguments: String...) throws -> Executable.Run {
      try Executable.succeed(
        Workspace.training(
          data: workspace.data, output: workspace.path("\(name).safetensors"), epochs: epochs)
          + ["--seed", "7", "--seeds", "2", "--validate-every", "1", "--rate-schedule", "constant"]
          + arguments)
    }

    private func bytes(_ name: String) throws -> [UInt8] {
      try TestSupport.bytes(ofFile: workspace.path(name))
    }

    @Test func hubnessIsStated() throws {
      let csls = try object(try evaluate(["--hubness", "csls", "--json"]).output)
      let stated = try #require(csls["hubness"] as? [String: Any])
      #expect(stated["name"] as? String == "csls" && stated["neighbors"] as? Int == 10)
      #expect((stated["looks_at"] as? String)?.contains("10 nearest neighbours") == true)
      let softmax = try object(
        try evaluate(["--hubness", "inverted-softmax", "--hubness-temperature", "0.25", "--json"]).output)
      #expect((softmax["hubness"] as? [String: Any])?["temperature"] as? Double == 0.25)
      #expect(try object(try evaluate(["--json"]).output)["hubness"] == nil)
      let folds = try evaluate(["--hubness", "csls", "--folds", "2"]).output
      #expect(folds.contains("corrected for hubness by csls") && folds.contains("each fold by itself"))
      let several = try evaluate([
        workspace.model, "--hubness", "inverted-softmax", "--hubness-temperature", "0.25", "--folds", "2",
      ]).output
      for part in ["of 2 models", "the mean of 2 folds", "(temperature 0.25)", "each fold by itself"] {
        #expect(several.contains(part), "\(part)")
      }
    }

    @Test(arguments: [
      (["--hubness", "other"], "hubness"), (["--hubness-neighbors", "3"], "--hubness csls"),
      (["--hubness", "csls", "--hubness-neighbors", "0"], "1 to 1000"),
      (["--hubness", "csls", "--hubness-temperature", "1"], "inverted-softmax"),
      (["--hubness", "inverted-softmax", "--hubness-temperature", "0"], "0.0001"),
      (["--report", "r.json", "--folds", "2"], "--folds"), (["--resamples", "0"], "--resamples"),
    ])
    func wrongUsage(arguments: [String], named: String) throws {
      let run = try Executable.run(["evaluate", workspace.model, "--data", workspace.data] + arguments)
      #expect(run.status == 64 && run.errors.contains(named))
      #expect(!FileManager.default.fileExists(atPath: workspace.path("r.json")))
    }

    @Test func reportIsTheSameAsTextAndJSON() throws {
      let file = workspace.path("report.json")
      let text = try evaluate(["--report", file, "--resamples", "100", "--hubness", "csls"]).output
      for part in [
        "image annotation", "95% intervals, from 100 resamples", "corrected for hubness by csls",
        "repeated: ",
        "in the train split too: ", "unknown words: 0 of 78", "ties", "image search by caption length",
      ] { #expect(text.contains(part), "\(part)") }

      let report = try object(String(decoding: try bytes("report.json"), as: UTF8.self))
      let plain = try object(try evaluate(["--hubness", "csls", "--json"]).output)
      // All that is without a report, and more.
      for key in plain.keys { #expect(try sortedText(report[key]) == sortedText(plain[key]), "\(key)") }
      #expect(
        Set(report.keys).subtracting(plain.keys) == [
          "model", "intervals", "bootstrap", "repetitions", "train_overlap", "vocabulary", "search_by_length",
          "ties",
        ])
      // The tiny test split is the beginning of the train split.
      let overlap = try #require(report["train_overlap"] as? [String: Any])
      #expect(overlap["captions"] as? Int == 12 && overlap["images"] as? Int == 6)
      let sum = (report["intervals"] as? [String: Any])?["sum_of_recalls"] as? [String: Double]
      let score = try #require(report["sum_of_recalls"] as? Double)
      #expect(try #require(sum?["low"]) <= score && score <= (try #require(sum?["high"])))

      let printed = try evaluate(["--report", file, "--resamples", "100", "--hubness", "csls", "--json"])
        .output
      #expect(printed == String(decoding: try bytes("report.json"), as: UTF8.self))
    }

    @Test func reportWithoutATrainSplit() throws {
      try FileManager.default.removeItem(atPath: workspace.path("data/train_caps.txt"))
      let run = try evaluate(["--report", workspace.path("report.json")])
      #expect(
        run.output.contains("in the train split too: not known") && run.errors.contains("train_caps.txt"))
      let failed = try Executable.run(
        ["evaluate", workspace.model, "--data", workspace.data, "--report", workspace.path("no/report.json")])
      #expect(failed.status == 1 && failed.errorLines.count == 1 && failed.errors.contains("no"))
    }

    @Test func aReportReplacesNothingButJSON() throws {
      let model = try bytes("model.safetensors")
      let run = try Executable.run([
        "evaluate", workspace.model, "--data", workspace.data, "--report", workspace.model,
      ])
      #expect(run.status == 1 && run.errorLines.count == 1 && run.errors.contains("is no JSON"))
      #expect(try bytes("model.safetensors") == model)
    }

    @Test func seedsHaveFilesAndScoresOfTheirOwn() throws {
      let run = try trainSeeds("new", epochs: 2)
      #expect(run.output.contains("on dev, mean ± standard deviation of 2 models"))
      #expect(run.errors.contains("seed 8, 2 of 2"))
      // Each is what it is by itself.
      for seed in ["7", "8"] {
        let single = workspace.path("single.safetensors")
        _ = try Executable.succeed(
          Workspace.training(data: workspace.data, output: single) + [
            "--seed", seed, "--validate-every", "1", "--rate-schedule", "constant", "--overwrite",
          ])
        #expect(try bytes("single.safetensors") == bytes("new.seed-\(seed).safetensors"))
        #expect(run.output.contains("new.seed-\(seed).safetensors: annotation "))
      }
      #expect(!FileManager.default.fileExists(atPath: workspace.path("new.safetensors")))

      let models = ["7", "8"].map { workspace.path("new.seed-\($0).safetensors") }
      let several = try object(
        try Executable.succeed(["evaluate"] + models + ["--data", workspace.data, "--json"]).output)
      let scores = try #require(several["models"] as? [[String: Any]])
      #expect(scores.map { $0["model"] as? String } == models)
      let sums = try scores.map { try #require($0["sum_of_recalls"] as? Double) }
      let spread = (several["spread"] as? [String: Any])?["sum_of_recalls"] as? [String: Double]
      #expect(abs(try #require(spread?["mean"]) - (sums[0] + sums[1]) / 2) < 1e-9)
      #expect(abs(try #require(spread?["deviation"]) - abs(sums[0] - sums[1]) / 2.0.squareRoot()) < 1e-9)
    }

    @Test func seedsGoOnWhereTheyStopped() throws {
      _ = try trainSeeds("whole", epochs: 2)
      _ = try trainSeeds("parts", epochs: 2)
      // As if it had been stopped before the second seed, and as if within it.
      for isStarted in [false, true] {
        let finished = try bytes("parts.seed-7.safetensors")
        for file in ["parts.seed-8.safetensors", "parts.seed-8.checkpoint.safetensors"] {
          try FileManager.default.removeItem(atPath: workspace.path(file))
        }
        if isStarted {
          _ = try Executable.succeed(
            Workspace.training(
              data: workspace.data, output: workspace.path("parts.seed-8.safetensors"), epochs: 1)
              + ["--seed", "8", "--validate-every", "1", "--rate-schedule", "constant"])
        }
        let run = try trainSeeds("parts", epochs: 2, "--resume")
        #expect(try bytes("parts.seed-7.safetensors") == finished)
        #expect(
          try bytes("parts.seed-8.checkpoint.safetensors") == bytes("whole.seed-8.checkpoint.safetensors"))
        #expect(run.output.contains("of 2 models"))
      }
    }

    @Test func laterSeedsReplaceNothingEither() throws {
      _ = try workspace.folder.write(try bytes("model.safetensors"), to: "new.seed-8.safetensors")
      let run = try Executable.run(
        Workspace.training(data: workspace.data, output: workspace.path("new.safetensors"))
          + ["--seed", "7", "--seeds", "2"])
      #expect(run.status == 1 && run.errorLines.count == 1 && run.errors.contains("new.seed-8.safetensors"))
      #expect(!FileManager.default.fileExists(atPath: workspace.path("new.seed-7.safetensors")))
      let wrong = try Executable.run(
        Workspace.training(data: workspace.data, output: workspace.path("new.safetensors"))
          + ["--seed", "\(UInt64.max)", "--seeds", "2"])
      #expect(wrong.status == 1 && wrong.errors.contains("--seed must be at most"))
      let nothing = try Executable.run(
        Workspace.training(data: workspace.data, output: workspace.path("none.safetensors"))
          + ["--seeds", "2", "--resume"])
      #expect(nothing.status == 1 && nothing.errors.contains("none.seed-1234.checkpoint.safetensors"))
    }

    @Test func comparing() throws {
      let other = workspace.path("other.safetensors")
      _ = try Executable.succeed(
        Workspace.training(data: workspace.data, output: other) + ["--encoder", "bow", "--dim", "8"])
      let arguments = ["compare", workspace.model, other, "--data", workspace.data, "--resamples", "200"]
      let text = try Executable.succeed(arguments).output
      #expect(text.contains("200 paired resamples") && text.contains(" p "))
      let record = try object(try Executable.succeed(arguments + ["--json", "--hubness", "csls"]).output)
      #expect(
        Set(record.keys) == ["split", "hubness", "first", "second", "differences", "bootstrap", "better"])
      let sum = (record["differences"] as? [String: Any])?["sum_of_recalls"] as? [String: Any]
      #expect(Set(try #require(sum).keys) == ["difference", "interval", "p_value"])

      // The same model in the original's files.
      let plain = workspace.path("plain.safetensors")
      _ = try Executable.succeed(
        Workspace.training(data: workspace.data, output: plain) + ["--recipe", "kiros"])
      let original = workspace.path("original.npz")
      _ = try Executable.succeed(["convert", plain, original])
      let same = ["compare", plain, original, "--data", workspace.data]
      #expect(try Executable.succeed(same).output.hasPrefix("the test split does not tell which is better"))
      let equal = try object(try Executable.succeed(same + ["--json"]).output)
      #expect(equal["better"] as? String == "undecided")
      let none = (equal["differences"] as? [String: Any])?["sum_of_recalls"] as? [String: Any]
      #expect(none?["difference"] as? Double == 0 && none?["p_value"] as? Double == 1)
      let missing = try Executable.run(["compare", workspace.model, "nothing", "--data", workspace.data])
      #expect(missing.status == 1 && missing.errors.contains("nothing"))
    }

    /// What everyone needs stands first.
    @Test func trainingHelpBeginsWithTheEssentials() throws {
      let help = try Executable.succeed(["train", "--help"]).output
      let places = try ["  --data <", "  -o, --output <", "  --recipe <", "  --resume", "  --bidirectional"]
        .map {
          try #require(help.range(of: $0)).lowerBound
        }
      #expect(places == places.sorted())
    }
  }
}
