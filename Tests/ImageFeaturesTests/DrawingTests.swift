import Foundation
import ImageFeatures
import TestSupport
import Testing

@Suite struct DrawingTests {
  private static let svg = """
    <svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">
    <rect x="20" width="20" height="20" fill="#2040c0"/><circle cx="30" cy="10" r="6" fill="#f00000"/></svg>
    """

  private func draw(_ svg: String = svg, width: Int = 80, height: Int = 40) throws -> [UInt8] {
    try Drawing.jpeg(ofSVG: Array(svg.utf8), width: width, height: height, quality: 95)
  }

  @Test(arguments: [(40, 20), (80, 40), (400, 200), (20, 10)])
  func shapesAreWhereTheyWereDrawn(width: Int, height: Int) throws {
    let photo = try Photo(bytes: try draw(width: width, height: height), path: "drawing")
    let (foundWidth, foundHeight, pixels) = (photo.width, photo.height, photo.pixels)
    #expect(foundWidth == width && foundHeight == height)
    func colour(_ x: Double, _ y: Double) -> [UInt8] {
      let place = 3 * (Int(y * Double(height)) * width + Int(x * Double(width)))
      return Array(pixels[place..<place + 3])
    }
    // What is empty is white.
    for (found, expected): ([UInt8], [UInt8]) in [
      (colour(0.25, 0.5), [255, 255, 255]), (colour(0.95, 0.1), [32, 64, 192]),
      (colour(0.75, 0.5), [240, 0, 0]),
    ] {
      #expect(zip(found, expected).allSatisfy { abs(Int($0) - Int($1)) < 12 }, "\(found), not \(expected)")
    }
  }

  @Test func theSameDrawingGivesTheSameBytes() throws {
    let first = try draw()
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let again = try? Drawing.jpeg(ofSVG: Array(Self.svg.utf8), width: 80, height: 40, quality: 95)
      #expect(again == first)
    }
  }

  @Test func whatCannotBeDrawnIsAnError() throws {
    for bytes in [[], Array("no drawing".utf8), Array(Self.svg.utf8.prefix(80)), try draw()] {
      #expect(throws: DrawingError.damaged) {
        try Drawing.jpeg(ofSVG: bytes, width: 40, height: 20, quality: 90)
      }
    }
    #expect(throws: DrawingError.otherShape(width: 40, height: 40)) { try draw(width: 40, height: 40) }
  }

  /// Also while another thread draws, when libvips' loader of SVG is not blocked.
  @Test func aDrawingIsNeverAPhoto() throws {
    let folder = try TemporaryFolder()
    let files = try ["photo.svg", "photo.jpg"].map { try folder.write(Array(Self.svg.utf8), to: $0) }
    DispatchQueue.concurrentPerform(iterations: 100) { index in
      if index.isMultiple(of: 2) {
        _ = try? Drawing.jpeg(ofSVG: Array(Self.svg.utf8), width: 80, height: 40, quality: 90)
      } else {
        let path = files[index / 2 % 2]
        #expect(throws: PhotoError.unknownFormat(path: path)) { try decoded(contentsOf: path) }
      }
    }
    #expect(throws: PhotoError.unknownFormat(path: files[0])) { try decoded(contentsOf: files[0]) }
  }
}
