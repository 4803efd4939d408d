import DataFormats
import Foundation
import VisualSemanticEmbedding

extension RankingScores {
  /// A table for people: both directions in rows.
  var table: String {
    """
    \(Self.tableHeader)
    \(Self.row("image annotation", annotation))
    \(Self.row("image search", search))
    sum of recalls \(String(format: "%.1f", sumOfRecalls)), \(counted(images, "image")), \(counted(captions, "caption"))
    """
  }

  /// The same with the scores to expect by chance, as if all images had as many captions.
  var tableBesideChance: String {
    let chance = RankingScores.chance(images: images, captionsPerImage: max(1, captions / images))
    return """
      \(Self.tableHeader)
      \(Self.row("image annotation", annotation))
      \(Self.row("  by chance", chance.annotation))
      \(Self.row("image search", search))
      \(Self.row("  by chance", chance.search))
      sum of recalls \(String(format: "%.1f", sumOfRecalls)), by chance \
      \(String(format: "%.1f", chance.sumOfRecalls)); \(counted(images, "image")), \(counted(captions, "caption"))
      """
  }

  private static let tableHeader = "                                R@1    R@5   R@10   median     mean"

  private static func row(_ name: String, _ scores: RetrievalScores) -> String {
    String(
      format: "%@ %6.1f %6.1f %6.1f %8d %8.1f", name.padding(toLength: 28, withPad: " ", startingAt: 0),
      scores.r1, scores.r5, scores.r10, scores.medianRank, scores.meanRank)
  }

  /// The recalls in one line.
  var line: String {
    func recalls(_ scores: RetrievalScores) -> String {
      String(format: "%.1f/%.1f/%.1f, median %d", scores.r1, scores.r5, scores.r10, scores.medianRank)
    }
    return "annotation \(recalls(annotation)); search \(recalls(search)); sum "
      + String(format: "%.1f", sumOfRecalls)
  }
}
