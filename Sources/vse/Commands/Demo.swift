import ArgumentParser
import DataFormats
import Foundation
import Tensors
import VisualSemanticEmbedding

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "See it all work on a made-up world, offline, in less than a minute.",
    discussion: """
      Makes a small dataset (scenes, sentences about them, and features with noise), trains a model on it and \
      scores it beside chance, and shows the command that each step stands for. The files go to a temporary \
      folder that is removed at the end, unless you say otherwise:
        vse demo --folder made-up-world
      """)

  @Option(help: ArgumentHelp("Work in this folder, new or empty, and keep it.", valueName: "folder"))
  var folder: String?

  @Flag(help: "Keep the temporary folder.")
  var keep = false

  @OptionGroup var compute: ComputeOptions

  func run() throws {
    let precision = compute.apply(preferring: Self.trainingOptions.precision)
    let place = try DemoFolder(path: folder, keeps: keep)
    defer { place.removeUnlessKept() }
    Interruption.install()

    print("1. A dataset of a made-up world: for each split captions, and features of the images.")
    try MadeUpDataset.write(to: place.path)
    show("vse info \(place.path)")
    for (split, images) in MadeUpDataset.imageCounts {
      print(
        "   \(split.rawValue): \(counted(images, "image")), \(counted(images * MadeUpDataset.captionsPerImage, "caption"))"
      )
    }
    try showExample(in: place)

    print("\n2. A small model, trained on the train split; the best on the dev split is kept.")
    var options = Self.trainingOptions
    options.precision = precision
    show("vse train --data \(place.path) --output \(place.model) \(options.shortCommandLine)")
    try train(options, in: place)

    print("\n3. Its scores on the test split, which it has never seen, beside those of random vectors.")
    show("vse evaluate \(place.model) --data \(place.path) --split test")
    let model = try ModelFile.read(place.model, precision: precision)
    let scores = try model.evaluate(on: try Dataset(folder: place.path).open(.test)).scores
    print(
      scores.table(beside: .chance(images: scores.images, captionsPerImage: MadeUpDataset.captionsPerImage)))

    print("\n" + nextSteps(place))
  }

  /// What learns the made-up world in some ten seconds.
  private static var trainingOptions: TrainingOptions {
    var options = Recipe.fast.options
    options.dim = 128
    options.wordDim = 64
    options.epochs = 8
    return options
  }

  /// The first image of the test split, in words.
  private func showExample(in place: DemoFolder) throws {
    let captions = try CaptionFile(contentsOf: "\(place.path)/test_caps.txt")
    print("   The captions of the first test image:")
    for caption in captions.prefix(MadeUpDataset.captionsPerImage) { print("     \(caption)") }
  }

  private func train(_ options: TrainingOptions, in place: DemoFolder) throws {
    var request = Trainer.Request(options: options, dataset: Dataset(folder: place.path), output: place.model)
    // A terminal's line is renewed, a log gets few lines.
    request.reportEvery = Terminal.isInteractive ? 10 : 100
    let start = ContinuousClock.now
    let trainer = try Trainer(request)
    let outcome = try trainer.run(shouldStop: { Interruption.isRequested }, report: showTraining)
    guard case .finished = outcome else {
      Terminal.note("stopped")
      throw ExitCode(130)
    }
    print(String(format: "   trained in %.1f s", (ContinuousClock.now - start) / .seconds(1)))
  }

  private func showTraining(_ event: TrainingEvent) {
    switch event {
    case .progressed(let progress): Terminal.progress(progress.line)
    case .validated(let record):
      Terminal.clearProgress()
      print(
        String(
          format: "   epoch %2d  cost %7.2f  sum of recalls on dev %5.1f", record.epoch, record.cost,
          record.sumOfRecalls) + (record.isBest ? ", kept" : ""))
    case .started, .checkpointed: break
    }
  }

  private func show(_ command: String) { print("   $ \(command)") }

  private func nextSteps(_ place: DemoFolder) -> String {
    let commands = [
      "vse info \(place.model)",
      "vse embed sentences \(place.model) \(place.path)/test_caps.txt --output captions.npy",
      "vse embed images \(place.model) \(place.path)/test_ims.npy --output images.npy",
    ]
    let own = "With your own captions and features: vse train --help"
    guard place.isKept else {
      return "To keep the files and go on with them: vse demo --folder made-up-world\n\(own)"
    }
    return "Go on with:\n" + commands.map { "   $ \($0)" }.joined(separator: "\n") + "\n\(own)"
  }
}

extension TrainingOptions {
  /// What differs from the defaults, as one would type it.
  fileprivate var shortCommandLine: String {
    "--recipe \((recipe ?? .best).rawValue) --dim \(dim) --word-dim \(wordDim) --epochs \(epochs)"
  }
}
