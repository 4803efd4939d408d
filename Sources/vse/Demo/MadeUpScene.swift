import Tensors

/// A made-up photo: who does what, where and when.
///
/// Its attributes are what its features are made from, and what its captions speak of.
struct MadeUpScene: Hashable {
  let actor, colour, size, action, place, time, companion: Int

  init(using generator: inout SeededRandomNumberGenerator) {
    actor = generator.integer(below: MadeUpWords.actors.count)
    colour = generator.integer(below: MadeUpWords.colours.count)
    size = generator.integer(below: MadeUpWords.sizes.count)
    action = generator.integer(below: MadeUpWords.actions.count)
    place = generator.integer(below: MadeUpWords.places.count)
    time = generator.integer(below: MadeUpWords.times.count)
    companion = generator.integer(below: MadeUpWords.companions.count)
  }

  private static let counts = [
    MadeUpWords.actors.count, MadeUpWords.colours.count, MadeUpWords.sizes.count, MadeUpWords.actions.count,
    MadeUpWords.places.count, MadeUpWords.times.count, MadeUpWords.companions.count,
  ]

  /// The number of attributes.
  static let attributeCount = counts.reduce(0, +)

  /// The attributes that the scene has, by number: one of each kind.
  var attributes: [Int] {
    var first = 0
    return zip([actor, colour, size, action, place, time, companion], Self.counts).map { value, count in
      defer { first += count }
      return first + value
    }
  }

  /// A sentence about the scene; people leave things out and choose other words.
  func caption(using generator: inout SeededRandomNumberGenerator) -> String {
    func one(of words: [String]) -> String { words[generator.integer(below: words.count)] }
    func sometimes(_ percent: Int, _ text: String) -> String {
      generator.integer(below: 100) < percent ? text + " " : ""
    }
    let size = sometimes(60, one(of: MadeUpWords.sizes[size]))
    let colour = sometimes(85, one(of: MadeUpWords.colours[colour]))
    let actor = one(of: MadeUpWords.actors[actor])
    let action = one(of: MadeUpWords.actions[action])
    let place = one(of: MadeUpWords.places[place])
    let companion = sometimes(70, one(of: MadeUpWords.companions[companion]))
    let time = sometimes(60, one(of: MadeUpWords.times[time]))
    let sentence =
      switch generator.integer(below: 3) {
      case 0: "a \(size)\(colour)\(actor) is \(action) \(companion)\(place) \(time)."
      case 1: "\(time)a \(size)\(colour)\(actor) \(companion)is \(action) \(place) ."
      default: "the \(size)\(colour)\(actor) \(action) \(place) \(companion)\(time)."
      }
    return sentence
  }
}
