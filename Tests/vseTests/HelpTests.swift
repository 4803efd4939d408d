import Foundation
import Testing
import vse

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

    @Test func everyCommandHasExamplesThatItsParserTakes() throws {
      for command in try CommandHelp.all() {
        let examples = command.examples
        #expect(examples.count >= 2, "\(command.path) has \(examples.count) examples")
        for example in examples {
          let refusal = CommandLineSyntax.refusal(of: Array(words(of: example).dropFirst()))
          // What vse gallery shows depends on the file, which is not there.
          let lacksFile = refusal?.hasPrefix("there is no '") ?? false
          #expect(refusal == nil || lacksFile, "\(example): \(refusal ?? "")")
        }
        let own = (["vse"] + command.path).joined(separator: " ")
        #expect(examples.contains { $0 == own || $0.hasPrefix(own + " ") }, "none of \(own)")
      }
      #expect(CommandLineSyntax.refusal(of: ["train", "--no-such-option"]) != nil)
    }

    /// Shells complete what has a kind; without one they offer nothing at all.
    @Test func pathsAndChoicesAreCompleted() throws {
      for command in try CommandHelp.all() {
        for argument in command.arguments where argument.isPath {
          #expect(argument.completionKind != nil, "\(command.path) \(argument.valueName)")
        }
      }
      for shell in ["bash", "zsh", "fish"] {
        #expect(try Executable.succeed(["--generate-completion-script", shell]).output.contains("vse"))
      }
    }

    /// The words of a line as a shell has them; quotes are all that the examples need.
    private func words(of line: String) -> [String] {
      var words: [String] = []
      var word: String?
      var quote: Character?
      for character in line {
        if character == quote {
          quote = nil
        } else if quote == nil, character == "\"" || character == "'" {
          quote = character
          word = word ?? ""
        } else if quote == nil, character == " " {
          if let word { words.append(word) }
          word = nil
        } else {
          word = (word ?? "") + String(character)
        }
      }
      return word.map { words + [$0] } ?? words
    }
  }
}

/// What the program says of a command of its own.
private struct CommandHelp: Decodable {
  struct Argument: Decodable {
    enum Kind: Decodable {
      case known
      init(from decoder: any Decoder) { self = .known }
    }
    let kind, valueName: String
    let completionKind: Kind?

    var isPath: Bool {
      kind != "flag"
        && (["file", "folder", "index", "photo-or-folder"].contains(valueName) || valueName.contains("."))
    }
  }
  private struct Whole: Decodable { let command: CommandHelp }

  let commandName: String
  let discussion: String?
  let arguments: [Argument]
  let subcommands: [CommandHelp]?
  let superCommands: [String]?

  /// The commands that have it, without the program, and its name.
  var path: [String] { superCommands.map { Array($0.dropFirst()) + [commandName] } ?? [] }

  /// The lines that stand apart and begin with the program's name.
  var examples: [String] {
    (discussion ?? "").split(separator: "\n").filter { $0.hasPrefix("  vse ") }.map {
      String($0.dropFirst(2))
    }
  }

  /// All commands, the program itself first.
  static func all() throws -> [CommandHelp] {
    let text = try Executable.succeed(["--experimental-dump-help"]).output
    return try JSONDecoder().decode(Whole.self, from: Data(text.utf8)).command.withDescendants
  }

  private var withDescendants: [CommandHelp] {
    [self] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap(\.withDescendants)
  }
}
