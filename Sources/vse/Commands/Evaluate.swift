import ArgumentParser
import Foundation
import VisualSemanticEmbedding

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score a model: recall and rank, both ways.",
    discussion: """
      Image annotation ranks captions for an image, image search ranks images for a caption. R@K is the \
      percentage of queries whose answer is among the first K; equal scores count against the model.
      """)

  @Argument(help: "The model: .safetensors, or .npz of the original.")
  var model: String

  @Option(help: ArgumentHelp("The dataset's folder.", valueName: "folder"))
  var data: String

  @Option(help: "The split to score: train, dev or test.")
  var split: Dataset.Split = .test

  @Option(
    help: ArgumentHelp("Score so many equal parts by themselves, and give the mean.", valueName: "count"))
  var folds = 1

  @Option(help: ArgumentHelp("Score the first so many images only.", valueName: "count"))
  var first: Int?

  @Option(
    help: ArgumentHelp(
      "Rows of features of each image, averaged (default: as in training).", valueName: "count"))
  var crops: Int?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if folds < 1 { throw ValidationError("--folds must be 1 or more") }
    if let first, first < 1 { throw ValidationError("--first must be 1 or more") }
    if let crops, crops < 1 { throw ValidationError("--crops must be 1 or more") }
  }

  func run() throws {
    let precision = compute.apply()
    let model = try ModelFile.read(model, precision: precision)
    let crops = crops ?? model.training?.crops ?? 1
    if crops > 1 { Terminal.note("an image's features are the mean of \(crops) rows") }
    let split = try Dataset(folder: data, crops: crops).open(split)
    let report = try model.evaluate(
      on: split, options: EvaluationOptions(folds: folds, firstImages: first))
    if report.emptyCaptions > 0 {
      Terminal.note("\(report.emptyCaptions) captions without a word were skipped")
    }
    if json {
      try printJSON(Output(report))
    } else {
      print(report.scores.table)
      for (index, fold) in report.folds.enumerated() { print("fold \(index + 1): \(fold.line)") }
    }
  }

  private struct Output: Encodable {
    var annotation, search: RetrievalScores
    var sumOfRecalls: Double
    var images, captions: Int
    var split: String
    var emptyCaptions, unknownWords: Int
    var folds: [Fold]?

    struct Fold: Encodable {
      var annotation, search: RetrievalScores
      var sumOfRecalls: Double
      var images, captions: Int
    }

    init(_ report: EvaluationReport) {
      annotation = report.scores.annotation
      search = report.scores.search
      sumOfRecalls = report.scores.sumOfRecalls
      images = report.scores.images
      captions = report.scores.captions
      split = report.split.rawValue
      emptyCaptions = report.emptyCaptions
      unknownWords = report.unknownWords
      folds =
        report.folds.isEmpty
        ? nil
        : report.folds.map {
          Fold(
            annotation: $0.annotation, search: $0.search, sumOfRecalls: $0.sumOfRecalls, images: $0.images,
            captions: $0.captions)
        }
    }
  }
}
