import Foundation
import TestSupport
import Testing

extension CommandLineTests {
  /// The commands that the README shows, run one after another as they stand there, in a folder with small files of
  /// the names that they use.
  @Suite struct ReadmeTests {
    private static let readme = Result {
      String(decoding: try bytes(ofFile: repositoryPath("README.md")), as: UTF8.self)
    }

    /// The commands of all blocks of sh, comments included, lines that are continued joined.
    private static func commands() throws -> [String] {
      try readme.get().split(separator: "```sh\n").dropFirst().flatMap { block in
        block.prefix(upTo: block.firstRange(of: "```")?.lowerBound ?? block.endIndex)
          .replacing("\\\n", with: " ").split(separator: "\n").map(String.init)
      }
    }

    @Test func everyCommandWorks() throws {
      let commands = try Self.commands().filter { !$0.hasPrefix("make ") }
      #expect(commands.count > 30)
      let folder = try ReadmeFolder()
      var run = Set<Substring>()
      for command in commands {
        let words = command.split(separator: " ")
        try #require(words.first == "vse", "a command of something else: \(command)")
        switch words[1] {
        case "download": continue  // The network; DownloadTests have it.
        case "serve": try folder.serve(command)
        default: try folder.run(command)
        }
        run.insert(words[1])
      }
      #expect(
        run.isSuperset(of: [
          "train", "evaluate", "compare", "embed", "info", "features", "prepare", "index", "search",
          "caption", "gallery", "serve", "convert",
        ]))
    }

    /// What `make` is asked for is in the Makefile.
    @Test func everyTargetOfMakeIsThere() throws {
      let makefile = String(decoding: try bytes(ofFile: repositoryPath("Makefile")), as: UTF8.self)
      let targets = try Self.readme.get().matches(of: /(?:`|\n)make ([a-z-]+)/).map(\.output.1)
      #expect(Set(targets).isSuperset(of: ["demo", "test", "bench", "docs"]))
      for target in Set(targets) {
        let isThere = makefile.contains("\n\(target):")
        #expect(isThere, "make \(target)")
      }
    }

    /// Links to files and headings of the repository lead somewhere.
    @Test func everyLinkLeadsSomewhere() throws {
      for link in try Self.readme.get().matches(of: /\]\(([^):]+)\)/).map({ String($0.output.1) }) {
        let parts = link.split(separator: "#", omittingEmptySubsequences: false)
        let file = parts[0].isEmpty ? "README.md" : String(parts[0])
        let text = try #require(try? bytes(ofFile: repositoryPath(file)), "\(link)")
        guard parts.count > 1 else { continue }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        let anchors = lines.filter { $0.hasPrefix("#") }.map {
          "#" + $0.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
        }
        #expect(anchors.contains("#" + parts[1]), "\(link)")
      }
    }
  }
}
