import DataFormats
import ImageFeatures
import TestSupport

/// What Fixtures/make_photos.py has written.
enum PhotoFixtures {
  static func path(_ name: String) -> String { fixturePath("photos/" + name) }

  static func pixels(_ name: String) throws -> [UInt8] {
    try NumpyArray.read(path: path(name)).values(as: UInt8.self)
  }

  static func numbers(_ name: String) throws -> [Float] {
    try NumpyArray.read(path: path(name)).float32Values()
  }
}

/// The mean of |a − b|; infinite when the lengths differ or there is nothing.
func meanDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count, !a.isEmpty else { return .infinity }
  return zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(a.count)
}

func meanDifference(_ a: [UInt8], _ b: [UInt8]) -> Float {
  meanDifference(a.map(Float.init), b.map(Float.init))
}

/// What decoding has given; unlike `Photo` it can be copied, which `#expect` does with its operands.
struct DecodedPhoto {
  let width, height, fullWidth, fullHeight: Int
  let pixels: [UInt8]
}

func decoded(
  contentsOf path: String, limits: PhotoLimits = PhotoLimits(), smallestSide: Int? = nil
) throws -> DecodedPhoto {
  let photo = try Photo(contentsOf: path, limits: limits, smallestSide: smallestSide)
  return DecodedPhoto(
    width: photo.width, height: photo.height, fullWidth: photo.fullWidth, fullHeight: photo.fullHeight,
    pixels: photo.pixels)
}
