/// Something that stands, swims or flies in a scene.
package struct Thing: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case house, tree, car, cat, ball, umbrella, boat, duck, kite, balloon
  }

  package enum Colour: String, CaseIterable, Sendable {
    case red, yellow, green, blue, purple, white
  }

  package enum Size: String, CaseIterable, Sendable {
    case small, big
  }

  package var kind: Kind
  package var colour: Colour
  package var size: Size

  package init(kind: Kind, colour: Colour, size: Size) {
    self.kind = kind
    self.colour = colour
    self.size = size
  }

  /// What some splits never show: a kind in a colour.
  package struct Look: Hashable, Sendable {
    package let kind: Kind
    package let colour: Colour
  }

  package var look: Look { Look(kind: kind, colour: colour) }
}

extension Thing.Kind {
  /// Whether it flies.
  var flies: Bool { self == .kite || self == .balloon }

  /// Whether it may be on the ground of a place, or on its water.
  func stands(in place: Scene.Place) -> Bool {
    switch self {
    case .house, .tree, .car, .cat, .umbrella: place != .lake
    case .boat, .duck: place == .lake
    case .ball: true
    case .kite, .balloon: false
    }
  }

  /// Whether it is small and still enough to sit on something.
  var sitsOnThings: Bool { self == .cat || self == .ball || self == .duck }

  /// Whether there is room for something on it.
  var carriesThings: Bool { self == .house || self == .car || self == .boat }
}
