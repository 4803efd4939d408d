internal import CImaging

/// The formats of photos that are read; told by the first bytes, whatever the name.
public enum PhotoFormat: String, Sendable, CaseIterable {
  /// JPEG.
  case jpeg
  /// PNG.
  case png
  /// WebP.
  case webp
  /// GIF, of which the first frame is taken.
  case gif
  /// TIFF.
  case tiff
  /// HEIC and AVIF, where libvips has them.
  case heif

  /// The format of a file that begins with `bytes`, of which 12 are enough.
  public init?(firstBytes bytes: some Collection<UInt8>) {
    let first = Array(bytes.prefix(16))
    let format = first.withUnsafeBytes { cimaging_format_of($0.baseAddress, $0.count) }
    self.init(format)
  }

  init?(_ format: cimaging_format) {
    switch format {
    case CIMAGING_JPEG: self = .jpeg
    case CIMAGING_PNG: self = .png
    case CIMAGING_WEBP: self = .webp
    case CIMAGING_GIF: self = .gif
    case CIMAGING_TIFF: self = .tiff
    case CIMAGING_HEIF: self = .heif
    default: return nil
    }
  }

  /// The name for people.
  public var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    case .gif: "GIF"
    case .tiff: "TIFF"
    case .heif: "HEIC or AVIF"
    }
  }
}
