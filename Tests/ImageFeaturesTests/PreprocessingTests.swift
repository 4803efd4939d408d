import DataFormats
import Foundation
import ImageFeatures
import TestSupport
import Testing

/// The three ways of preparing photos against scikit-image and Pillow, at sizes that keep the fixtures small.
@Suite struct PreprocessingTests {
  enum Way: String, CaseIterable {
    case original, torchvision, squashed

    /// The way with a shorter side of 32 and a square of 28.
    var preprocessing: Preprocessing {
      var result: Preprocessing =
        switch self {
        case .original: .original
        case .torchvision: .torchvision
        case .squashed: .squashed
        }
      if case .shorterSide(_, let antialiased) = result.resizing {
        result.resizing = .shorterSide(32, antialiased: antialiased)
      }
      result.cropSize = 28
      return result
    }
  }

  static let shapes = ["60x40", "40x61", "33x33", "20x23", "150x97"]

  private func prepare(
    _ name: String, _ preprocessing: Preprocessing, crops: Crops = .centre, smallestSide: Int? = nil
  ) throws -> [Float] {
    let photo = try Photo(contentsOf: PhotoFixtures.path(name), smallestSide: smallestSide)
    var result = [Float](repeating: .nan, count: crops.count * preprocessing.inputSize)
    try result.withUnsafeMutableBufferPointer {
      try preprocessing.write(photo, crops: crops, path: name, to: $0)
    }
    return result
  }

  /// In levels of 255, whatever a plane was divided by.
  private func levels(_ numbers: [Float], _ preprocessing: Preprocessing) -> [Float] {
    let plane = numbers.count / 3
    return numbers.enumerated().map { $0.element * preprocessing.deviation[$0.offset / plane] }
  }

  @Test(arguments: Way.allCases, shapes) func photosBecomeWhatTheOthersMakeOfThem(way: Way, shape: String)
    throws
  {
    let preprocessing = way.preprocessing
    let found = levels(try prepare(shape + ".png", preprocessing), preprocessing)
    let expected = levels(
      try PhotoFixtures.numbers("\(shape).\(way.rawValue).npy"), preprocessing)
    // Pillow rounds to whole levels, twice; scikit-image does not.
    let bounds: (mean: Float, largest: Float) = way == .original ? (0.001, 0.01) : (0.5, 1.6)
    #expect(meanDifference(found, expected) < bounds.mean)
    #expect(maximumAbsoluteDifference(found, expected) < bounds.largest)
  }

  /// The definition, pixel by pixel, in double precision.
  private func reference(
    _ photo: borrowing Photo, _ preprocessing: Preprocessing, left: Int, top: Int, size: (Int, Int)
  )
    -> [Float]
  {
    let pixels = photo.pixels
    let (width, height) = (photo.width, photo.height)
    func weights(_ place: Int, _ source: Int, _ resized: Int, antialiased: Bool) -> [(Int, Double)] {
      let scale = Double(source) / Double(resized)
      let radius = antialiased ? max(1, scale) : 1
      let centre = (Double(place) + 0.5) * scale
      let all = (0..<source).map { ($0, max(0, 1 - abs(Double($0) + 0.5 - centre) / radius)) }
      let sum = all.reduce(0) { $0 + $1.1 }
      return all.filter { $0.1 > 0 }.map { ($0.0, $0.1 / sum) }
    }
    var antialiased = false
    switch preprocessing.resizing {
    case .shorterSide(_, let is_), .squashed(let is_): antialiased = is_
    }
    let side = preprocessing.cropSize
    var result: [Float] = []
    for channel in 0..<3 {
      let source = preprocessing.channelOrder == .bgr ? 2 - channel : channel
      for row in 0..<side {
        let rows = weights(top + row, height, size.1, antialiased: antialiased)
        for column in 0..<side {
          var sum = 0.0
          for (x, weight) in weights(left + column, width, size.0, antialiased: antialiased) {
            for (y, rowWeight) in rows {
              sum += weight * rowWeight * Double(pixels[3 * (y * width + x) + source])
            }
          }
          result.append((Float(sum) - preprocessing.mean[channel]) / preprocessing.deviation[channel])
        }
      }
    }
    return result
  }

