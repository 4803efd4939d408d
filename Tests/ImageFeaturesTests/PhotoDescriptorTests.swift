import Foundation
import ImageFeatures
import Tensors
import TestSupport
import Testing

/// The rows of Fixtures/make_descriptors.py, which follows the formulas pixel by pixel in double precision.
@Suite struct PhotoDescriptorTests {
  private let descriptor = PhotoDescriptor()
  private let side = 128

  /// A photo from a formula for each channel, red, green and blue, from 0 to 1.
  private func photo(_ value: (_ channel: Int, _ x: Double, _ y: Double) -> Double) -> [Float] {
    (0..<3 * side * side).map { index in
      Float(value(index / (side * side), Double(index % side), Double(index / side % side)))
    }
  }

  private func waves() -> [Float] {
    photo { channel, x, y in
      0.5 + 0.45
        * [sin(x / 17 + y / 23), cos(x / 29 - y / 11), sin(x * y / 1510)][channel]
    }
  }

  private func row(_ photo: [Float]) -> [Float] {
    descriptor.features(of: Matrix(rows: 1, columns: photo.count, values: photo)).rowValues(0)
  }

  private func expected(_ name: String) throws -> [Float] {
    try PhotoFixtures.numbers("../descriptors/\(name).npy")
  }

  private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? .infinity : .infinity
  }

  private func norm(_ values: some Sequence<Float>) -> Float {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  @Test func rowsAreThoseOfTheFormulas() throws {
    #expect(largestDifference(row(waves()), try expected("waves")) < 2e-6)
  }

  @Test func photosAreSeenAsTheyAre() throws {
    let path = fixturePath("descriptors/shapes.png")
    var network = descriptor
    let found = try network.features(ofPhotos: [path], options: FeatureExtraction.Options())[0].get()
    #expect(largestDifference(found, try expected("shapes")) < 2e-6)
  }

  @Test func aRowHasNormOneAndItsPartsWeighTheSame() {
    let row = row(waves())
    #expect(row.count == 1152 && descriptor.featureSize == 1152)
    for part in [0..<384, 384..<640, 640..<1152] {
      #expect(abs(norm(row[part]) - 0.57735) < 1e-4)
    }
  }

  /// Middle grey has neither opponent colours nor edges: those parts are zero, and not NaN.
  @Test func aPlainPhotoHasNoEdges() {
    let row = row(photo { _, _, _ in 0.5 })
    #expect(row[..<384].allSatisfy { abs($0) < 1e-6 } && row[640...].allSatisfy { $0 == 0 })
    #expect(abs(norm(row[384..<640]) - 0.57735) < 1e-4)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, -7, 300])
  func valuesOutOfTheRangeAreHarmless(value: Float) {
    let row = row([Float](repeating: value, count: 3 * side * side))
    #expect(row.allSatisfy { $0.isFinite && abs($0) <= 1 })
  }

  /// Noise of a level or two, as JPEG leaves it, must not count as the edges of things do.
  @Test func noiseOfPlainSurfacesIsSmall() {
    var generator = SeededRandomNumberGenerator(seed: 3)
    func ball(noise: Double) -> [Float] {
      photo { channel, x, y in
        let isInside = (x - 40) * (x - 40) + (y - 60) * (y - 60) < 400
        return (isInside ? [0.8, 0.2, 0.1] : [0.3, 0.5, 0.9])[channel]
          + noise * Double.random(in: -1...1, using: &generator)
      }
    }
    let (plain, noisy) = (row(ball(noise: 0)), row(ball(noise: 1.0 / 255)))
    #expect(zip(plain, noisy).reduce(0) { $0 + $1.0 * $1.1 } > 0.93)
  }

  @Test func rowsDependOnTheirPhotosAlone() {
    let photos = [
      waves(), photo { _, x, _ in x / 127 }, photo { channel, _, y in channel == 1 ? y / 127 : 0.2 },
    ]
    let minibatch = Matrix(rows: 6, columns: 3 * side * side, values: Array((photos + photos).joined()))
    let alone = photos.map(row)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    for count in [1, 2, 5] {
      Parallel.threadCount = count
      let rows = descriptor.features(of: minibatch)
      for index in 0..<6 { #expect(rows.rowValues(index) == alone[index % 3]) }
    }
  }
}
