/// How much a photo may demand, so that a small file cannot take all memory.
public struct PhotoLimits: Codable, Sendable, Hashable {
  /// The most pixels, told by the header and checked before any is decoded. One pixel takes up to 11 bytes.
  public var pixels = 100_000_000
  /// The most bytes of a file.
  public var fileBytes = 1 << 30

  /// What every usual photo keeps.
  public init() {}
}
