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
      Start with a folder of captions and image features:
        vse train --data DIR --output model.safetensors
        vse evaluate model.safetensors --data DIR
      Or see it all on made-up data in a minute: vse demo
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
