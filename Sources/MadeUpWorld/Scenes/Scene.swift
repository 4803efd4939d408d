import Tensors

/// What a picture shows, as far as captions speak of it.
package struct Scene: Hashable, Sendable {
  package enum Place: String, CaseIterable, Sendable {
    case beach, meadow, snow, city, lake
  }

  package enum Sky: String, CaseIterable, Sendable {
    case sunny, cloudy, night
  }

  package enum Column: String, CaseIterable, Sendable {
    case left, middle, right
  }

  /// What is there, and how it stands to each other.
  package enum Arrangement: Hashable, Sendable {
    case alone(Thing, Column)
    case beside(left: Thing, right: Thing)
    case above(upper: Thing, lower: Thing)
    case on(rider: Thing, carrier: Thing)
  }

  package var place: Place
  package var sky: Sky
  package var arrangement: Arrangement

  package init(place: Place, sky: Sky, arrangement: Arrangement) {
    self.place = place
    self.sky = sky
    self.arrangement = arrangement
  }

  /// The one or two things.
  package var things: [Thing] {
    switch arrangement {
    case .alone(let thing, _): [thing]
    case .beside(let first, let second), .above(let first, let second), .on(let first, let second):
      [first, second]
    }
  }

  /// The same scene with its first thing in another colour.
  package func recoloured(_ colour: Thing.Colour) -> Scene {
    var scene = self
    func painted(_ thing: Thing) -> Thing {
      Thing(kind: thing.kind, colour: colour, size: thing.size)
    }
    scene.arrangement =
      switch arrangement {
      case .alone(let thing, let column): .alone(painted(thing), column)
      case .beside(let left, let right): .beside(left: painted(left), right: right)
      case .above(let upper, let lower): .above(upper: painted(upper), lower: lower)
      case .on(let rider, let carrier): .on(rider: painted(rider), carrier: carrier)
      }
    return scene
  }

  /// The scene in a few words joined by hyphens, as the name of a file.
  package var fileName: String {
    func name(_ thing: Thing) -> String { "\(thing.colour)-\(thing.kind)" }
    let things =
      switch arrangement {
      case .alone(let thing, let column): "\(name(thing))-\(column)"
      case .beside(let left, let right): "\(name(left))-left-of-\(name(right))"
      case .above(let upper, let lower): "\(name(upper))-above-\(name(lower))"
      case .on(let rider, let carrier): "\(name(rider))-on-\(name(carrier))"
      }
    return "\(things)-\(place)-\(sky)"
  }
}

extension Scene {
  /// A scene at random; two things in four of five, and never two of a kind.
  init(using generator: inout SeededRandomNumberGenerator) {
    let place = generator.element(of: Place.allCases)
    let sky = generator.element(of: Sky.allCases)
    let arrangement: Arrangement
    let standing = Thing.Kind.allCases.filter { $0.stands(in: place) }
    let flying = Thing.Kind.allCases.filter(\.flies)
    switch generator.integer(below: 10) {
    case 0..<2:
      arrangement = .alone(
        Thing(generator.element(of: standing + flying), using: &generator),
        generator.element(of: Column.allCases))
    case 2..<6:
      let left = generator.element(of: standing)
      let right = generator.element(of: standing.filter { $0 != left })
      arrangement = .beside(left: Thing(left, using: &generator), right: Thing(right, using: &generator))
    case 6..<8:
      arrangement = .above(
        upper: Thing(generator.element(of: flying), using: &generator),
        lower: Thing(generator.element(of: standing), using: &generator))
    default:
      let carrier = generator.element(of: standing.filter(\.carriesThings))
      let rider = generator.element(of: standing.filter(\.sitsOnThings))
      arrangement = .on(
        rider: Thing(rider, size: .small, using: &generator),
        carrier: Thing(carrier, size: .big, using: &generator))
    }
    self.init(place: place, sky: sky, arrangement: arrangement)
  }
}

extension Thing {
  /// One of a kind, in any colour and, where none is given, of any size.
  fileprivate init(_ kind: Kind, size: Size? = nil, using generator: inout SeededRandomNumberGenerator) {
    self.kind = kind
    colour = generator.element(of: Colour.allCases)
    self.size = size ?? generator.element(of: Size.allCases)
  }
}

extension SeededRandomNumberGenerator {
  /// One of the elements, each equally likely.
  mutating func element<Element>(of elements: [Element]) -> Element {
    elements[integer(below: elements.count)]
  }

  /// Whether something with such a chance, in percent, happens.
  mutating func happens(_ percent: Int) -> Bool { integer(below: 100) < percent }
}
