/// Curves over a common horizontal axis.
package struct LineChart: Sendable {
  /// A curve: points in the order of x; those with a number that is not finite are left out.
  package struct Series: Sendable {
    package let name: String
    package let points: [(x: Double, y: Double)]

    package init(name: String, points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points.filter { ChartAxis.canShow($0.x) && ChartAxis.canShow($0.y) }
    }
  }

  package let title: String
  /// What the horizontal axis counts.
  package let horizontal: String
  package let series: [Series]

  package init(title: String, horizontal: String, series: [Series]) {
    self.title = title
    self.horizontal = horizontal
    self.series = series.filter { !$0.points.isEmpty }
  }

  /// The chart with its legend; nothing where there is no point. A single point is a dot.
  package var html: HTML? {
    let points = series.flatMap(\.points)
    guard !points.isEmpty else { return nil }
    let horizontalAxis = ChartAxis(points.map(\.x), includingZero: true)
    let axis = ChartAxis(points.map(\.y))
    let labels = horizontalAxis.ticks.map { tick in
      ChartFrame.text(
        horizontalAxis.label(tick), at: (x(tick, horizontalAxis), ChartFrame.bottom + 18), anchor: "middle")
    }
    let name = ChartFrame.text(
      horizontal, at: ((ChartFrame.left + ChartFrame.right) / 2, ChartFrame.bottom + 38), anchor: "middle")
    let curves = series.enumerated().flatMap { index, series in
      curve(series, class: "series\(index % 6)", horizontalAxis, axis)
    }
    return .element(
      "figure", class: "plot",
      [
        .element("figcaption", [.text(title)]),
        ChartFrame.chart(title: title, axis: axis, content: labels + [name] + curves),
      ] + (series.count > 1 ? [ChartFrame.legend(series.map(\.name))] : []))
  }

  private func x(_ value: Double, _ axis: ChartAxis) -> Double {
    axis.place(of: value, from: ChartFrame.left, to: ChartFrame.right)
  }

  private func curve(_ series: Series, class: String, _ horizontal: ChartAxis, _ axis: ChartAxis) -> [HTML] {
    let places = series.points.map { point in
      (
        x: ChartFrame.number(x(point.x, horizontal)),
        y: ChartFrame.number(axis.place(of: point.y, from: ChartFrame.bottom, to: ChartFrame.top))
      )
    }
    let line = HTML.element(
      "polyline",
      [
        .init("points", places.map { "\($0.x),\($0.y)" }.joined(separator: " ")),
        .init("class", "curve \(`class`)"),
      ], [])
    let last = series.points.indices.last.map { index in
      HTML.element(
        "circle",
        [
          .init("cx", places[index].x), .init("cy", places[index].y), .init("r", "3.5"),
          .init("class", "dot \(`class`)"),
        ], [])
    }
    return (places.count > 1 ? [line] : []) + (last.map { [$0] } ?? [])
  }
}
