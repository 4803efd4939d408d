internal import CImaging
internal import Foundation

/// Pictures that the program draws itself, as SVG, for data that it makes up.
///
/// Only its own: an SVG from elsewhere may take hours to draw, and is no photo (`PhotoError.unknownFormat`) whatever is
/// drawn meanwhile.
package enum Drawing {
  /// The most pixels of a side.
  package static let longestSide = Int(CIMAGING_LONGEST_DRAWING)

  /// The drawing as a JPEG of `width` × `height` pixels, sRGB, on white; the same bytes for the same drawing.
  ///
  /// - Parameter svg: of any size, but of the shape that is asked for.
  /// - Parameter quality: 1 to 100.
  /// - Precondition: both sides are 1 to `longestSide`.
  package static func jpeg(
    ofSVG svg: [UInt8], width: Int, height: Int, quality: Int
  ) throws(DrawingError) -> [UInt8] {
    precondition((1...longestSide).contains(width) && (1...longestSide).contains(height), "no such size")
    let photo = try Photo(drawing: svg, width: width, height: height)
    do {
      return try photo.thumbnail(longestSide: max(width, height), quality: quality).jpeg
    } catch {
      throw .unwritten(error)
    }
  }
}

/// Why a drawing did not become a picture.
package enum DrawingError: Error, Equatable, Sendable {
  /// No libvips of version 8.13 or later is installed.
  case noLibrary
  /// This machine's libvips was built without librsvg.
  case cannotDraw
  /// The bytes are no SVG that can be drawn.
  case damaged
  /// The drawing has another shape than is asked for.
  case otherShape(width: Int, height: Int)
  /// The picture does not fit into memory.
  case outOfMemory
  /// The picture was drawn and could not become a JPEG.
  case unwritten(ThumbnailError)
}

extension Photo {
  fileprivate init(drawing svg: [UInt8], width: Int, height: Int) throws(DrawingError) {
    guard !svg.isEmpty else { throw .damaged }
    var picture = cimaging_picture()
    let status = svg.withUnsafeBytes {
      cimaging_draw($0.baseAddress, $0.count, width, height, &picture)
    }
    switch status {
    case CIMAGING_OK: self.picture = picture
    case CIMAGING_NO_LIBRARY: throw .noLibrary
    case CIMAGING_NO_LOADER: throw .cannotDraw
    case CIMAGING_WRONG_SIZE: throw .otherShape(width: width, height: height)
    case CIMAGING_OUT_OF_MEMORY: throw .outOfMemory
    default: throw .damaged
    }
  }
}

extension DrawingError: CustomStringConvertible, LocalizedError {
  package var errorDescription: String? { description }

  package var description: String {
    switch self {
    case .noLibrary: "\(PhotoError.noDecoder)"
    case .cannotDraw:
      "pictures are drawn by librsvg, without which this machine's libvips was built; on Debian: apt-get install "
        + "libvips-dev, with Homebrew: brew install vips"
    case .damaged: "the drawing is no SVG that can be drawn; its shapes are in error"
    case .otherShape(let width, let height):
      "the drawing cannot be \(width) x \(height) pixels; its own size has another shape"
    case .outOfMemory: "the drawing does not fit into memory; make it smaller"
    case .unwritten(let error): "the drawing was not written as a JPEG: \(error)"
    }
  }
}
