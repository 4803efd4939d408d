import Tensors

extension Scene.Sky {
  /// The colours from the zenith to the horizon, as a gradient of the name "sky".
  var gradient: String {
    let (top, bottom) =
      switch self {
      case .sunny: ("#4fb3f0", "#dff3fc")
      case .cloudy: ("#9aa7b3", "#e3e7ea")
      case .night: ("#0d1238", "#3d4b8c")
      }
    return """
      <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="\(top)"/>\
      <stop offset="0.7" stop-color="\(bottom)"/></linearGradient></defs>

      """
  }
}

extension Scene {
  /// The sky and the place.
  func backdrop(on shapes: inout Shapes, using generator: inout SeededRandomNumberGenerator) {
    shapes.rectangle(0, 0, 320, 240, .filled("url(#sky)"))
    drawSky(on: &shapes, using: &generator)
    switch place {
    case .beach: drawBeach(on: &shapes, using: &generator)
    case .meadow: drawMeadow(on: &shapes, using: &generator)
    case .snow: drawSnow(on: &shapes, using: &generator)
    case .city: drawCity(on: &shapes)
    case .lake: drawLake(on: &shapes, using: &generator)
    }
  }

  private func drawSky(on shapes: inout Shapes, using generator: inout SeededRandomNumberGenerator) {
    let x: Double = generator.happens(50) ? 42 : 278
    switch sky {
    case .sunny:
      shapes.circle(x, 38, 30, .filled("#fff3b8", opacity: 0.5))
      shapes.circle(x, 38, 20, .filled("#ffd84a"))
      cloud(x: 320 - x, y: 36, scale: 0.7, colour: "#ffffff", on: &shapes)
    case .cloudy:
      for (x, y, scale) in [(50.0, 34.0, 1.0), (165, 22, 1.2), (275, 42, 1)] {
        cloud(
          x: x + Double(generator.integer(below: 30)) - 15, y: y, scale: scale, colour: "#7f8b97", on: &shapes
        )
      }
    case .night:
      for _ in 0..<26 {
        let radius = 0.7 + 0.9 * Double(generator.uniform())
        shapes.circle(
          Double(generator.integer(below: 320)), Double(generator.integer(below: 110)), radius,
          .filled("#fff9d6"))
      }
      shapes.path("M\(x + 6) 18 a21 21 0 1 0 12 33 a17 17 0 0 1 -12 -33 Z", .filled("#fdf1bd"))
    }
  }

  private func cloud(x: Double, y: Double, scale: Double, colour: String, on shapes: inout Shapes) {
    var cloud = Shapes()
    cloud.circle(-24, 0, 15, .filled(colour))
    cloud.circle(0, -8, 20, .filled(colour))
    cloud.circle(24, 0, 15, .filled(colour))
    cloud.rectangle(-38, -2, 76, 17, rounded: 8, .filled(colour))
    shapes.group(x: x, y: y, scale: scale, cloud)
  }

  private func byDay(_ day: String, atNight night: String) -> String { sky == .night ? night : day }

  private func drawBeach(on shapes: inout Shapes, using generator: inout SeededRandomNumberGenerator) {
    shapes.rectangle(0, 128, 320, 60, .filled(byDay("#2aa5c9", atNight: "#1c4f86")))
    for y in [138.0, 150] {
      let x = Double(generator.integer(below: 40))
      shapes.path(
        "M\(x + 20) \(y) q12 -5 24 0 q12 5 24 0 M\(x + 150) \(y + 4) q12 -5 24 0 q12 5 24 0",
        .line("#ffffff", 2, opacity: 0.5))
    }
    shapes.path(
      "M0 168 Q50 158 110 166 T220 166 T320 162 L320 240 L0 240 Z", .filled("#ffffff", opacity: 0.8))
    shapes.path(
      "M0 173 Q50 163 110 171 T220 171 T320 167 L320 240 L0 240 Z",
      .filled(byDay("#f3d79b", atNight: "#a8936f")))
    for _ in 0..<14 {
      shapes.circle(
        Double(generator.integer(below: 320)), 184 + Double(generator.integer(below: 52)), 1.4,
        .filled(byDay("#d9b673", atNight: "#8a7656")))
    }
    shapes.path("M24 230 l4 -9 l4 9 l9 1 l-7 6 l2 9 l-8 -5 l-8 5 l2 -9 l-7 -6 Z", .filled("#f0875f"))
  }

