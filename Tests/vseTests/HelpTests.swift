import Testing

extension CommandLineTests {
  @Suite struct HelpTests {
    @Test(arguments: [
      ["train"], ["evaluate"], ["compare"], ["gallery"], ["embed"], ["embed", "sentences"],
      ["embed", "images"],
      ["index"], ["index", "add"], ["index", "list"], ["index", "info"], ["index", "remove"],
      ["index", "verify"], ["index", "compact"], ["index", "graph"], ["search"], ["caption"],
      ["features"], ["prepare"], ["info"], ["convert"], ["download"],
      ["demo"],
      ["benchmark"],
    ])
    func everyCommandExplainsItself(command: [String]) throws {
      let run = try Executable.succeed(command + ["--help"])
      #expect(run.output.contains("OVERVIEW: "))
      #expect(run.output.contains("USAGE: vse \(command.joined(separator: " "))"))
      #expect(run.errors.isEmpty)
    }

    @Test func theRootNamesAllCommands() throws {
      let output = try Executable.succeed(["--help"]).output
      for command in [
        "train", "evaluate", "compare", "gallery", "embed", "index", "search", "caption", "features",
        "prepare",
        "info", "convert", "download", "demo",
        "benchmark",
      ] {
        #expect(output.contains("\n  \(command) "), "\(command) is not among the subcommands")
      }
    }

    @Test func noCommandAtAllShowsTheHelp() throws {
      #expect(try Executable.succeed([]).output.contains("OVERVIEW: "))
    }
  }
}
