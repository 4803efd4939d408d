internal import CImaging
public import DataFormats
public import Foundation

/// Why a photo could not be decoded; every case has the path of its file.
public enum PhotoError: Error, Equatable, Sendable {
  /// The file cannot be read at all.
  case unreadable(FileError)
  /// The file has no bytes.
  case empty(path: String)
  /// The file has more bytes than `PhotoLimits` allow.
  case fileTooLarge(path: String, bytes: Int, limit: Int)
  /// The bytes are none of the formats that are read.
  case unknownFormat(path: String)
  /// This machine's libvips cannot read the format.
  case formatNotInstalled(path: String, format: PhotoFormat)
  /// The bytes are damaged or end too early.
  case damaged(path: String, format: PhotoFormat)
  /// Less than half of its rows are there, where a photo that is cut short would do.
  case mostlyMissing(path: String)
  /// The picture has more pixels than `PhotoLimits` allow, or a side of more than a million.
  case tooManyPixels(path: String, limit: Int)
  /// A progressive JPEG of so many scans that decoding it could take hours.
  case tooManyScans(path: String)
  /// Its pixels are of a kind of which no colours can be made.
  case unsupportedColours(path: String, format: PhotoFormat)
  /// The picture does not fit into memory.
  case outOfMemory(path: String)
  /// No libvips of version 8.13 or later is installed.
  case noDecoder

  init(_ status: cimaging_status, path: String, format: PhotoFormat, limits: PhotoLimits) {
    self =
      switch status {
      case CIMAGING_NO_LIBRARY: .noDecoder
      case CIMAGING_UNKNOWN_FORMAT: .unknownFormat(path: path)
      case CIMAGING_NO_LOADER: .formatNotInstalled(path: path, format: format)
      case CIMAGING_MOSTLY_MISSING: .mostlyMissing(path: path)
      case CIMAGING_TOO_LARGE: .tooManyPixels(path: path, limit: limits.pixels)
      case CIMAGING_TOO_MANY_SCANS: .tooManyScans(path: path)
      case CIMAGING_UNSUPPORTED_COLOURS: .unsupportedColours(path: path, format: format)
      case CIMAGING_OUT_OF_MEMORY: .outOfMemory(path: path)
      default: .damaged(path: path, format: format)
      }
  }

  /// Whether it is not this photo that is at fault, so that all others would fail as well.
  public var concernsAllPhotos: Bool { self == .noDecoder }
}

extension PhotoError: CustomStringConvertible, LocalizedError {
  public var errorDescription: String? { description }

  public var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .empty(let path): "\(quoted(path)) is empty; copy or download the photo again"
    case .fileTooLarge(let path, let bytes, let limit):
      "\(quoted(path)) has \(bytes) bytes, more than the \(limit) that are read of a photo; make it smaller"
    case .unknownFormat(let path):
      "\(quoted(path)) is no JPEG, PNG, WebP, GIF, TIFF or HEIC; convert it to one of them"
    case .formatNotInstalled(let path, let format):
      "\(quoted(path)) is \(format.name), which this machine's libvips does not read; install its support or convert it"
    case .damaged(let path, let format):
      "\(quoted(path)) is a damaged \(format.name), or one that was cut short; copy or download the photo again"
    case .mostlyMissing(let path):
      "\(quoted(path)) is cut short, and less than half of it is there; copy or download the photo again"
    case .tooManyPixels(let path, let limit):
      "\(quoted(path)) has more than \(limit) pixels, or a side of more than \(CIMAGING_LONGEST_SIDE); "
        + "make it smaller or raise the limit (--max-pixels)"
    case .tooManyScans(let path):
      "\(quoted(path)) is a JPEG of more than \(CIMAGING_MOST_SCANS) scans, made to keep programs busy; save it anew"
    case .unsupportedColours(let path, let format):
      "\(quoted(path)) is \(format.name) with pixels that have no known colours; convert it to an RGB image"
    case .outOfMemory(let path): "\(quoted(path)) does not fit into memory; make it smaller"
    case .noDecoder:
      "photos are decoded by libvips 8.13 or later, which is not installed; on Debian: apt-get install libvips-dev, "
        + "with Homebrew: brew install vips"
    }
  }
}