  private func drawMeadow(on shapes: inout Shapes, using generator: inout SeededRandomNumberGenerator) {
    shapes.path(
      "M0 150 Q70 108 150 142 T320 124 L320 240 L0 240 Z", .filled(byDay("#a5d672", atNight: "#3f6b4a")))
    shapes.path(
      "M0 176 Q90 148 190 170 T320 160 L320 240 L0 240 Z", .filled(byDay("#7cc256", atNight: "#2c5940")))
    for number in 0..<16 {
      let x = Double(generator.integer(below: 320))
      let y = 182 + Double(generator.integer(below: 52))
      let petals = ["#ffffff", "#ffd84a", "#f49ac1"][number % 3]
      for (dx, dy) in [(-2.4, 0.0), (2.4, 0), (0, -2.4), (0, 2.4)] {
        shapes.circle(x + dx, y + dy, 2, .filled(petals))
      }
      shapes.circle(x, y, 1.5, .filled("#e8871e"))
    }
  }

  private func drawSnow(on shapes: inout Shapes, using generator: inout SeededRandomNumberGenerator) {
    let rock = byDay("#8ea4c0", atNight: "#45568a")
    shapes.path("M-20 180 L70 78 L150 172 Z M110 180 L215 66 L345 180 Z", .filled(rock))
    shapes.path(
      "M70 78 L46 106 L58 102 L68 112 L80 101 L93 106 Z M215 66 L185 99 L200 95 L213 106 L228 94 L249 97 Z",
      .filled(byDay("#ffffff", atNight: "#c9d3ee")))
    shapes.path(
      "M0 172 Q80 152 170 168 T320 158 L320 240 L0 240 Z", .filled(byDay("#eaf2fa", atNight: "#8fa2cf")))
    for _ in 0..<30 {
      shapes.circle(
        Double(generator.integer(below: 320)), Double(generator.integer(below: 236)), 1.9,
        .filled("#ffffff", opacity: 0.9))
    }
  }

  private func drawCity(on shapes: inout Shapes) {
    let walls = sky == .night ? ["#28305f", "#323b70", "#222955"] : ["#9fb0c3", "#b5a99f", "#8ea0b4"]
    let lit = byDay("#e9f1f7", atNight: "#ffd766")
    let towers: [(x: Double, width: Double, height: Double)] = [
      (0, 44, 92), (46, 36, 62), (84, 50, 112), (136, 40, 74), (178, 46, 100), (226, 38, 66), (266, 54, 106),
    ]
    for (number, tower) in towers.enumerated() {
      shapes.rectangle(tower.x, 176 - tower.height, tower.width, tower.height, .filled(walls[number % 3]))
      for row in 0..<Int(tower.height / 18) {
        for column in 0..<Int(tower.width / 14) where (row * 3 + column * 5 + number) % 4 != 0 {
          shapes.rectangle(
            tower.x + 6 + 14 * Double(column), 183 - tower.height + 18 * Double(row), 6, 9, .filled(lit))
        }
      }
    }
    shapes.rectangle(0, 176, 320, 14, .filled(byDay("#c9c6c1", atNight: "#6b6d85")))
    shapes.rectangle(0, 188, 320, 52, .filled(byDay("#6e727c", atNight: "#3c4058")))
    for x in stride(from: 8.0, to: 320, by: 48) { shapes.rectangle(x, 227, 26, 4, .filled("#f2efe6")) }
  }

  private func drawLake(on shapes: inout Shapes, using generator: inout SeededRandomNumberGenerator) {
    shapes.path(
      "M0 140 Q60 96 120 132 Q190 84 250 130 Q290 108 320 128 L320 160 L0 160 Z",
      .filled(byDay("#5f9e6e", atNight: "#274a4d")))
    shapes.rectangle(0, 140, 320, 100, .filled(byDay("#58b4dc", atNight: "#234f8f")))
    for y in stride(from: 152.0, to: 240, by: 15) {
      let x = Double(generator.integer(below: 60))
      for start in [x - 20, x + 90, x + 200] {
        shapes.path("M\(start) \(y) q10 -5 20 0 q10 5 20 0", .line("#ffffff", 2, opacity: 0.45))
      }
    }
    shapes.path(
      "M6 240 Q8 214 3 196 M14 240 Q15 210 20 192 M24 240 Q24 220 30 206",
      .line(byDay("#3f7d4a", atNight: "#1d3d38"), 3.5))
    for (x, y) in [(3.0, 192.0), (20, 188), (30, 202)] { shapes.ellipse(x, y, 7, 18, .filled("#8a5a3b")) }
  }
}
