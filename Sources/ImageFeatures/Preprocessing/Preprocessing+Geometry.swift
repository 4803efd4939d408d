extension Preprocessing {
  /// The size of the whole photo after resizing, both sides at least `cropSize`.
  func resizedSize(width: Int, height: Int) -> (width: Int, height: Int) {
    switch resizing {
    case .squashed: (cropSize, cropSize)
    case .shorterSide(let side, _):
      // Sides are at most a million and `side` is at most 2¹⁵.
      width <= height ? (side, height * side / width) : (width * side / height, side)
    }
  }

  /// Where a square begins in a resized photo.
  func origin(of place: Crops.Square.Place, width: Int, height: Int) -> (left: Int, top: Int) {
    let (right, bottom) = (width - cropSize, height - cropSize)
    return switch place {
    case .topLeft: (0, 0)
    case .topRight: (right, 0)
    case .bottomLeft: (0, bottom)
    case .bottomRight: (right, bottom)
    case .centre: (middle(width), middle(height))
    }
  }

  private func middle(_ length: Int) -> Int {
    switch centring {
    case .halves: length / 2 - cropSize / 2
    case .difference: Int((Double(length - cropSize) / 2).rounded(.toNearestOrEven))
    }
  }

  var isAntialiased: Bool {
    switch resizing {
    case .shorterSide(_, let antialiased), .squashed(let antialiased): antialiased
    }
  }

  /// The sides that a JPEG must keep when it may be shrunk while decoding; nil where it must not be, since
  /// interpolation between single pixels needs the very pixels.
  ///
  /// Twice as many pixels are left as are wanted. Yet the decoder's way to halve a photo, within blocks of 8 × 8, is
  /// another than averaging: on photos of Flickr8k the result differs by 1.9 of 255 levels on average, and still by 0.7
  /// with four times as many pixels. That is why it is a choice (`FeatureExtraction.Options.shrinksWhileDecoding`).
  public var smallestSide: Int? {
    guard isAntialiased else { return nil }
    return switch resizing {
    case .shorterSide(let side, _): 2 * side
    case .squashed: 2 * cropSize
    }
  }
}
