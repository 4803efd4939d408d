import ArgumentParser
import Foundation

@main
enum Program {
  static func main() {
    ThreadWaiting.configure()
    StandardStreams.prepare()
    VSE.main()
    guard StandardStreams.outputIsWritten() else {
      Terminal.note("Error: standard output cannot be written; is its disk full?")
      exit(1)
    }
  }
}

struct VSE: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "vse",
    abstract: "Images and sentences in one vector space: train, measure, put to use.",
    discussion: """
      To see it all on made-up photos: vse demo. What a command does and how it is used: vse help COMMAND. With a \
      folder of captions and image features one begins, for example:
        vse train --data f8k --output model.safetensors
        vse evaluate model.safetensors --data f8k
      """,
    version: Self.version,
    subcommands: [
      Train.self, Evaluate.self, Compare.self, GalleryCommand.self,
      Prepare.self, Features.self, Download.self,
      Index.self, Search.self, CaptionCommand.self, Serve.self,
      Embed.self, Info.self, Convert.self,
      Demo.self, Benchmark.self,
    ]
  )
}

/// The command line without its work, for examples to be tried: those of the help and of the documentation.
package enum CommandLineSyntax {
  /// Why the program refuses arguments, without its name; nil when a command takes them.
  package static func refusal(of arguments: [String]) -> String? {
    do {
      _ = try VSE.parseAsRoot(arguments)
      return nil
    } catch {
      return VSE.message(for: error)
    }
  }
}
