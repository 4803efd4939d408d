internal import Foundation
internal import VisualSemanticEmbedding

extension GalleryPage {
  /// The scores, the distribution of ranks, and how the model was trained.
  var scores: [HTML] {
    [
      table,
      .note(
        "Percentages of queries whose right answer is within the first K; equal scores count against the model. Beside "
          + "each: its 95% interval, from \(gallery.bootstrap.resamples) resamples of the images with their captions."
      ),
      .element("div", class: "plots", [rankChart].compactMap(\.self) + trainingCharts),
    ] + (historyNote.map { [.note($0)] } ?? [])
  }

  /// Directions side by side: so it fits on a phone.
  private var table: HTML {
    let (scores, intervals) = (gallery.scores, gallery.intervals)
    return .element(
      "table",
      [
        .element("tr", ["", "Image annotation", "Image search"].map { .element("th", [$0]) }),
        recalls("R@1", \.r1, \.r1), recalls("R@5", \.r5, \.r5), recalls("R@10", \.r10, \.r10),
        row("Median rank", [scores.annotation, scores.search].map { ["\($0.medianRank)"] }),
        row(
          "Mean rank",
          [scores.annotation, scores.search].map { [.text(String(format: "%.1f", $0.meanRank))] }),
        .element(
          "tr",
          [
            .element("th", ["Sum of recalls"]),
            .element(
              "td", [.init("colspan", "2")], value(scores.sumOfRecalls, intervals.sumOfRecalls)),
          ]),
      ])
  }

  private func recalls(
    _ name: HTML, _ recall: KeyPath<RetrievalScores, Double>,
    _ interval: KeyPath<PerRecall<ConfidenceInterval>.Direction, ConfidenceInterval>
  ) -> HTML {
    row(
      name,
      [
        value(gallery.scores.annotation[keyPath: recall], gallery.intervals.annotation[keyPath: interval]),
        value(gallery.scores.search[keyPath: recall], gallery.intervals.search[keyPath: interval]),
      ])
  }

  private func row(_ name: HTML, _ cells: [[HTML]]) -> HTML {
    .element("tr", [.element("th", [name])] + cells.map { .element("td", $0) })
  }

  private func value(_ value: Double, _ interval: ConfidenceInterval) -> [HTML] {
    [
      .element("b", [.text(String(format: "%.1f", value))]), " ",
      .element("small", [.text(String(format: "%.1f – %.1f", interval.low, interval.high))]),
    ]
  }

  private var rankChart: HTML? {
    let histogram = RankHistogram(
      reaching: (gallery.annotationRanks + gallery.searchRanks).max() ?? 0)
    return BarChart(
      title: "Ranks of the right answers, % of queries", groups: histogram.labels, unit: "%",
      series: [
        .init(name: "image annotation", values: histogram.shares(of: gallery.annotationRanks)),
        .init(name: "image search", values: histogram.shares(of: gallery.searchRanks)),
      ]
    ).html
  }

  private var trainingCharts: [HTML] {
    let records = gallery.history?.records ?? []
    func series(_ name: String, _ value: (ValidationRecord) -> Double) -> LineChart.Series {
      .init(name: name, points: records.map { (Double($0.update), value($0)) })
    }
    return [
      LineChart(
        title: "Training: loss of a minibatch", horizontal: "updates", series: [series("loss", \.cost)]),
      LineChart(
        title: "Training: sum of recalls on dev", horizontal: "updates",
        series: [series("sum of recalls", \.sumOfRecalls)]),
      LineChart(
        title: "Training: recalls on dev, %", horizontal: "updates",
        series: [
          series("annotation R@1", \.scores.annotation.r1), series("search R@1", \.scores.search.r1),
          series("annotation R@10", \.scores.annotation.r10), series("search R@10", \.scores.search.r10),
        ]),
    ].compactMap(\.html)
  }

  private var historyNote: String? {
    guard let history = gallery.history, !history.records.isEmpty else {
      return "There is no history of the training beside the model, so no curves are shown."
    }
    return history.unreadableLines > 0
      ? "Lines of the training's history that could not be read: \(history.unreadableLines)." : nil
  }
}
