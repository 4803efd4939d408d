import ArgumentParser
import Foundation
import VisualSemanticEmbedding

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell whether one of two models is better, or whether it may be chance.",
    discussion: """
      Both are scored on the same images and captions, whatever their sizes, encoders and files. The images are \
      drawn many times with replacement, each with its captions, the same for both models; that gives the 95% \
      interval of each difference, and how likely one of that size is by chance. For example:
        vse compare gru.safetensors lstm.safetensors --data f8k
        vse compare kiros.npz model.safetensors --data f8k --split dev --json
      """)

  @Argument(
    help: "A model: .safetensors, or .npz of the original.",
    completion: .file(extensions: ["safetensors", "npz"]))
  var first: String

  @Argument(help: "The model to compare with it.", completion: .file(extensions: ["safetensors", "npz"]))
  var second: String

  @OptionGroup var scoring: ScoringArguments

  @Option(help: ArgumentHelp("Times that images are drawn.", valueName: "count"))
  var resamples = 10_000

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if !(1...100_000).contains(resamples) { throw ValidationError("--resamples must be 1 to 100000") }
  }

  func run() throws {
    let precision = compute.apply()
    let outcomes = try [first, second].map { path in
      let model = try ModelFile.read(path, precision: precision)
      let split = try scoring.dataset(for: model).open(scoring.split)
      return try model.outcome(on: split, options: scoring.options, progress: scoring.progress(of: split))
    }
    let comparison = try ModelComparison(
      outcomes[0], outcomes[1], bootstrap: Bootstrap(resamples: resamples))
    if json {
      try printJSON(Record(comparison, models: [first, second]))
    } else {
      print(comparison.text(first: first, second: second))
    }
  }

  /// What `--json` prints.
  ///
  /// | key | is |
  /// | --- | --- |
  /// | `split`, `hubness` | as `vse evaluate --json` has them; see `EvaluationRecord` |
  /// | `first`, `second` | the path of the `model` and its `scores` |
  /// | `differences` | the second's less the first's for `annotation` and `search` `r1`, `r5`, `r10`, and for `sum_of_recalls`: `difference`, its 95% `interval` (`low`, `high`), and `p_value` |
  /// | `bootstrap` | the number of `resamples` and their `seed` |
  /// | `better` | first, second or undecided |
  private struct Record: Encodable {
    var split: String
    var hubness: HubnessRecord?
    var first, second: Model
    /// The second's less the first's.
    var differences: PerRecall<ScoreDifference>
    var bootstrap: Bootstrap
    /// first, second or undecided.
    var better: ModelComparison.Verdict

    struct Model: Encodable {
      var model: String
      var scores: ScoreRecord
    }

    init(_ comparison: ModelComparison, models: [String]) {
      split = comparison.split.rawValue
      hubness = comparison.hubness.map { HubnessRecord($0) }
      first = Model(model: models[0], scores: ScoreRecord(comparison.scores.first))
      second = Model(model: models[1], scores: ScoreRecord(comparison.scores.second))
      differences = comparison.differences
      bootstrap = comparison.bootstrap
      better = comparison.verdict
    }
  }
}

extension ModelComparison {
  /// The comparison for people, the answer first.
  fileprivate func text(first: String, second: String) -> String {
    var lines = [verdictText(first: first, second: second)]
    if let hubness { lines.append(hubness.line) }
    lines += ["", first, scores.first.table, "", second, scores.second.table, ""]
    lines.append(
      "second less first, its 95% interval and p from \(bootstrap.resamples) paired resamples of the images "
        + "(seed \(bootstrap.seed))")
    lines.append(differences.table(width: 32) { $0.text })
    return lines.joined(separator: "\n")
  }

  private func verdictText(first: String, second: String) -> String {
    let sum = differences.sumOfRecalls
    let numbers =
      String(format: "%+.1f in the sum of recalls, ", sum.difference)
      + "95% interval \(sum.interval.signedText), p \(sum.probabilityText)"
    return switch verdict {
    case .first: "\(first) is better than \(second) on \(split.rawValue): the second has \(numbers)"
    case .second: "\(second) is better than \(first) on \(split.rawValue): the second has \(numbers)"
    case .undecided:
      "the \(split.rawValue) split does not tell which is better: \(second) has \(numbers)"
    }
  }
}

extension ScoreDifference {
  fileprivate var text: String {
    String(format: "%+.1f", difference) + " (\(interval.signedText), p \(probabilityText))"
  }

  fileprivate var probabilityText: String {
    pValue < 0.001 ? "< 0.001" : String(format: "%.3f", pValue)
  }
}

extension ConfidenceInterval {
  fileprivate var signedText: String { String(format: "%+.1f to %+.1f", low, high) }
}
