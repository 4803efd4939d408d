import Tensors

extension Scene {
  /// The size of pictures.
  package static let width = 320
  package static let height = 240

  /// The scene as SVG; where exactly things stand, and what adorns the place, is drawn at random.
  func svg(using generator: inout SeededRandomNumberGenerator) -> String {
    var shapes = Shapes()
    backdrop(on: &shapes, using: &generator)
    for stand in stands(using: &generator) {
      let scale = stand.scale * (stand.thing.size == .big ? 1 : 0.66)
      if !stand.thing.kind.flies {
        footing(of: stand.thing, x: stand.x, y: stand.y, scale: scale, on: &shapes)
      }
      shapes.group(x: stand.x, y: stand.y, scale: scale, turned: stand.turned, stand.thing.shapes(at: sky))
    }
    if sky == .night { shapes.rectangle(0, 0, 320, 240, .filled("#0c1445", opacity: 0.12)) }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="320" height="240" viewBox="0 0 320 240">
      \(sky.gradient)\(shapes.text)</svg>

      """
  }

  /// A thing and the middle of its lower edge.
  private struct Stand {
    let thing: Thing
    let x, y, scale: Double
    var turned = 0.0
  }

  private func stands(using generator: inout SeededRandomNumberGenerator) -> [Stand] {
    func near(_ value: Double, _ distance: Double) -> Double {
      value + distance * (2 * Double(generator.uniform()) - 1)
    }
    switch arrangement {
    case .alone(let thing, let column):
      let x = near(column.x, 8)
      guard thing.kind.flies else { return [Stand(thing: thing, x: x, y: near(212, 6), scale: 1.05)] }
      return [Stand(thing: thing, x: x, y: near(140, 8), scale: 1, turned: near(6, 6))]
    case .beside(let left, let right):
      return [
        Stand(thing: left, x: near(82, 8), y: near(212, 6), scale: 1),
        Stand(thing: right, x: near(238, 8), y: near(212, 6), scale: 1),
      ]
    case .above(let upper, let lower):
      let x = near(160, 40)
      return [
        Stand(thing: upper, x: near(x, 8), y: near(104, 3), scale: 0.82, turned: near(6, 6)),
        Stand(thing: lower, x: x, y: near(222, 4), scale: 0.88),
      ]
    case .on(let rider, let carrier):
      let x = near(160, 50)
      let y = near(220, 4)
      let seat = carrier.kind.seat
      return [
        Stand(thing: carrier, x: x, y: y, scale: 1.1),
        Stand(thing: rider, x: x + 1.1 * seat.x, y: y + 1.1 * seat.y, scale: 0.95),
      ]
    }
  }

  /// A shadow, or a ripple on water.
  private func footing(of thing: Thing, x: Double, y: Double, scale: Double, on shapes: inout Shapes) {
    if case .on(let rider, _) = arrangement, rider == thing { return }
    if place == .lake {
      shapes.ellipse(x, y - 2, 124 * scale, 14 * scale, .filled("#ffffff", opacity: 0.55))
    } else {
      shapes.ellipse(x, y, 104 * scale, 12 * scale, .filled("#1b1630", opacity: 0.25))
    }
  }
}

extension Scene.Column {
  /// Its middle.
  fileprivate var x: Double {
    switch self {
    case .left: 68
    case .middle: 160
    case .right: 252
    }
  }
}
