import ArgumentParser
import Foundation
import Tensors
import VisualSemanticEmbedding

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score a model: recall and rank, both ways.",
    discussion: """
      Image annotation ranks captions for an image, image search ranks images for a caption. R@K is the \
      percentage of queries whose answer is among the first K; equal scores count against the model. Of several \
      models, such as those of several seeds, the mean and the standard deviation (n - 1) are given. For example:
        vse evaluate model.safetensors --data f8k
        vse evaluate model.safetensors --data coco --folds 5
        vse evaluate model.safetensors --data f8k --report report.json
        vse evaluate model.seed-1234.safetensors model.seed-1235.safetensors --data f8k --split dev --json
      """)

  @Argument(
    help: "The model, or several: .safetensors, or .npz of the original.",
    completion: .file(extensions: ["safetensors", "npz"]))
  var models: [String]

  @OptionGroup var scoring: ScoringArguments

  @Option(
    help: ArgumentHelp("Score so many equal parts by themselves, and give the mean.", valueName: "count"))
  var folds = 1

  @Option(
    help: ArgumentHelp(
      "Say how far the scores can be trusted (intervals, repetitions, overlap with train, ties and more), and write it as JSON too.",
      valueName: "file.json"), completion: .file(extensions: ["json"]))
  var report: String?

  @Option(help: ArgumentHelp("With --report: times that images are drawn.", valueName: "count"))
  var resamples = 10_000

  @Flag(help: "Show beside them the scores to expect of answers in random order.")
  var chance = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if folds < 1 { throw ValidationError("--folds must be 1 or more") }
    if !(1...100_000).contains(resamples) { throw ValidationError("--resamples must be 1 to 100000") }
    if chance, json || models.count > 1 || report != nil {
      throw ValidationError("--chance goes with the table of one model; leave it out")
    }
    guard report != nil else { return }
    if folds > 1 { throw ValidationError("--report has folds of 1000 images itself; leave out --folds") }
    if models.count > 1 { throw ValidationError("--report is of one model; vse compare tells two apart") }
  }

  func run() throws {
    let precision = compute.apply()
    if let report {
      try writeReport(of: models[0], to: report, precision: precision)
      return
    }
    let reports = try models.map { try evaluate(try ModelFile.read($0, precision: precision)) }
    for report in reports where report.emptyCaptions > 0 {
      Terminal.note("captions without a word, skipped: \(report.emptyCaptions)")
      break
    }
    if reports.count == 1 {
      try show(reports[0])
    } else {
      try show(reports)
    }
  }

  private func evaluate(_ model: EmbeddingModel) throws -> EvaluationReport {
    var options = scoring.options
    options.folds = folds
    let split = try scoring.dataset(for: model).open(scoring.split)
    return try model.evaluate(on: split, options: options, progress: scoring.progress(of: split))
  }

  private func show(_ report: EvaluationReport) throws {
    if json { return try printJSON(EvaluationRecord(report)) }
    print(chance ? report.scores.tableBesideChance : report.scores.table)
    printHubness(of: report)
    for (index, fold) in report.folds.enumerated() { print("fold \(index + 1): \(fold.line)") }
  }

  private func printHubness(of report: EvaluationReport) {
    guard let hubness = report.hubness else { return }
    print(hubness.line + (report.folds.isEmpty ? "" : ", each fold by itself"))
  }

  private func show(_ reports: [EvaluationReport]) throws {
    let spread = try PerRecall<MeanAndDeviation>(of: reports)
    if json {
      let models = zip(models, reports).map { SeveralRecord.Model(model: $0, record: EvaluationRecord($1)) }
      return try printJSON(SeveralRecord(models: models, spread: spread))
    }
    print(spread.table(of: reports.count))
    if folds > 1 { print("the scores of each are the mean of \(folds) folds") }
    printHubness(of: reports[0])
    for (model, report) in zip(models, reports) { print("\(model): \(report.scores.line)") }
  }

  /// What `--json` prints of several models: an `EvaluationRecord` of each with its path, `model`.
  private struct SeveralRecord: Encodable {
    var models: [Model]
    /// For `annotation` and `search` `r1`, `r5`, `r10`, and for `sum_of_recalls`: `mean` and `deviation` (n - 1).
    var spread: PerRecall<MeanAndDeviation>

    struct Model: Encodable {
      var model: String
      var record: EvaluationRecord

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(model, forKey: .model)
        try record.encode(to: encoder)
      }

      enum CodingKeys: CodingKey { case model }
    }
  }

  private func writeReport(of path: String, to file: String, precision: Precision) throws {
    let output = try JSONFile(path: file)
    let model = try ModelFile.read(path, precision: precision)
    let dataset = scoring.dataset(for: model)
    let split = try dataset.open(scoring.split)
    let report = try model.trustReport(
      on: split, train: train(of: dataset), options: scoring.options,
      bootstrap: Bootstrap(resamples: resamples), progress: scoring.progress(of: split))
    let record = ReportRecord(model: path, report: report)
    try output.write(record)
    if json { try printJSON(record) } else { print(report.text) }
    Terminal.note("\(file): the same as JSON")
  }

  /// The split to look for what is scored, where there is one.
  private func train(of dataset: Dataset) -> DatasetSplit? {
    guard scoring.split != .train else { return nil }
    do {
      return try dataset.open(.train)
    } catch {
      Terminal.note("not compared with the train split: \(error.localizedDescription)")
      return nil
    }
  }

  private struct ReportRecord: Encodable {
    var model: String
    var report: TrustReport

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(model, forKey: .model)
      try EvaluationRecord(report.evaluation).encode(to: encoder)
      try report.encode(to: encoder)
    }

    enum CodingKeys: CodingKey { case model }
  }
}

/// The scores of a model as JSON has them (`vse evaluate --json`).
///
/// | key | is |
/// | --- | --- |
/// | `annotation`, `search` | `r1`, `r5`, `r10` in percent, `median_rank`, `mean_rank`; with folds the mean of them |
/// | `sum_of_recalls` | the sum of the six |
/// | `images`, `captions` | how many were ranked |
/// | `split` | train, dev or test |
/// | `hubness` | the correction, where there is one; see `HubnessRecord` |
/// | `empty_captions` | captions of the scored images without a word, which are skipped |
/// | `unknown_words` | words of the ranked captions that the model does not know |
/// | `folds` | the scores of each, where there are several |
struct EvaluationRecord: Encodable {
  var annotation, search: RetrievalScores
  var sumOfRecalls: Double
  var images, captions: Int
  var split: String
  var hubness: HubnessRecord?
  var emptyCaptions, unknownWords: Int
  var folds: [ScoreRecord]?

  init(_ report: EvaluationReport) {
    annotation = report.scores.annotation
    search = report.scores.search
    sumOfRecalls = report.scores.sumOfRecalls
    images = report.scores.images
    captions = report.scores.captions
    split = report.split.rawValue
    hubness = report.hubness.map { HubnessRecord($0) }
    emptyCaptions = report.emptyCaptions
    unknownWords = report.unknownWords
    folds = report.folds.isEmpty ? nil : report.folds.map { ScoreRecord($0) }
  }
}
