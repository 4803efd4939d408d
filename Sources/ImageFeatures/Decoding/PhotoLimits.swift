/// How much a photo may demand, so that a small file cannot take all memory, and how much of it must be there.
public struct PhotoLimits: Codable, Sendable, Hashable {
  /// The most pixels, told by the header and checked before any is decoded. One pixel takes up to 11 bytes.
  public var pixels = 100_000_000
  /// The most bytes of a file.
  public var fileBytes = 1 << 30
  /// Whether a JPEG that is cut short will do.
  public var truncatedPhotos = TruncatedPhotos.refuse

  public init() {}
}
