internal import DataFormats
internal import ImageFeatures
internal import TestSupport

extension FuzzedFormat {
  /// The formats of photos, whose decoders are others' and much slower than our readers.
  package static func photos() throws -> [FuzzedFormat] {
    [
      try photo("jpeg", ".jpg", tokens: jpegTokens) { _ in },
      try photo("png", ".png", tokens: pngTokens, repair: repairPNG),
      try photo(
        "webp", ".webp", tokens: tokens(["RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"])
      ) {
        $0.put(UInt32(max(0, $0.count - 8)), at: 4, size: 4)
      },
    ]
  }

  /// Damaged headers may ask for so many pixels; decoders take up to 11 bytes for each.
  private static let mostPixels = 1 << 20

  private static func photo(
    _ name: String, _ ending: String, tokens: [[UInt8]], repair: @escaping @Sendable (inout [UInt8]) -> Void
  ) throws -> FuzzedFormat {
    FuzzedFormat(
      name: name, seeds: try fixtures("photos", ending), tokens: tokens, inputs: 10_000,
      allowance: 16 * mostPixels, repair: repair
    ) { file in
      var limits = PhotoLimits()
      limits.pixels = mostPixels
      limits.truncatedPhotos = .accept
      let photo = try Photo(bytes: file.withBytes(Array.init), path: file.path, limits: limits)
      var input = [Float](repeating: 0, count: Preprocessing.squashed.inputSize)
      try input.withUnsafeMutableBufferPointer {
        try Preprocessing.squashed.write(photo, path: file.path, to: $0)
      }
      precondition(input.allSatisfy { abs($0) <= 1 }, "values lie between 0 and 255")
      return 3 * photo.width * photo.height + 4 * input.count
    }
  }

  /// Markers, with lengths where they have them.
  private static let jpegTokens: [[UInt8]] =
    [0xC0, 0xC1, 0xC2, 0xC4, 0xC9, 0xDA, 0xDB, 0xDD, 0xE1, 0xE2, 0xEE].map { [0xFF, $0, 0, 8] }
    + [0xD0, 0xD7, 0xD8, 0xD9, 0x00, 0x01, 0xFF].map { [0xFF, $0] }
    + tokens(["Exif\0\0II*\0", "ICC_PROFILE\0", "Adobe"])

  private static let pngTokens = tokens([
    "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "iCCP", "gAMA", "sRGB", "eXIf", "zTXt", "bKGD", "sBIT", "acTL",
  ])

  /// Lets the checksum of each chunk fit, as far as the lengths lead.
  private static func repairPNG(_ bytes: inout [UInt8]) {
    var place = 8
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard place + 12 + length <= bytes.count else { return }
      let end = place + 8 + length
      bytes.put(crc32(bytes[place + 4..<end]).byteSwapped, at: end, size: 4)
      place = end + 4
    }
  }

  private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }
}
