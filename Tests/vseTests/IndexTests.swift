import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  @Suite struct IndexTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private var index: String { workspace.path("photos.index") }

    private func json(_ text: some StringProtocol) throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func write(_ lines: [String], _ name: String) throws -> String {
      try workspace.folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: name)
    }

    /// Adds the six test images, and their captions in the groups of the images.
    private func fill() throws {
      let names = try write((0..<6).map { "\($0).jpg" }, "names.txt")
      let metadata = try write((0..<6).map { "{\"year\": \(2010 + $0 % 2)}" }, "metadata.jsonl")
      let groups = try write((0..<12).map { "\($0 / 2).jpg" }, "groups.txt")
      _ = try Executable.succeed([
        "index", "add", index, "--model", workspace.model, "--features", workspace.path("data/test_ims.npy"),
        "--names", names, "--metadata", metadata,
      ])
      _ = try Executable.succeed([
        "index", "add", index, "--captions", workspace.path("data/test_caps.txt"), "--groups", groups,
      ])
    }

    @Test func addListInfoRemoveVerifyCompact() throws {
      try fill()
      let info = try json(try Executable.succeed(["index", "info", index, "--json"]).output)
      #expect(info["photos"] as? Int == 6 && info["captions"] as? Int == 12 && info["dim"] as? Int == 16)
      #expect(info["model"] as? String == workspace.model)
      let list = try Executable.succeed(["index", "list", index, "--where", "year=2011", "--json"]).output
      let items = try list.split(separator: "\n").map { try json($0) }
      #expect(items.map { $0["name"] as? String } == ["1.jpg", "3.jpg", "5.jpg"])
      #expect((items[0]["metadata"] as? [String: Any])?["year"] as? Int == 2011)
      let text = try Executable.succeed(["index", "list", index, "--group", "4.jpg"]).output
      #expect(text.contains("a red horse on the beach  [4.jpg]"))

      let removed = try Executable.succeed(["index", "remove", index, "#1", "3.jpg"])
      #expect(removed.output.contains("removed 2"))
      #expect(try Executable.run(["index", "remove", index, "3.jpg"]).status == 1)
      #expect(
        try Executable.succeed(["index", "remove", index, "--group", "5.jpg"]).output.contains("removed 2"))
      #expect(try Executable.succeed(["index", "verify", index]).output.contains("14 items, 0 damaged"))
      #expect(
        try Executable.succeed(["index", "compact", index]).output.contains("18 rows before, 14 after"))
      #expect(try Executable.succeed(["index", "verify", index]).output.contains("14 items, 0 damaged"))
    }

    @Test func addingAgainIsSaidToChangeNothing() throws {
      try fill()
      let run = try Executable.succeed([
        "index", "add", index, "--captions", workspace.path("data/test_caps.txt"), "--groups",
        workspace.path("groups.txt"), "--json",
      ])
      let report = try json(run.output)
      #expect(report["added"] as? Int == 0 && report["unchanged"] as? Int == 12)
    }

    @Test func searchBySentenceItemAndFeatures() throws {
      try fill()
      let lines = try Executable.succeed(["search", index, "a red dog", "-k", "3"]).output.split(
        separator: "\n")
      #expect(lines.count == 3 && lines.allSatisfy { $0.contains("row ") && $0.contains(".jpg") })
      let found = try json(try Executable.succeed(["search", index, "a red dog", "--json"]).output)
      let hits = try #require(found["hits"] as? [[String: Any]])
      #expect(hits.count == 6 && (hits[0]["vector"] as? [Double])?.count == 16)
      let query = try #require((found["query"] as? [String: Any])?["vector"] as? [Double])
      for hit in hits {
        let vector = try #require(hit["vector"] as? [Double])
        let score = try #require(hit["score"] as? Double)
        #expect(abs(zip(query, vector).reduce(0) { $0 + $1.0 * $1.1 } - score) < 1e-5)
      }
      let like = try Executable.succeed(["search", index, "--like", "2.jpg", "-k", "9"]).output
      #expect(like.split(separator: "\n").count == 5 && !like.contains(" 2.jpg"))
      let same = try Executable.succeed([
        "search", index, "--features", workspace.path("data/test_ims.npy"), "--feature-row", "2", "-k", "1",
      ]).output
      #expect(same.contains("2.jpg") && same.contains(" 1.0000"))
      let captions = try Executable.succeed(["search", index, "--like", "2.jpg", "--kind", "caption"]).output
      #expect(captions.split(separator: "\n").count == 10 && captions.contains("[2.jpg]"))
    }

    @Test func arithmeticWeightsAndFilters() throws {
      try fill()
      let arguments = ["search", index, "--like", "2.jpg", "--plus", "red", "--minus", "blue"]
      let plain = try Executable.succeed(arguments).output
      #expect(try Executable.succeed(arguments + ["--weight", "1,1,1"]).output == plain)
      #expect(try Executable.succeed(arguments + ["--weight", "1,3,0.5"]).output != plain)
      #expect(try Executable.run(arguments + ["--weight", "1,1"]).status == 64)
      #expect(try Executable.run(arguments + ["--weight", "1,x,1"]).status == 64)
      let filtered = try Executable.succeed(arguments + ["--where", "year=2010", "--rerank"]).output
      #expect(filtered.split(separator: "\n").count == 2)
      let none = try Executable.succeed(arguments + ["--threshold", "1.5"])
      #expect(none.output.isEmpty && none.errors.contains("threshold"))
    }

    @Test func hubnessIsCorrectedAndStated() throws {
      try fill()
      let search = ["search", index, "a red dog", "-k", "6"]
      let run = try Executable.succeed(search + ["--hubness", "csls", "--hubness-neighbors", "3"])
      #expect(run.output.split(separator: "\n").count == 6)
      #expect(run.errors.contains("by csls, which looked at the 3 nearest neighbours"))
      #expect(run.errors.contains("12 captions of the index"))
      let found = try json(
        try Executable.succeed(search + ["--hubness", "inverted-softmax", "--json"]).output)
      let hubness = try #require(found["hubness"] as? [String: Any])
      #expect(hubness["name"] as? String == "inverted-softmax" && hubness["temperature"] != nil)
      #expect((hubness["looks_at"] as? String)?.hasSuffix("with 12 captions of the index") == true)
      let hits = try #require(found["hits"] as? [[String: Any]])
      #expect(hits.allSatisfy { ($0["cosine"] as? Double) != ($0["score"] as? Double) })
      #expect(try json(try Executable.succeed(search + ["--json"]).output)["hubness"] == nil)

      let features = ["--features", workspace.path("data/test_ims.npy"), "-k", "3", "--hubness", "csls"]
      let captions = try Executable.succeed(["caption", "--index", index, "--json"] + features)
      #expect(captions.errors.contains("6 photos of the index"))
      for line in captions.output.split(separator: "\n") {
        #expect((try json(line)["hubness"] as? [String: Any])?["neighbors"] as? Int == 10)
      }
      let refused = try Executable.run(
        ["caption", "--model", workspace.model, "--captions", workspace.path("data/test_caps.txt")] + features
      )
      #expect(refused.status == 64 && refused.errors.contains("--hubness needs --index"))
      _ = try Executable.succeed(["index", "remove", index, "--kind", "caption"])
      let alone = try Executable.run(search + ["--hubness", "csls"])
      #expect(alone.status == 1 && alone.errorLines.count == 1 && alone.errors.contains("has no captions"))
    }

    @Test func wordsThatNobodyKnows() throws {
      try fill()
      let run = try Executable.succeed(["search", index, "a zebra dog"])
      #expect(run.errors.contains("does not know: zebra"))
      let failed = try Executable.run(["search", index, "zebra yak"])
      #expect(failed.status == 1 && failed.errorLines.count == 1 && failed.errors.contains("knows no word"))
    }

    @Test func captionsFromAnIndexAndFromAFileAgree() throws {
      try fill()
      let features = ["--features", workspace.path("data/test_ims.npy"), "-k", "3", "--json"]
      let fromIndex = try Executable.succeed(["caption", "--index", index] + features).output
      let fromFile = try Executable.succeed(
        ["caption", "--model", workspace.model, "--captions", workspace.path("data/test_caps.txt")] + features
      ).output
      let (first, second) = (fromIndex.split(separator: "\n"), fromFile.split(separator: "\n"))
      #expect(first.count == 6 && second.count == 6)
      for (a, b) in zip(first, second) {
        let answers = try [a, b].map { try #require(try json($0)["captions"] as? [[String: Any]]) }
        #expect(answers[0].map { $0["text"] as? String } == answers[1].map { $0["text"] as? String })
      }
    }

    @Test func anotherModelIsRefused() throws {
      try fill()
      _ = try Executable.succeed(
        Workspace.training(data: workspace.data, output: workspace.path("other.safetensors"), epochs: 1))
      for command in [
        ["index", "add", index, "--model", workspace.path("other.safetensors"), "--captions", "-"],
        ["search", index, "a dog", "--model", workspace.path("other.safetensors")],
      ] {
        let run = try Executable.run(command, input: "a dog\n")
        #expect(run.status == 1 && run.errorLines.count == 1 && run.errors.contains("vse index add NEW"))
      }
      try FileManager.default.removeItem(atPath: workspace.model)
      let run = try Executable.run(["search", index, "a dog"])
      #expect(run.status == 1 && run.errors.contains("--model FILE"))
    }

    @Test func damageIsFoundAndLeftOut() throws {
      try fill()
      try workspace.change("photos.index/vectors-1.bin") { $0[4096 + 2 * 64 + 9] ^= 0x40 }
      let run = try Executable.run(["index", "verify", index])
      #expect(run.status == 1 && run.output.contains("damaged: #3  photo  2.jpg"))
      let search = try Executable.succeed(["search", index, "a dog"])
      #expect(!search.output.contains(" 2.jpg") && search.errors.contains("1 damaged"))
      #expect(try Executable.succeed(["index", "verify", index, "--repair"]).output.contains("removed"))
      let again = try Executable.succeed([
        "index", "add", index, "--features", workspace.path("data/test_ims.npy"), "--names",
        workspace.path("names.txt"), "--metadata", workspace.path("metadata.jsonl"),
      ])
      #expect(again.output.contains("added 1, replaced 0, unchanged 5"))
    }

    @Test func moreHitsThanThereAreAndNumbersBelowZero() throws {
      try fill()
      let many = ["search", index, "--like", "2.jpg", "-k", "\(Int.max)"]
      #expect(try Executable.succeed(many).output.split(separator: "\n").count == 5)
      #expect(try Executable.succeed(many + ["--kind", "caption"]).output.split(separator: "\n").count == 12)
      let low = try Executable.succeed(many + ["--threshold", "-0.99", "--weight", "-1"])
      #expect(!low.output.contains(" 2.jpg"))
      #expect(try Executable.run(many + ["--threshold", "nan"]).status == 64)
    }

    @Test func settingsThatAnIndexDoesNotHaveAreRefused() throws {
      try fill()
      let add = ["index", "add", index, "--captions", workspace.path("data/test_caps.txt")]
      for (setting, kept) in [
        (["--store", "bfloat16"], "--store float32"),
        (["--approximate-from", "7"], "--approximate-from 200000"),
      ] {
        let run = try Executable.run(add + setting)
        #expect(run.status == 1 && run.errorLines.count == 1 && run.errors.contains(kept), "\(run.errors)")
      }
      _ = try Executable.succeed(add + ["--store", "float32", "--approximate-from", "200000"])
    }

    @Test func commandsThatMessagesTellToRunCanBePasted() throws {
      let run = try Executable.run(["index", "info", "a b\n'c"], folder: workspace.folder)
      #expect(run.status == 1 && run.errorLines.count == 1)
      #expect(run.errors.contains(#"vse index add $'a\040b\012\047c' --model"#), "\(run.errors)")
      let spaces = try Executable.run(["index", "info", "a b"], folder: workspace.folder)
      #expect(spaces.errors.contains("vse index add 'a b' --model"), "\(spaces.errors)")
      try fill()
      let info = try Executable.run(["info", index])
      #expect(info.status == 1 && info.errors.contains("vse index info \(index)"), "\(info.errors)")
    }

    @Test(arguments: [
      (["index", "info", "nowhere"], 1, "no index"),
      (["index", "list", "nowhere", "--where", "year=1", "--where", "year=2"], 64, "given twice"),
      (["gallery", "nope", "-o", "x.html"], 64, "there is no 'nope'"),
      (["gallery", "nope", "-o", "-"], 64, "should be a file"),
      (["search", "nowhere", "a dog"], 1, "no index"),
      (["search", "nowhere"], 64, "what to look for"),
      (["index", "add", "new"], 64, "--captions FILE"),
      (["index", "add", "new", "--features", "a.npy"], 64, "belong together"),
      (["index", "remove", "nowhere"], 64, "name the items"),
      (["index", "list", "nowhere", "--where", "year"], 64, "KEY=VALUE"),
      (["caption", "--features", "a.npy"], 64, "--index INDEX"),
    ])
    func wrongUse(arguments: [String], status: Int32, text: String) throws {
      let run = try Executable.run(arguments, folder: workspace.folder)
      #expect(run.status == status && run.errors.contains(text), "\(run.errors)")
    }

    @Test func filesThatDoNotBelongTogether() throws {
      let names = try write(["1.jpg", "2.jpg"], "two.txt")
      let twice = try write(["1.jpg", "2.jpg", "3.jpg", "4.jpg", "1.jpg", "6.jpg"], "twice.txt")
      let latin = try workspace.folder.write(
        Array("1\n2\n3\n4\n5\n".utf8) + [0xE9, 0x0A], to: "latin.txt")
      let zero = try write(["1", "2", "3", "4\0", "5", "6"], "zero.txt")
      let blank = try write(["1.jpg", "", "3.jpg", "4.jpg", "5.jpg", "6.jpg"], "blank.txt")
      let metadata = try write(["{}", "[1]", "{}", "{}", "{}", "{}"], "bad.jsonl")
      let good = try write((0..<6).map { "\($0).jpg" }, "good.txt")
      let add = [
        "index", "add", index, "--model", workspace.model, "--features", workspace.path("data/test_ims.npy"),
      ]
      for (arguments, text) in [
        (["--names", twice], "twice.txt', lines 1 and 5"), (["--names", latin], "latin.txt', line 6"),
        (["--names", good, "--groups", zero], "zero.txt', line 4"),
        (["--names", names], "has 2 lines"), (["--names", blank], "line 2"),
        (["--names", good, "--metadata", metadata], "line 2"),
        (["--names", good, "--groups", names], "has 2 lines"),
      ] {
        let run = try Executable.run(add + arguments)
        #expect(run.status == 1 && run.errorLines.count == 1 && run.errors.contains(text), "\(run.errors)")
      }
    }

    @Test func theProgramOfTheReadmeRuns() throws {
      try fill()
      let run = try Executable.run([], folder: workspace.folder, program: "readme-example")
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.split(separator: "\n").count == 5)
    }
  }
}
