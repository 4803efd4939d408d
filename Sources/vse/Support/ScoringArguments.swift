import ArgumentParser
import Foundation
import VisualSemanticEmbedding

/// What is scored, and how: the options of `vse evaluate` and `vse compare`.
struct ScoringArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The dataset's folder.", valueName: "folder"))
  var data: String

  @Option(help: "The split to score: train, dev or test.")
  var split: Dataset.Split = .test

  @Option(help: ArgumentHelp("Score the first so many images only.", valueName: "count"))
  var first: Int?

  @Option(
    help: ArgumentHelp(
      "Rows of features of each image, averaged (default: as in training).", valueName: "count"))
  var crops: Int?

  @Option(
    help: ArgumentHelp(
      "Correct scores for items that are near to everything: csls or inverted-softmax. It looks at all queries of the set together, and results say so.",
      valueName: "way"))
  var hubness: Hubness?

  @Option(help: ArgumentHelp("With csls: nearest neighbours that count (default: 10).", valueName: "count"))
  var hubnessNeighbors: Int?

  @Option(
    help: ArgumentHelp(
      "With inverted-softmax: what scores are divided by (default: 1/30).", valueName: "number"))
  var hubnessTemperature: Float?

  enum Hubness: String, ExpressibleByArgument, CaseIterable {
    case csls
    case invertedSoftmax = "inverted-softmax"
  }

  func validate() throws {
    if let first, first < 1 { throw ValidationError("--first must be 1 or more") }
    if let crops, crops < 1 { throw ValidationError("--crops must be 1 or more") }
    if let hubnessNeighbors {
      guard hubness == .csls else { throw ValidationError("--hubness-neighbors belongs to --hubness csls") }
      guard (1...1000).contains(hubnessNeighbors) else {
        throw ValidationError("--hubness-neighbors must be 1 to 1000")
      }
    }
    if let hubnessTemperature {
      guard hubness == .invertedSoftmax else {
        throw ValidationError("--hubness-temperature belongs to --hubness inverted-softmax")
      }
      guard (0.0001...100).contains(hubnessTemperature) else {
        throw ValidationError("--hubness-temperature must be 0.0001 to 100")
      }
    }
  }

  /// The correction that was asked for.
  var correction: HubnessCorrection? {
    switch hubness {
    case nil: nil
    case .csls: .csls(neighbors: hubnessNeighbors ?? HubnessCorrection.defaultNeighbors)
    case .invertedSoftmax:
      .invertedSoftmax(temperature: hubnessTemperature ?? HubnessCorrection.defaultTemperature)
    }
  }

  /// The options, all images together.
  var options: EvaluationOptions { EvaluationOptions(firstImages: first, hubness: correction) }

  /// What shows the progress of scoring a split, which is nearly all encoding; Ctrl-C ends it.
  func progress(of split: DatasetSplit) -> (Double) throws -> Void {
    Interruption.install()
    let captions = split.grouping.imageOfCaption.count { $0 < first ?? .max }
    let progress = RowProgress(rows: captions, unit: "captions")
    return { try progress.report(done: Int($0 * Double(captions))) }
  }

  /// The dataset as the model was trained on it, or as the options say.
  func dataset(for model: EmbeddingModel) -> Dataset {
    let crops = crops ?? model.training?.crops ?? 1
    if crops > 1 { Terminal.note("an image's features are the mean of \(crops) rows") }
    return Dataset(folder: data, crops: crops)
  }
}

extension HubnessCorrection {
  /// The correction and what it looked at, in a line.
  var line: String { "corrected for hubness by \(name)\(setting), which looked at \(looksAt)" }

  /// What decides the correction beside what it looked at.
  private var setting: String {
    switch self {
    case .csls: ""
    case .invertedSoftmax(let temperature): String(format: " (temperature %.4g)", temperature)
    }
  }
}

/// A correction as JSON states it, under `hubness`: its `name`, with csls the `neighbors`, with inverted-softmax the
/// `temperature`, and what it `looks_at`. The key is missing where nothing was corrected.
struct HubnessRecord: Encodable {
  var name: String
  var neighbors: Int?
  var temperature: Float?
  var looksAt: String

  init(_ correction: HubnessCorrection) {
    name = correction.name
    looksAt = correction.looksAt
    switch correction {
    case .csls(let neighbors): self.neighbors = neighbors
    case .invertedSoftmax(let temperature): self.temperature = temperature
    }
  }
}
