import ArgumentParser
import VisualSemanticEmbedding

/// The options of `vse train` that one needs first.
struct EssentialArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The dataset's folder.", valueName: "folder"))
  var data: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The model's file.", valueName: "model.safetensors"))
  var output: String

  @Option(
    help:
      "A whole set of options: kiros (the original's), vse++, or ours: best or fast; what is given beside it wins."
  )
  var recipe: Recipe?

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
