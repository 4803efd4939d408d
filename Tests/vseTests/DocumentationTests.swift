import DataFormats
import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// The Swift code of the README and of the articles: it is what is compiled in Tests/ReadmeExample,
  /// Tests/PhotoSearchExample and Tests/DocumentationExamples, and it runs.
  @Suite struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
      String(decoding: try bytes(ofFile: root.appendingPathComponent(path).path), as: UTF8.self)
    }

    /// The files with an ending below a folder.
    private static func files(_ folder: String, ending: String) throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(folder).path)
        .filter { $0.hasSuffix(ending) }.map { "\(folder)/\($0)" }.sorted()
    }

    /// The lines of each block of Swift in a text, those that import modules apart.
    private static func blocks(of markdown: String) -> [(imports: [String], lines: [String])] {
      markdown.components(separatedBy: "```swift\n").dropFirst().map { rest in
        let lines = rest.components(separatedBy: "\n```")[0].components(separatedBy: "\n")
        let imports = lines.prefix { $0.hasPrefix("import ") }
        return (Array(imports), Array(lines[imports.count...].drop(while: \.isEmpty)))
      }
    }

    /// Whether lines stand in a file one after another, however far they are indented there.
    private static func stand(_ lines: [String], in file: [String]) -> Bool {
      guard let first = lines.first, file.count >= lines.count else { return lines.isEmpty }
      return (0...file.count - lines.count).contains { start in
        guard file[start].hasSuffix(first) else { return false }
        let indentation = String(file[start].dropLast(first.count))
        return indentation.allSatisfy { $0 == " " }
          && zip(lines, file[start...]).allSatisfy { $1 == ($0.isEmpty ? "" : indentation + $0) }
      }
    }

    @Test func codeOfTheDocumentationIsCodeThatIsCompiled() throws {
      let compiled = try ["ReadmeExample", "PhotoSearchExample", "DocumentationExamples"].flatMap {
        try Self.files("Tests/\($0)", ending: ".swift")
      }.map { try Self.text($0).components(separatedBy: "\n") }
      let documents = try ["README.md"] + Self.files("Sources", ending: ".md")
      var count = 0
      for document in documents {
        for block in Self.blocks(of: try Self.text(document)) {
          count += 1
          #expect(
            compiled.contains { file in
              block.imports.allSatisfy(file.contains) && Self.stand(block.lines, in: file)
            }, "\(document): this is in no example that is compiled:\n\(block.lines.joined(separator: "\n"))")
        }
      }
      #expect(count > 10)
      #expect(!Self.stand(["let a = 1", "let b = 2"], in: ["  let a = 1", "let b = 2"]))
      #expect(Self.stand(["let a = 1", "", "b()"], in: ["{", "  let a = 1", "", "  b()", "}"]))
    }

    /// A folder with all that the articles name.
    private func workspace() throws -> Workspace {
      let workspace = try Workspace()
      let files = FileManager.default
      func copy(_ source: String, _ name: String) throws {
        try files.copyItem(atPath: source, toPath: workspace.path(name))
      }
      try copy(workspace.data, "f8k")
      for name in ["old.safetensors", "new.safetensors"] { try copy(workspace.model, name) }
      for suffix in ["", ".pkl", ".dictionary.pkl"] {
        try copy(fixturePath("kiros/gru/model.npz" + suffix), "coco.npz" + suffix)
      }
      try copy(fixturePath("vsepp/network/model_best.pth.tar"), "model_best.pth.tar")
      try copy(fixturePath("vsepp/network/vocab/coco_vocab.pkl"), "coco_vocab.pkl")
      try copy(workspace.path("data/test_caps.txt"), "captions.txt")
      try copy(workspace.path("data/test_ims.npy"), "features.npy")
      func lines(_ count: Int, _ line: (Int) -> String) -> [UInt8] {
        Array((0..<count).map { line($0) + "\n" }.joined().utf8)
      }
      _ = try workspace.folder.write(lines(6) { "\($0).jpg" }, to: "names.txt")
      _ = try workspace.folder.write(lines(6) { "{\"year\": \(2013 + $0 % 2)}" }, to: "metadata.jsonl")
      _ = try Executable.succeed([
        "index", "add", workspace.path("photos.index"), "--model", workspace.model,
        "--features", workspace.path("features.npy"), "--names", workspace.path("names.txt"),
        "--metadata", workspace.path("metadata.jsonl"),
      ])
      _ = try Executable.succeed([
        "index", "add", workspace.path("photos.index"), "--captions", workspace.path("captions.txt"),
      ])
      return workspace
    }

    private func run(_ examples: String..., in workspace: Workspace) throws -> String {
      let run = try Executable.run(examples, folder: workspace.folder, program: "documentation-examples")
      #expect(run.status == 0, "\(examples): \(run.errors)")
      return run.output
    }

    @Test func codeOfTheArticlesRuns() throws {
      let workspace = try workspace()
      let search = try run("search", "narrow", "captions", in: workspace)
      // Hits of the query; hits of 2014 above the threshold; three captions for each of six images.
      #expect(search.split(separator: "\n").count == 2 + 18)
      #expect(search.hasPrefix("5\n"))

      let trust = try run("report", "compare", "vectors", in: workspace)
      #expect(trust.contains("images trained on: 6"))
      #expect(trust.contains("the data do not tell"))
      #expect(trust.contains("[0, 1, 0] 66.6"))

      let models = try run("original", "convert", "vsepp", in: workspace)
      #expect(models.contains("57 words"))
      #expect(models.contains("scaled to unit norm"))

      try FileManager.default.removeItem(atPath: workspace.model)
      let training = try run("train", "evaluate", "first", in: workspace)
      #expect(training.contains("48 captions") && training.contains(" kept"))
      #expect(training.contains("by chance: R@1 16.66"))
      let again = try Executable.run(["train"], folder: workspace.folder, program: "documentation-examples")
      #expect(again.status == 1 && again.output.contains("start anew with --overwrite"))
      #expect(try run("resume", in: workspace).contains("finished"))
    }
  }
}
