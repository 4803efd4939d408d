import Foundation
import VisualSemanticEmbedding

extension PerRecall {
  /// The values as a table for people, in cells of one width.
  func table(width: Int, _ cell: (Value) -> String) -> String {
    func row(_ name: String, _ cells: [String]) -> String {
      name.padding(toLength: 18, withPad: " ", startingAt: 0)
        + cells.map { String(repeating: " ", count: max(1, width - $0.count)) + $0 }.joined()
    }
    func row(_ name: String, _ direction: Direction) -> String {
      row(name, [direction.r1, direction.r5, direction.r10].map(cell))
    }
    return [
      row("", ["R@1", "R@5", "R@10"]), row("image annotation", annotation), row("image search", search),
      row("sum of recalls", [cell(sumOfRecalls)]),
    ].joined(separator: "\n")
  }
}

extension PerRecall<MeanAndDeviation> {
  /// Mean and deviation of so many models.
  func table(of models: Int) -> String {
    "mean ± standard deviation of \(models) models\n"
      + table(width: 15) { value in
        String(format: "%.1f", value.mean) + (value.deviation.map { String(format: " ± %.2f", $0) } ?? "")
      }
  }
}

extension ConfidenceInterval {
  /// "12.3 – 14.5".
  var text: String { String(format: "%.1f – %.1f", low, high) }
}
