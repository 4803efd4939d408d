import ArgumentParser
import Foundation
import VisualSemanticEmbedding

/// What is scored, and how: the options of `vse evaluate` and `vse compare`.
struct ScoringArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The dataset's folder.", valueName: "folder"), completion: .directory)
  var data: String

  @Option(help: "The split to score: train, dev or test.")
  var split: Dataset.Split = .test

  @Option(help: ArgumentHelp("Score the first so many images only.", valueName: "count"))
  var first: Int?

  @Option(
    help: ArgumentHelp(
      "Rows of features of each image, averaged (default: as in training).", valueName: "count"))
  var crops: Int?

  @OptionGroup var hubness: HubnessArguments

  func validate() throws {
    if let first, first < 1 { throw ValidationError("--first must be 1 or more") }
    if let crops, crops < 1 { throw ValidationError("--crops must be 1 or more") }
  }

  /// The options, all images together.
  var options: EvaluationOptions { EvaluationOptions(firstImages: first, hubness: hubness.correction) }

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
