import DataFormats
import ImageFeatures
import TestSupport
import Testing

@Suite struct ThumbnailTests {
  private func thumbnail(_ name: String, side: Int, quality: Int = 90) throws -> PhotoThumbnail {
    try Photo(contentsOf: PhotoFixtures.path(name)).thumbnail(longestSide: side, quality: quality)
  }

  private func read(_ thumbnail: PhotoThumbnail) throws -> (width: Int, height: Int, pixels: [UInt8]) {
    let photo = try Photo(bytes: thumbnail.jpeg, path: "thumbnail")
    return (photo.width, photo.height, photo.pixels)
  }

  @Test(arguments: [
    "png.png", "jpeg.jpg", "grey.png", "alpha.png", "orientation6.jpg", "deep.png", "gif.gif",
  ])
  func aPictureThatIsSmallStaysAsItIs(name: String) throws {
    let thumbnail = try thumbnail(name, side: 224)
    #expect(thumbnail.width == 60 && thumbnail.height == 40)
    let (width, height, pixels) = try read(thumbnail)
    #expect(width == 60 && height == 40)
    #expect(meanDifference(pixels, try decoded(contentsOf: PhotoFixtures.path(name)).pixels) < 8)
  }

  @Test(arguments: [(60, 60, 40), (30, 30, 20), (15, 15, 10), (7, 7, 5), (1, 1, 1)])
  func theLongerSideIsAsAsked(side: Int, width: Int, height: Int) throws {
    let thumbnail = try thumbnail("png.png", side: side)
    #expect(thumbnail.width == width && abs(thumbnail.height - height) <= 1)
    let picture = try read(thumbnail)
    #expect(picture.width == thumbnail.width && picture.height == thumbnail.height)
  }

  /// The mean of each colour hardly changes when a picture gets smaller.
  @Test func coloursStay() throws {
    func means(_ pixels: [UInt8]) -> [Float] {
      (0..<3).map { colour in
        let values = stride(from: colour, to: pixels.count, by: 3).map { Float(pixels[$0]) }
        return values.reduce(0, +) / Float(values.count)
      }
    }
    let whole = means(try Photo(contentsOf: PhotoFixtures.path("png.png")).pixels)
    let small = means(try read(try thumbnail("png.png", side: 20, quality: 95)).pixels)
    for (a, b) in zip(whole, small) { #expect(abs(a - b) < 6) }
  }

  @Test func qualityDecidesTheSize() throws {
    let sizes = try [10, 50, 95].map { try thumbnail("png.png", side: 60, quality: $0).jpeg.count }
    #expect(sizes[0] < sizes[1] && sizes[1] < sizes[2])
  }

  @Test func theFileIsAJPEGWithoutEXIF() throws {
    let jpeg = try thumbnail("orientation6.jpg", side: 60).jpeg
    #expect(PhotoFormat(firstBytes: jpeg) == .jpeg)
    #expect(!String(decoding: jpeg, as: Unicode.ASCII.self).contains("Exif"))
    // The same picture gives the same bytes.
    #expect(try thumbnail("orientation6.jpg", side: 60).jpeg == jpeg)
  }
}
