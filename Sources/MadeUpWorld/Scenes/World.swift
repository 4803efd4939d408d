import Tensors

/// Some hundred made-up pictures with captions, in three splits; all of it follows from the seed.
///
/// Each kind of thing has a colour that only the development split shows it in, and one that only the test split
/// does. Every picture of these splits has such a thing in it: to find it, a model must put together what it knows of
/// the kind from things in other colours, and of the colour from things of other kinds.
package struct World: Sendable {
  package enum Split: String, CaseIterable, Sendable {
    case train, dev, test
  }

  package struct Picture: Sendable {
    package let split: Split
    package let scene: Scene
    package let captions: [String]
    /// The picture as SVG, 320 × 240.
    package let svg: String
    /// The path of its photo, such as `test/012-red-cat-on-blue-car-city-night.jpg`.
    package let name: String
  }

  /// Two pictures that differ in the colour of their first thing alone.
  package struct Twins: Sendable {
    package let picture, other: Picture
  }

  package static let captionsPerPicture = 5

  package let pictures: [Picture]
  /// In the test split.
  package let twins: [Twins]
  /// The looks that a split alone shows.
  package let heldOut: [Split: Set<Thing.Look>]

  /// - Parameter counts: the pictures of each split; of the test split half are twins.
  package init(seed: UInt64 = 2014, counts: [Split: Int] = [.train: 600, .dev: 100, .test: 200]) {
    var generator = SeededRandomNumberGenerator(seed: seed)
    heldOut = Self.heldOut(using: &generator)
    var builder = Builder(seed: seed, generator: generator, heldOut: heldOut)
    for split in [Split.train, .dev] {
      for _ in 0..<counts[split, default: 0] { builder.add(builder.scene(of: split), to: split) }
    }
    let testCount = counts[.test, default: 0]
    for number in 0..<testCount / 4 { builder.addTwins(number) }
    while builder.numbers[.test, default: 0] < testCount { builder.add(builder.scene(of: .test), to: .test) }
    pictures = builder.pictures
    twins = builder.twins
  }

  package func pictures(of split: Split) -> [Picture] { pictures.filter { $0.split == split } }

  /// A colour of each kind for dev and another for test, so that all colours stay with most kinds.
  private static func heldOut(using generator: inout SeededRandomNumberGenerator) -> [Split: Set<Thing.Look>]
  {
    let colours = Thing.Colour.allCases
    let order = generator.permutation(of: colours.count)
    var heldOut: [Split: Set<Thing.Look>] = [.train: [], .dev: [], .test: []]
    for (number, kind) in Thing.Kind.allCases.enumerated() {
      for (shift, split) in [Split.dev, .test].enumerated() {
        let colour = colours[order[(number + 2 * shift) % colours.count]]
        heldOut[split]?.insert(Thing.Look(kind: kind, colour: colour))
      }
    }
    return heldOut
  }
}

/// A world that is being made.
private struct Builder {
  let seed: UInt64
  var generator: SeededRandomNumberGenerator
  let heldOut: [World.Split: Set<Thing.Look>]
  var pictures: [World.Picture] = []
  var twins: [World.Twins] = []
  var numbers: [World.Split: Int] = [:]
  /// No scene is there twice.
  private var seen: Set<Scene> = []

  init(
    seed: UInt64, generator: SeededRandomNumberGenerator, heldOut: [World.Split: Set<Thing.Look>]
  ) {
    self.seed = seed
    self.generator = generator
    self.heldOut = heldOut
  }

  /// Whether a split may show the scene: nothing that another split holds out, and one of its own, where it has any.
  private func fits(_ scene: Scene, _ split: World.Split) -> Bool {
    let looks = Set(scene.things.map(\.look))
    let foreign = World.Split.allCases.filter { $0 != split }.contains {
      !looks.isDisjoint(with: heldOut[$0, default: []])
    }
    let own = heldOut[split, default: []]
    return !foreign && (own.isEmpty || !looks.isDisjoint(with: own)) && !seen.contains(scene)
  }

  mutating func scene(of split: World.Split) -> Scene {
    while true {
      let scene = Scene(using: &generator)
      if fits(scene, split) { return scene }
    }
  }

  @discardableResult mutating func add(_ scene: Scene, to split: World.Split) -> World.Picture {
    seen.insert(scene)
    let number = numbers[split, default: 0]
    numbers[split] = number + 1
    // A stream of its own, so that a change to captions or drawings changes no scene.
    var details = SeededRandomNumberGenerator(seed: seed, stream: UInt64(pictures.count))
    let captions = scene.captions(World.captionsPerPicture, using: &details)
    let digits = String(number)
    let picture = World.Picture(
      split: split, scene: scene, captions: captions, svg: scene.svg(using: &details),
      name:
        "\(split)/\(String(repeating: "0", count: max(0, 3 - digits.count)) + digits)-\(scene.fileName).jpg")
    pictures.append(picture)
    return picture
  }

  /// Two test pictures of a scene, first in one colour, then in another; those of the first are red and blue.
  mutating func addTwins(_ number: Int) {
    while true {
      let colours = generator.permutation(of: Thing.Colour.allCases.count).map { Thing.Colour.allCases[$0] }
      let (colour, other) = number == 0 ? (.red, .blue) : (colours[0], colours[1])
      let scene = scene(of: .test).recoloured(colour)
      let twin = scene.recoloured(other)
      if fits(scene, .test), fits(twin, .test) {
        twins.append(World.Twins(picture: add(scene, to: .test), other: add(twin, to: .test)))
        return
      }
    }
  }
}
