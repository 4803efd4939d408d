import ArgumentParser
import Foundation
import Retrieval
import VisualSemanticEmbedding

/// Whether and how scores are corrected for hubness.
struct HubnessArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Correct scores for items that are near to everything: csls or inverted-softmax. It looks at more than the two \
      vectors of a score: in evaluations at all queries of the set, in searches at the items of the other kind; results \
      say so.
      """, valueName: "way"))
  var hubness: Way?

  @Option(help: ArgumentHelp("With csls: nearest neighbours that count (default: 10).", valueName: "count"))
  var hubnessNeighbors: Int?

  @Option(
    help: ArgumentHelp(
      "With inverted-softmax: what scores are divided by (default: 1/30).", valueName: "number"))
  var hubnessTemperature: Float?

  enum Way: String, ExpressibleByArgument, CaseIterable {
    case csls
    case invertedSoftmax = "inverted-softmax"
  }

  func validate() throws {
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
}

extension HubnessCorrection {
  /// The correction and what it looked at, in a line.
  var line: String { line(looksAt: looksAt) }

  fileprivate func line(looksAt: String) -> String {
    "corrected for hubness by \(name)\(setting), which looked at \(looksAt)"
  }

  /// What decides the correction beside what it looked at.
  private var setting: String {
    switch self {
    case .csls: ""
    case .invertedSoftmax(let temperature): String(format: " (temperature %.4g)", temperature)
    }
  }
}

extension SearchCorrection {
  /// The correction and what it looked at, in a line.
  var line: String { correction.line(looksAt: looksAt) }
}

/// A correction as JSON states it, under `hubness`: its `name`, with csls the `neighbors`, with inverted-softmax the
/// `temperature`, and what it `looks_at`. The key is missing where nothing was corrected.
struct HubnessRecord: Encodable {
  var name: String
  var neighbors: Int?
  var temperature: Float?
  var looksAt: String

  init(_ correction: HubnessCorrection) { self.init(correction, looksAt: correction.looksAt) }

  init(_ search: SearchCorrection) { self.init(search.correction, looksAt: search.looksAt) }

  private init(_ correction: HubnessCorrection, looksAt: String) {
    name = correction.name
    self.looksAt = looksAt
    switch correction {
    case .csls(let neighbors): self.neighbors = neighbors
    case .invertedSoftmax(let temperature): self.temperature = temperature
    }
  }
}
