import Foundation
import MadeUpWorld
import TestSupport
import Testing

extension CommandLineTests {
  /// The demo, as a newcomer runs it, once for all tests.
  @Suite struct DemoTests {
    private struct Demo {
      let folder: TemporaryFolder
      let run: Executable.Run
    }

    /// In a folder where an earlier demo has left something.
    private static let demo = Result {
      let folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: folder.path("vse-demo"), withIntermediateDirectories: true)
      _ = try folder.write(Array("kept".utf8), to: "vse-demo/earlier.txt")
      return Demo(folder: folder, run: try Executable.succeed(["demo"], folder: folder))
    }

    private let demo: Demo
    private let world = World()

    init() throws { demo = try Self.demo.get() }

    private func path(_ name: String) -> String { demo.folder.path("vse-demo-2/" + name) }

    private func lines(after command: String) throws -> [Substring] {
      let lines = demo.run.output.split(separator: "\n", omittingEmptySubsequences: false)
      let start = try #require(lines.firstIndex { $0.hasPrefix("$ " + command) })
      return Array(lines[(start + 1)...].prefix { !$0.isEmpty && !$0.hasPrefix("$ ") })
    }

    @Test func anEarlierDemoStays() throws {
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: demo.folder.path("vse-demo")) == ["earlier.txt"])
      #expect(demo.run.output.contains("vse-demo-2/photos: 900 photos (600 train, 100 dev, 200 test)"))
    }

    /// Every test photo shows something in a colour that no photo of train has it in. By chance a photo is first for
    /// 0.5 % of the sentences; a system that puts kinds and colours together finds it for most.
    @Test func scenesThatWereHeldOutAreFound() throws {
      let run = try Executable.succeed([
        "evaluate", path("model.safetensors"), "--data", path("dataset"), "--json",
      ])
      let scores = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      let search = try #require((scores["search"] as? [String: Any])?["r1"] as? Double)
      let annotation = try #require((scores["annotation"] as? [String: Any])?["r1"] as? Double)
      #expect(search > 30 && annotation > 40, "search \(search), annotation \(annotation)")
      // The table beside chance shows the same model.
      let table = try lines(after: "vse evaluate")
      #expect(
        table.contains { $0.hasPrefix("image search") && $0.contains(String(format: " %.1f ", search)) })
      #expect(table.contains { $0.hasPrefix("  by chance") && $0.contains("  0.5 ") })
    }

    @Test func searchesFindWhatWasDrawn() throws {
      let judgements = demo.run.output.split(separator: "\n").filter { $0.hasPrefix("  -> ") }
      #expect(judgements.count == 4)
      #expect(judgements.count { $0.hasPrefix("  -> right") } == 4, "\(judgements)")
    }

    @Test func arithmeticChangesTheColourAlone() throws {
      let twins = try #require(world.twins.first)
      let found = try lines(after: "vse search vse-demo-2/photos.index --like")
      #expect(found[0].hasSuffix("vse-demo-2/photos/" + twins.other.name), "\(found)")
      #expect(found.last == "  -> right: the same, but in blue")
    }

    @Test func captionsAreThePhotosOwn() throws {
      let picture = try #require(world.pictures(of: .test).last)
      let found = try lines(after: "vse caption")
      #expect(found[0].hasSuffix(picture.name))
      let own = picture.captions.map { $0.lowercased().replacing(",", with: " ,").replacing(".", with: " .") }
      #expect(own.contains { found[1].hasSuffix($0) }, "\(found)")
    }

    @Test func everyStepShowsItsCommand() throws {
      let commands = demo.run.output.split(separator: "\n").filter { $0.hasPrefix("$ vse ") }
        .map { $0.split(separator: " ")[2] }
      #expect(
        commands == [
          "prepare", "train", "evaluate", "index", "index", "search", "search", "search", "search", "caption",
          "gallery",
        ])
      #expect(FileManager.default.fileExists(atPath: path("gallery.html")))
      #expect(demo.run.output.contains("vse serve vse-demo-2/photos.index --network descriptor"))
    }
  }
}
