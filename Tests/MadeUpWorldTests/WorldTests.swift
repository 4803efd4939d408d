import MadeUpWorld
import Testing

@Suite struct WorldTests {
  private let world = World()

  @Test func allFollowsFromTheSeed() {
    let again = World()
    #expect(world.pictures.map(\.name) == again.pictures.map(\.name))
    #expect(world.pictures.map(\.captions) == again.pictures.map(\.captions))
    #expect(world.pictures.map(\.svg) == again.pictures.map(\.svg))
    let other = World(seed: 1)
    #expect(world.pictures.map(\.scene) != other.pictures.map(\.scene))
    #expect(world.heldOut != other.heldOut)
  }

  @Test func nothingIsThereTwice() {
    #expect(World.Split.allCases.map { world.pictures(of: $0).count } == [600, 100, 200])
    #expect(Set(world.pictures.map(\.scene)).count == 900)
    #expect(Set(world.pictures.map(\.name)).count == 900)
    #expect(Set(world.pictures.map(\.svg)).count == 900)
  }

  @Test(arguments: [2014, 1, 2] as [UInt64])
  func whatIsHeldOutIsInNoOtherSplit(seed: UInt64) {
    let world = World(seed: seed)
    for split in [World.Split.dev, .test] {
      let looks = world.heldOut[split, default: []]
      // A colour of every kind, and every colour of some kinds.
      #expect(Set(looks.map(\.kind)).count == Thing.Kind.allCases.count && looks.count == 10)
      #expect(Set(looks.map(\.colour)).count == Thing.Colour.allCases.count)
      for picture in world.pictures {
        let shows = !looks.isDisjoint(with: picture.scene.things.map(\.look))
        #expect(shows == (picture.split == split), "\(picture.name)")
      }
    }
    // All that is not held out is there to be learned.
    let learned = Set(world.pictures(of: .train).flatMap { $0.scene.things.map(\.look) })
    #expect(learned.count == 10 * 6 - 2 * 10)
  }

  @Test func twinsDifferInTheColourOfTheirFirstThing() {
    #expect(world.twins.count == 50)
    for twins in world.twins {
      let (scene, other) = (twins.picture.scene, twins.other.scene)
      #expect(scene != other && scene == other.recoloured(scene.things[0].colour))
      #expect(twins.picture.split == .test && twins.other.split == .test)
    }
    #expect(world.twins[0].picture.scene.things[0].colour == .red)
    #expect(world.twins[0].other.scene.things[0].colour == .blue)
  }

  @Test func thingsAreWhereTheyBelong() {
    for scene in world.pictures.map(\.scene) {
      let kinds = scene.things.map(\.kind)
      #expect(Set(kinds).count == kinds.count)
      if kinds.contains(.boat) || kinds.contains(.duck) { #expect(scene.place == .lake) }
      if kinds.contains(.house) || kinds.contains(.cat) { #expect(scene.place != .lake) }
    }
  }

  @Test func smallWorldsAndNone() {
    let small = World(counts: [.train: 3, .dev: 1, .test: 5])
    #expect(small.pictures.count == 9 && small.twins.count == 1)
    #expect(World(counts: [:]).pictures.isEmpty)
  }
}
