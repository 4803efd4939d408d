/// Shapes of SVG, one over the other, as text.
struct Shapes {
  private(set) var text = ""

  /// How a shape is filled and outlined.
  struct Paint {
    var fill: String?
    var stroke: String?
    var width = 0.0
    var opacity = 1.0

    static let ink = "#3a3147"

    static func filled(_ colour: String, opacity: Double = 1) -> Paint {
      Paint(fill: colour, opacity: opacity)
    }
    static func inked(_ colour: String) -> Paint { Paint(fill: colour, stroke: ink, width: 2.5) }
    static func line(_ colour: String, _ width: Double, opacity: Double = 1) -> Paint {
      Paint(stroke: colour, width: width, opacity: opacity)
    }
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ paint: Paint) {
    add("circle", #"cx="\#(number(x))" cy="\#(number(y))" r="\#(number(radius))""#, paint)
  }

  mutating func ellipse(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ paint: Paint) {
    add(
      "ellipse",
      #"cx="\#(number(x))" cy="\#(number(y))" rx="\#(number(width / 2))" ry="\#(number(height / 2))""#, paint)
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, rounded: Double = 0, _ paint: Paint
  ) {
    add(
      "rect",
      #"x="\#(number(x))" y="\#(number(y))" width="\#(number(width))" height="\#(number(height))" rx="\#(number(rounded))""#,
      paint)
  }

  /// A path in SVG's own notation.
  mutating func path(_ data: String, _ paint: Paint) { add("path", #"d="\#(data)""#, paint) }

  /// Several circles that make one shape: outlined together.
  mutating func cloud(of circles: [(x: Double, y: Double, radius: Double)], _ colour: String) {
    for circle in circles { self.circle(circle.x, circle.y, circle.radius + 2.5, .filled(Paint.ink)) }
    for circle in circles { self.circle(circle.x, circle.y, circle.radius, .filled(colour)) }
  }

  /// Shapes that stand elsewhere, scaled and turned by so many degrees.
  mutating func group(x: Double, y: Double, scale: Double, turned: Double = 0, _ shapes: Shapes) {
    text +=
      #"<g transform="translate(\#(number(x)) \#(number(y))) scale(\#(number(scale))) rotate(\#(number(turned)))">"#
      + "\n" + shapes.text + "</g>\n"
  }

  private mutating func add(_ element: String, _ geometry: String, _ paint: Paint) {
    text += "<\(element) \(geometry) fill=\"\(paint.fill ?? "none")\""
    if let stroke = paint.stroke {
      text +=
        " stroke=\"\(stroke)\" stroke-width=\"\(number(paint.width))\""
        + " stroke-linejoin=\"round\" stroke-linecap=\"round\""
    }
    if paint.opacity < 1 { text += " opacity=\"\(number(paint.opacity))\"" }
    text += "/>\n"
  }

  /// A number to two decimals, the same on every machine.
  private func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    guard hundredths % 100 != 0 else { return "\(hundredths / 100)" }
    return "\(Double(hundredths) / 100)"
  }
}
