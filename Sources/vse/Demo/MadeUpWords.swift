/// The words of the made-up world: for each attribute of a scene, the ways to say it.
enum MadeUpWords {
  static let actors = [
    ["dog", "puppy", "hound"], ["cat", "kitten"], ["horse", "pony"], ["girl", "young girl"],
    ["boy", "young boy"], ["man", "guy", "gentleman"], ["woman", "lady"], ["baby", "infant", "toddler"],
    ["farmer", "gardener"], ["cyclist", "biker"], ["surfer", "wave rider"], ["musician", "guitarist"],
    ["goat", "sheep"], ["parrot", "bird"], ["robot", "machine"], ["clown", "juggler"],
  ]

  static let colours = [
    ["brown", "chestnut"], ["white", "snowy"], ["black", "dark"], ["golden", "yellow", "blond"],
    ["red", "crimson"], ["green", "emerald"], ["blue", "navy"], ["striped", "spotted"],
  ]

  static let sizes = [
    ["small", "little", "tiny"], ["big", "large", "huge"], ["tall", "slender"], ["old", "aged"],
  ]

  static let actions = [
    ["running", "racing", "dashing"], ["jumping", "leaping"], ["sleeping", "napping", "resting"],
    ["eating a sandwich", "having lunch"], ["playing with a ball", "chasing a ball"],
    ["swimming", "splashing in water"], ["dancing", "twirling"], ["climbing a ladder", "going up a ladder"],
    ["reading a newspaper", "looking at a book"], ["pulling a cart", "dragging a wagon"],
    ["singing", "making music"], ["digging a hole", "shovelling dirt"], ["flying a kite", "holding a kite"],
    ["painting a fence", "brushing paint on a fence"], ["catching a frisbee", "grabbing a frisbee"],
    ["posing for a photo", "smiling at the camera"],
  ]

  static let places = [
    ["on the beach", "at the seaside", "on the sand"], ["in a park", "on the lawn", "on the grass"],
    ["in the street", "on a busy road"], ["in a kitchen", "beside the stove"],
    ["in the mountains", "on a rocky slope"], ["in the woods", "between the trees"],
    ["at a market", "near the stalls"], ["in a stadium", "in front of a crowd"],
    ["on a bridge", "over the river"], ["on a boat", "on board a ship"], ["in a field", "in the meadow"],
    ["in the desert", "on the dunes"], ["in a library", "among the shelves"],
    ["on a roof", "above the city"],
    ["at the station", "next to a train"], ["in a garden", "behind the house"],
  ]

  static let times = [
    ["in the snow", "on a winter day"], ["in the rain", "on a wet day"],
    ["at night", "under the stars", "after dark"], ["at sunset", "in the evening"],
    ["in bright sun", "on a sunny day"], ["in the fog", "on a misty morning"],
  ]

  static let companions = [
    ["with a friend", "beside a friend"], ["alone", "all alone"], ["with three ducks", "among ducks"],
    ["next to a red car", "by a parked car"], ["under an umbrella", "with an umbrella"],
    ["wearing a hat", "in a straw hat"], ["with a balloon", "holding balloons"],
    ["near a tent", "outside a tent"],
  ]
}
