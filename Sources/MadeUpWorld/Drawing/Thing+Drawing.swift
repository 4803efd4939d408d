extension Thing {
  /// The thing around the middle of its lower edge, some 100 wide and high.
  func shapes(at sky: Scene.Sky) -> Shapes {
    let shades = colour.shades
    return switch kind {
    case .house: Self.house(shades, window: sky == .night ? "#ffe27a" : "#d6effa")
    case .tree: Self.tree(shades)
    case .car: Self.car(shades)
    case .cat: Self.cat(shades)
    case .ball: Self.ball(shades)
    case .umbrella: Self.umbrella(shades)
    case .boat: Self.boat(shades)
    case .duck: Self.duck(shades)
    case .kite: Self.kite(shades)
    case .balloon: Self.balloon(shades)
    }
  }
}

extension Thing.Colour {
  /// A colour, and what it is in shadow and in light.
  struct Shades {
    let base, dark, light: String
  }

  var shades: Shades {
    switch self {
    case .red: Shades(base: "#e5404a", dark: "#a8232f", light: "#f58f8f")
    case .yellow: Shades(base: "#f9c928", dark: "#c98f0c", light: "#fde68f")
    case .green: Shades(base: "#3aa655", dark: "#226b38", light: "#8fd79b")
    case .blue: Shades(base: "#2f6fe0", dark: "#1d479b", light: "#86b1f5")
    case .purple: Shades(base: "#9147cc", dark: "#602a91", light: "#c79be8")
    case .white: Shades(base: "#fbfaf6", dark: "#bdb8b0", light: "#ffffff")
    }
  }
}

extension Thing.Kind {
  /// Where something may sit on it, from the middle of its lower edge.
  var seat: (x: Double, y: Double) {
    switch self {
    case .house: (-6, -98)
    case .car: (2, -56)
    default: (-26, -27)
    }
  }
}
