// The words of the made-up world: for each fact the ways to say it, the usual one first.

extension Thing.Kind {
  var words: [String] {
    switch self {
    case .house: ["house", "cottage", "home"]
    case .tree: ["tree", "leafy tree"]
    case .car: ["car", "automobile"]
    case .cat: ["cat", "kitty"]
    case .ball: ["ball", "striped ball"]
    case .umbrella: ["umbrella", "parasol"]
    case .boat: ["boat", "sailing boat", "sailboat"]
    case .duck: ["duck", "rubber duck"]
    case .kite: ["kite", "paper kite"]
    case .balloon: ["balloon", "hot air balloon"]
    }
  }
}

extension Thing.Colour {
  var words: [String] {
    switch self {
    case .red: ["red", "scarlet"]
    case .yellow: ["yellow", "golden"]
    case .green: ["green", "emerald"]
    case .blue: ["blue", "azure"]
    case .purple: ["purple", "violet"]
    case .white: ["white", "snow white"]
    }
  }
}

extension Thing.Size {
  var words: [String] {
    switch self {
    case .small: ["small", "little", "tiny"]
    case .big: ["big", "large", "huge"]
    }
  }
}

extension Scene.Place {
  var words: [String] {
    switch self {
    case .beach: ["on the beach", "at the seaside", "on the sand"]
    case .meadow: ["in a meadow", "on the grass", "among flowers"]
    case .snow: ["in the snow", "in front of snowy mountains", "in winter"]
    case .city: ["in the city", "in the street", "in front of tall buildings"]
    case .lake: ["on a lake", "on the water"]
    }
  }
}

extension Scene.Sky {
  var words: [String] {
    switch self {
    case .sunny: ["on a sunny day", "in the sunshine", "under a blue sky"]
    case .cloudy: ["on a cloudy day", "under grey clouds", "in dull weather"]
    case .night: ["at night", "in the moonlight", "under the stars"]
    }
  }
}

extension Scene.Column {
  var words: [String] {
    switch self {
    case .left: ["on the left", "at the left side"]
    case .middle: ["in the middle", "in the centre"]
    case .right: ["on the right", "at the right side"]
    }
  }
}
