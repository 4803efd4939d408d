/// Which squares of a photo a network sees.
public enum Crops: String, Codable, Sendable, CaseIterable {
  /// The one in the centre.
  case centre
  /// The four corners and the centre, each also mirrored; their features are averaged (Krizhevsky et al. 2012).
  case ten

  /// The number of squares.
  public var count: Int { squares.count }

  /// A place in the resized photo, and whether left and right are exchanged.
  struct Square {
    enum Place { case topLeft, topRight, bottomLeft, bottomRight, centre }
    var place: Place
    var isMirrored = false
  }

  var squares: [Square] {
    switch self {
    case .centre: [Square(place: .centre)]
    case .ten:
      [false, true].flatMap { isMirrored in
        [.topLeft, .topRight, .bottomLeft, .bottomRight, .centre].map {
          Square(place: $0, isMirrored: isMirrored)
        }
      }
    }
  }
}
