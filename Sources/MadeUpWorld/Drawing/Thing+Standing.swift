// Things that stand on the ground, each around the middle of its lower edge.

extension Thing {
  static func house(_ shades: Colour.Shades, window: String) -> Shapes {
    var shapes = Shapes()
    shapes.rectangle(22, -108, 13, 30, .inked("#a4563f"))
    shapes.rectangle(-42, -62, 84, 62, .inked(shades.base))
    shapes.path("M-54 -59 L-30 -99 L30 -99 L54 -59 Z", .inked("#7a4a3a"))
    shapes.path("M-45 -68 L45 -68 M-39 -78 L39 -78 M-33 -88 L33 -88", .line("#5f3628", 1.5))
    shapes.rectangle(-10, -37, 20, 37, rounded: 3, .inked(shades.dark))
    shapes.circle(5, -18, 2, .filled("#ffe9a8"))
    for x in [-34.0, 18] {
      shapes.rectangle(x, -48, 16, 17, .inked(window))
      shapes.path("M\(x + 8) -48 L\(x + 8) -31 M\(x) -39.5 L\(x + 16) -39.5", .line(Shapes.Paint.ink, 1.5))
    }
    return shapes
  }

  static func tree(_ shades: Colour.Shades) -> Shapes {
    var shapes = Shapes()
    shapes.path("M-9 0 Q-5 -20 -7 -46 L7 -46 Q5 -20 10 0 Z", .inked("#8a5a3b"))
    let crown: [(x: Double, y: Double, radius: Double)] = [
      (-25, -60, 23), (25, -60, 23), (0, -54, 24), (-14, -86, 25), (15, -86, 25), (0, -102, 18),
    ]
    shapes.cloud(of: crown, shades.base)
    shapes.path("M-38 -66 Q-34 -52 -20 -50", .line(shades.dark, 3))
    shapes.path("M2 -44 Q14 -42 20 -50", .line(shades.dark, 3))
    shapes.path("M-20 -92 Q-16 -104 -4 -106", .line(shades.light, 4))
    shapes.path("M24 -72 Q34 -70 36 -60", .line(shades.light, 4))
    return shapes
  }

  static func car(_ shades: Colour.Shades) -> Shapes {
    var shapes = Shapes()
    shapes.path(
      "M-57 -12 L-57 -24 Q-56 -33 -45 -35 L-34 -36 Q-24 -58 -4 -58 L12 -58 Q28 -57 37 -36 Q55 -34 57 -22 L57 -12 Z",
      .inked(shades.base))
    shapes.path("M-26 -36 Q-18 -51 -5 -51 L-2 -51 L-2 -36 Z", .inked("#d6effa"))
    shapes.path("M5 -36 L5 -51 L12 -51 Q22 -50 29 -36 Z", .inked("#d6effa"))
    shapes.path("M-2 -33 L-2 -14 M5 -28 L12 -28", .line(shades.dark, 2))
    shapes.rectangle(-57, -17, 114, 6, rounded: 3, .inked(shades.dark))
    shapes.circle(53, -26, 4, .inked("#fff2b0"))
    for x in [-31.0, 31] {
      shapes.circle(x, -11, 12, .inked("#3d3d47"))
      shapes.circle(x, -11, 5, .filled("#d9dbe0"))
    }
    return shapes
  }

  static func cat(_ shades: Colour.Shades) -> Shapes {
    var shapes = Shapes()
    shapes.path("M16 -10 Q44 -8 40 -34 Q38 -44 32 -46", .line(Shapes.Paint.ink, 13))
    shapes.path("M16 -10 Q44 -8 40 -34 Q38 -44 32 -46", .line(shades.base, 8))
    shapes.path("M-22 0 Q-29 -46 0 -48 Q29 -46 22 0 Z", .inked(shades.base))
    shapes.ellipse(0, -18, 22, 30, .filled(shades.light))
    shapes.path("M-8 0 L-8 -10 M8 0 L8 -10", .line(shades.dark, 2))
    shapes.path(
      "M-21 -62 L-20 -88 L-4 -78 Q0 -79 4 -78 L20 -88 L21 -62 Q20 -40 0 -40 Q-20 -40 -21 -62 Z",
      .inked(shades.base))
    shapes.path("M-17 -74 L-16.500 -82 L-10 -77 Z M17 -74 L16.500 -82 L10 -77 Z", .filled("#f3a6b0"))
    for x in [-8.0, 8] {
      shapes.ellipse(x, -62, 7, 9, .filled(Shapes.Paint.ink))
      shapes.circle(x + 1.2, -64, 1.6, .filled("#ffffff"))
    }
    shapes.path("M-2.500 -54 L2.500 -54 L0 -51 Z", .filled("#ee7f8f"))
    shapes.path("M0 -51 Q-3 -47 -7 -49 M0 -51 Q3 -47 7 -49", .line(Shapes.Paint.ink, 1.5))
    shapes.path(
      "M-12 -53 L-29 -56 M-12 -50 L-28 -48 M12 -53 L29 -56 M12 -50 L28 -48", .line(Shapes.Paint.ink, 1.2))
    return shapes
  }

  static func ball(_ shades: Colour.Shades) -> Shapes {
    var shapes = Shapes()
    let stripe = shades.base == "#fbfaf6" ? shades.dark : "#fbfaf6"
    shapes.circle(0, -32, 32, .inked(shades.base))
    shapes.path("M-6 -62.500 Q-30 -36 -14 -3.500 Q-8 -1 -2 0 Q-16 -34 4 -63 Z", .filled(stripe))
    shapes.path("M14 -60.500 Q34 -34 20 -7.500 Q25 -12 28 -18 Q35 -36 24 -53 Z", .filled(stripe))
    shapes.circle(2, -57, 5, .inked(shades.dark))
    shapes.circle(0, -32, 32, .line(Shapes.Paint.ink, 2.5))
    shapes.ellipse(-20, -46, 7, 12, .filled("#ffffff", opacity: 0.6))
    return shapes
  }

  static func umbrella(_ shades: Colour.Shades) -> Shapes {
    var shapes = Shapes()
    shapes.rectangle(-2.5, -92, 5, 92, .inked("#c8935a"))
    let canopy =
      "M-50 -50 Q-46 -96 0 -98 Q46 -96 50 -50 Q42 -58 33 -50 Q25 -58 16.500 -50 Q8 -58 0 -50 Q-8 -58 -16.500 -50 "
      + "Q-25 -58 -33 -50 Q-42 -58 -50 -50 Z"
    shapes.path(canopy, .inked(shades.base))
    shapes.path("M-33 -50 Q-28 -84 0 -98 Q-14 -80 -16.500 -50 Q-25 -58 -33 -50 Z", .filled(shades.light))
    shapes.path("M33 -50 Q28 -84 0 -98 Q14 -80 16.500 -50 Q25 -58 33 -50 Z", .filled(shades.light))
    shapes.path(
      "M-33 -50 Q-28 -84 0 -98 Q28 -84 33 -50 M-16.500 -50 Q-14 -80 0 -98 Q14 -80 16.500 -50",
      .line(shades.dark, 1.5))
    shapes.path(canopy, .line(Shapes.Paint.ink, 2.5))
    shapes.circle(0, -100, 3.5, .inked("#c8935a"))
    return shapes
  }
}
