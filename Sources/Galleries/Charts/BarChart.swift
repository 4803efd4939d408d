internal import Foundation

/// Groups of bars, one bar of each series in a group.
package struct BarChart: Sendable {
  /// Bars of one colour, a value for each group; finite and not negative.
  package struct Series: Sendable {
    package let name: String
    package let values: [Double]

    package init(name: String, values: [Double]) {
      precondition(values.allSatisfy { $0.isFinite && $0 >= 0 }, "bars have a height")
      self.name = name
      self.values = values
    }
  }

  package let title: String
  package let groups: [String]
  /// What follows the numbers, such as %.
  package let unit: String
  package let series: [Series]

  package init(title: String, groups: [String], unit: String, series: [Series]) {
    precondition(series.allSatisfy { $0.values.count == groups.count }, "a value for each group")
    self.title = title
    self.groups = groups
    self.unit = unit
    self.series = series
  }

  /// The chart with its legend; nothing where there is no group.
  package var html: HTML? {
    guard !groups.isEmpty, !series.isEmpty else { return nil }
    let axis = ChartAxis(series.flatMap(\.values), includingZero: true)
    let width = (ChartFrame.right - ChartFrame.left) / Double(groups.count)
    let bars = series.enumerated().flatMap { index, series in
      series.values.enumerated().map { group, value in
        bar(value, group: group, series: index, width: width, axis)
      }
    }
    return .element(
      "figure", class: "plot",
      [
        .element("figcaption", [.text(title)]),
        ChartFrame.chart(title: title, axis: axis, content: labels(width: width) + bars, unit: unit),
        ChartFrame.legend(series.map(\.name)),
      ])
  }

  /// The names of the groups, in two rows where there are many.
  private func labels(width: Double) -> [HTML] {
    groups.enumerated().map { index, name in
      let row = groups.count > 7 ? Double(index % 2) : 0
      return ChartFrame.text(
        name, at: (ChartFrame.left + (Double(index) + 0.5) * width, ChartFrame.bottom + 18 + 16 * row),
        anchor: "middle")
    }
  }

  private func bar(_ value: Double, group: Int, series index: Int, width: Double, _ axis: ChartAxis) -> HTML {
    let barWidth = 0.8 * width / Double(series.count)
    let x = ChartFrame.left + (Double(group) + 0.1) * width + Double(index) * barWidth
    let y = axis.place(of: value, from: ChartFrame.bottom, to: ChartFrame.top)
    return .element(
      "rect",
      [
        .init("x", ChartFrame.number(x)), .init("y", ChartFrame.number(y)),
        .init("width", ChartFrame.number(barWidth)),
        .init("height", ChartFrame.number(ChartFrame.bottom - y)),
        .init("class", "bar series\(index % 6)"),
      ],
      [
        .element(
          "title", [.text("\(series[index].name), \(groups[group]): \(String(format: "%.1f", value))\(unit)")]
        )
      ])
  }
}
