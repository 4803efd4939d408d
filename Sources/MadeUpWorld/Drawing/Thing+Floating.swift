// Things that swim or fly, each around the middle of its lower edge.

extension Thing {
  static func boat(_ shades: Colour.Shades) -> Shapes {
    var shapes = Shapes()
    shapes.rectangle(6, -108, 5, 84, .inked("#8a5a3b"))
    shapes.path("M14 -102 L14 -34 L52 -34 Q40 -78 14 -102 Z", .inked(shades.light))
    shapes.path("M14 -58 L46.500 -58 L50 -46 L14 -46 Z", .filled(shades.base))
    shapes.path("M14 -102 L14 -34 L52 -34 Q40 -78 14 -102 Z", .line(Shapes.Paint.ink, 2.5))
    shapes.path("M11 -108 L30 -114 L11 -119 Z", .inked("#f2884b"))
    shapes.path("M-56 -28 L56 -28 Q50 -2 30 0 L-32 0 Q-50 -4 -56 -28 Z", .inked(shades.base))
    shapes.path("M-51 -18 L52 -18", .line("#fbfaf6", 3))
    for x in [-24.0, -4, 16] { shapes.circle(x, -9, 3, .filled(shades.dark)) }
    return shapes
  }

  static func duck(_ shades: Colour.Shades) -> Shapes {
    var shapes = Shapes()
    let body =
      "M-44 -40 Q-34 -30 -22 -34 Q-4 -40 6 -36 Q10 -40 6 -52 Q6 -70 24 -70 Q42 -70 42 -52 Q42 -42 36 -36 "
      + "Q44 -26 38 -14 Q32 0 12 0 L-16 0 Q-44 -2 -44 -40 Z"
    shapes.path("M39 -58 Q58 -58 58 -51 Q50 -44 39 -48 Z", .inked("#f28c28"))
    shapes.path(body, .inked(shades.base))
    shapes.path("M-26 -22 Q-10 -32 12 -24 Q8 -8 -10 -8 Q-24 -10 -26 -22 Z", .inked(shades.light))
    shapes.path("M-14 -17 Q-6 -21 2 -18", .line(shades.dark, 2))
    shapes.circle(29, -57, 4, .filled(Shapes.Paint.ink))
    shapes.circle(30.2, -58.4, 1.5, .filled("#ffffff"))
    return shapes
  }

  static func kite(_ shades: Colour.Shades) -> Shapes {
    var shapes = Shapes()
    shapes.path("M0 -30 Q-12 -22 -2 -14 Q8 -7 -4 0", .line(Shapes.Paint.ink, 2))
    for (x, y) in [(-7.0, -21.0), (3, -9)] {
      shapes.path("M\(x) \(y) l-8 -5 l0 10 Z M\(x) \(y) l8 -5 l0 10 Z", .inked(shades.light))
    }
    shapes.path("M0 -108 L34 -72 L0 -28 L-34 -72 Z", .inked(shades.base))
    shapes.path("M0 -108 L34 -72 L0 -72 Z M0 -72 L0 -28 L-34 -72 Z", .filled(shades.light))
    shapes.path("M0 -108 L0 -28 M-34 -72 L34 -72", .line(shades.dark, 2))
    shapes.path("M0 -108 L34 -72 L0 -28 L-34 -72 Z", .line(Shapes.Paint.ink, 2.5))
    return shapes
  }

  static func balloon(_ shades: Colour.Shades) -> Shapes {
    var shapes = Shapes()
    shapes.path("M-14 -32 L-8 -14 M14 -32 L8 -14 M0 -32 L0 -14", .line(Shapes.Paint.ink, 1.5))
    let envelope = "M-15 -32 Q-42 -52 -40 -76 Q-36 -110 0 -110 Q36 -110 40 -76 Q42 -52 15 -32 Z"
    shapes.path(envelope, .inked(shades.base))
    shapes.path(
      "M-8 -32 Q-26 -56 -24 -78 Q-20 -108 0 -110 Q-8 -100 -9 -78 Q-8 -52 -2 -32 Z", .filled(shades.light))
    shapes.path("M8 -32 Q26 -56 24 -78 Q20 -108 0 -110 Q8 -100 9 -78 Q8 -52 2 -32 Z", .filled(shades.light))
    shapes.path(envelope, .line(Shapes.Paint.ink, 2.5))
    shapes.rectangle(-18, -36, 36, 6, rounded: 3, .inked(shades.dark))
    shapes.rectangle(-11, -15, 22, 15, rounded: 3, .inked("#b07a48"))
    shapes.path("M-10 -8 L10 -8", .line("#7d5230", 1.5))
    return shapes
  }
}
