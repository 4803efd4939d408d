internal import Foundation

/// The paper of a chart: its size, its margins, axes, and the title for those who do not see it.
///
/// Colours are the style sheet's: `series0` and so on for what is drawn, so that they suit light and dark.
struct ChartFrame {
  static let size = (width: 480.0, height: 250.0)
  static let left = 52.0, right = 446.0, top = 14.0, bottom = 208.0

  /// A chart with a title and a vertical axis; `content` is drawn above its lines.
  static func chart(title: String, axis: ChartAxis, content: [HTML], unit: String = "") -> HTML {
    let lines = axis.ticks.flatMap { tick in
      let y = axis.place(of: tick, from: bottom, to: top)
      return [
        line(from: (left, y), to: (right, y), class: "grid"),
        text(axis.label(tick) + unit, at: (left - 6, y + 4), anchor: "end"),
      ]
    }
    return .element(
      "svg",
      [
        .init("viewBox", "0 0 \(Int(size.width)) \(Int(size.height))"), .init("role", "img"),
        .init("class", "chart"),
      ], [.element("title", [.text(title)])] + lines + content)
  }

  static func text(_ text: String, at place: (x: Double, y: Double), anchor: StaticString) -> HTML {
    .element(
      "text", [.init("x", number(place.x)), .init("y", number(place.y)), .init("text-anchor", "\(anchor)")],
      [.text(text)])
  }

  static func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), class: StaticString
  ) -> HTML {
    .element(
      "line",
      [
        .init("x1", number(start.x)), .init("y1", number(start.y)), .init("x2", number(end.x)),
        .init("y2", number(end.y)), .init("class", "\(`class`)"),
      ], [])
  }

  /// A coordinate; a tenth of a unit is finer than any screen.
  static func number(_ value: Double) -> String { String(format: "%.1f", value) }

  /// What the colours stand for, as text below a chart.
  static func legend(_ names: [String]) -> HTML {
    .element(
      "p", class: "legend",
      names.enumerated().map { index, name in
        .element(
          "span", [.element("i", [.init("class", "key series\(index % 6)")], []), .text(name)])
      })
  }
}