  @Test(arguments: Way.allCases) func theFastWayIsTheDefinition(way: Way) throws {
    var preprocessing = way.preprocessing
    preprocessing.cropSize = 7
    let size: (Int, Int)
    if case .shorterSide(_, let antialiased) = preprocessing.resizing {
      preprocessing.resizing = .shorterSide(9, antialiased: antialiased)
      size = (13, 9)
    } else {
      size = (7, 7)
    }
    let photo = try Photo(contentsOf: PhotoFixtures.path("60x40.png"))
    let (left, top) = way == .squashed ? (0, 0) : way == .original ? (3, 1) : (3, 1)
    let expected = reference(photo, preprocessing, left: left, top: top, size: size)
    #expect(relativeError(try prepare("60x40.png", preprocessing), expected: expected) < 1e-5)
  }

  @Test func tenCropsAreCornersAndCentreAndTheirMirrorImages() throws {
    var preprocessing = Way.original.preprocessing
    preprocessing.mean = .zero
    let crops = try prepare("60x40.png", preprocessing, crops: .ten)
    let size = preprocessing.inputSize
    let squares = (0..<10).map { Array(crops[$0 * size..<($0 + 1) * size]) }
    #expect(squares[4] == (try prepare("60x40.png", preprocessing)))
    let side = preprocessing.cropSize
    for index in 0..<5 {
      let rows = stride(from: 0, to: size, by: side).map { Array(squares[index][$0..<$0 + side].reversed()) }
      #expect(squares[index + 5] == Array(rows.joined()))
    }
    // The dark corner of the drawing is on the top left alone.
    let brightness = (0..<4).map { squares[$0].reduce(0, +) }
    #expect(brightness[0] == brightness.min())
    // 48 × 32 resized: the squares of 28 share columns 20 to 27 and rows 4 to 27.
    func value(_ square: Int, _ row: Int, _ column: Int) -> Float { squares[square][row * side + column] }
    #expect(value(0, 10, 24) == value(1, 10, 4))
    #expect(value(0, 10, 24) == value(2, 6, 24))
    #expect(value(1, 10, 4) == value(3, 6, 4))
  }

  /// A JPEG that is decoded at a smaller size gives nearly what the whole one gives.
  @Test func shrinkingWhileDecodingChangesLittle() throws {
    var preprocessing = Preprocessing.torchvision
    preprocessing.resizing = .shorterSide(12, antialiased: true)
    preprocessing.cropSize = 10
    let smallest = try #require(preprocessing.smallestSide)
    let whole = levels(try prepare("jpeg.jpg", preprocessing), preprocessing)
    preprocessing.resizing = .shorterSide(10, antialiased: true)
    #expect(smallest == 24 && preprocessing.smallestSide == 20)
    let full = levels(try prepare("jpeg.jpg", preprocessing), preprocessing)
    let shrunk = levels(try prepare("jpeg.jpg", preprocessing, smallestSide: 20), preprocessing)
    #expect(full != shrunk && whole != full)
    #expect(meanDifference(full, shrunk) < 3)
    #expect(Preprocessing.original.smallestSide == nil)
  }

  @Test func theWaysSurviveJSON() throws {
    for way in [Preprocessing.original, .torchvision, .squashed] {
      let data = try JSONEncoder().encode(way)
      #expect(try JSONDecoder().decode(Preprocessing.self, from: data) == way)
    }
  }

  /// A tiny picture is a photo as well.
  @Test(arguments: Way.allCases) func anyShapeBecomesASquare(way: Way) throws {
    let folder = try TemporaryFolder()
    // A GIF of one pixel.
    let pixel: [UInt8] = [
      0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 200, 100, 50, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1,
      0,
      1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
    ]
    let photo = try Photo(contentsOf: folder.write(pixel, to: "pixel.gif"))
    let pixels = photo.pixels
    #expect(pixels == [200, 100, 50])
    var preprocessing = way.preprocessing
    preprocessing.mean = .zero
    preprocessing.deviation = .one
    var result = [Float](repeating: .nan, count: preprocessing.inputSize)
    try result.withUnsafeMutableBufferPointer {
      try preprocessing.write(photo, path: "pixel.gif", to: $0)
    }
    let plane = result.count / 3
    let colours: [Float] = preprocessing.channelOrder == .bgr ? [50, 100, 200] : [200, 100, 50]
    let expected = colours.flatMap { [Float](repeating: $0, count: plane) }
    #expect(maximumAbsoluteDifference(result, expected) < 1e-4)
  }
}
