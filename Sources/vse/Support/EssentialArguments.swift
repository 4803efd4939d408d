import ArgumentParser
import VisualSemanticEmbedding

/// The options of `vse train` that one needs first.
struct EssentialArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The dataset's folder.", valueName: "folder"), completion: .directory)
  var data: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model's file.", valueName: "model.safetensors"),
    completion: .file(extensions: ["safetensors", "npz"]))
  var output: String

  @Option(
    help:
      "A whole set of options: ours, best or fast (a minute on Flickr8k), vse++ or kiros (the original's); what is given beside it wins."
  )
  var recipe: Recipe = .best

  @Option(help: "Seed of everything random (default: 1234).")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Train so many models with the seed and those after it, NAME.seed-1234.safetensors and so on, and give the mean and deviation of their scores on dev.",
      valueName: "count"))
  var seeds: Int?

  @Flag(help: "Go on with an interrupted run of the same output.")
  var resume = false

  @Flag(help: "Replace a model or an interrupted run at the output.")
  var overwrite = false

  func validate() throws {
    if resume && overwrite { throw ValidationError("give --resume or --overwrite, not both") }
    if let seeds, !(1...1000).contains(seeds) { throw ValidationError("--seeds must be 1 to 1000") }
  }
}
