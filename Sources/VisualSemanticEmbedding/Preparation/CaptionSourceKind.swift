/// The kinds of caption files that can be prepared.
public enum CaptionSourceKind: String, Codable, Sendable, CaseIterable {
  /// Flickr8k's and Flickr30k's `.token` files: `IMAGE#N`, a tab, the caption.
  case flickr
  /// COCO's `captions_*.json`: `images` and `annotations`.
  case coco
  /// Karpathy's `dataset_*.json`: `images` with their `sentences` and `split`.
  case karpathy
  /// A table of images and captions, commas between.
  case csv
  /// A table of images and captions, tabs between.
  case tsv
  /// A folder with a .txt of the same name for each photo, a caption a line.
  case folder

  /// How captions of the kind are prepared unless one says otherwise: as they are where their words are apart already.
  public var usualTokenization: CaptionTokenization {
    switch self {
    case .flickr, .karpathy: .asGiven
    case .coco, .csv, .tsv, .folder: .words
    }
  }

  /// Whether the kind is written in JSON.
  var isJSON: Bool { self == .coco || self == .karpathy }

  /// What lines of text look like, or nil when they are like no kind. Of JSON only that it is JSON can be told so.
  static func ofText(_ bytes: ArraySlice<UInt8>) -> CaptionSourceKind? {
    let text = bytes.drop(while: \.isWhiteSpace)
    if text.first == UInt8(ascii: "{") { return .coco }
    let line = text.prefix { $0 != .lineFeed }
    if let tab = line.firstIndex(of: .tab) {
      return FlickrKey(line[..<tab]) == nil ? .tsv : .flickr
    }
    return line.contains(UInt8(ascii: ",")) ? .csv : nil
  }
}

/// A file of captions that was read.
public struct CaptionSource: Encodable, Sendable, Equatable {
  /// The path as it was given.
  public let path: String
  /// What kind of file it is.
  public let kind: CaptionSourceKind
  /// What became of its text.
  public let tokenization: CaptionTokenization
}

/// What stands before the tab of a line of a `.token` file.
struct FlickrKey {
  /// The name of the image.
  let image: ArraySlice<UInt8>

  /// Nil unless the bytes end in a number sign and digits.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard let sign = bytes.lastIndex(of: UInt8(ascii: "#")) else { return nil }
    let number = bytes[(sign + 1)...].trimmed
    guard !number.isEmpty, number.allSatisfy(\.isDigit) else { return nil }
    image = bytes[..<sign]
  }
}
