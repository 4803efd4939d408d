internal import CImaging

/// A decoded photo: 8-bit sRGB, three bytes a pixel, rows from the top, the way up that it is to be seen.
///
/// - The first picture of a file is taken: a GIF's first frame, a TIFF's first page.
/// - The orientation that EXIF tells is applied.
/// - An embedded colour profile is converted to sRGB; one that cannot be understood is ignored. CMYK without a
///   profile is taken for libvips' usual one, and without any profile other pixels are taken for sRGB.
/// - What is transparent is shown on white.
/// - 16 bits become 8.
/// - A file that is damaged is an error, and so is one that ends too early, unless the limits accept it; then it is
///   grey from somewhere on, and `truncation` says so.
// The pixels belong to this value alone and are freed with it.
public struct Photo: ~Copyable, @unchecked Sendable {
  var picture: cimaging_picture

  /// Pixels of a row, and rows, as decoded.
  public var width: Int { picture.width }
  /// Rows, as decoded.
  public var height: Int { picture.height }
  /// The pixels of a row of the file, more than `width` where a JPEG was shrunk while decoding.
  public var fullWidth: Int { picture.full_width }
  /// The rows of the file.
  public var fullHeight: Int { picture.full_height }
  /// How much of the photo is there where its file is cut short; nil for a whole one.
  public var truncation: PhotoTruncation? {
    picture.is_truncated ? PhotoTruncation(shareThere: picture.share_there) : nil
  }

  /// Decodes the photo at `path`.
  ///
  /// - Parameter smallestSide: where given, a JPEG may be decoded at a half, a quarter or an eighth of its size as
  ///   long as both sides keep so many pixels, which is several times as fast.
  public init(
    contentsOf path: String, limits: PhotoLimits = PhotoLimits(), smallestSide: Int? = nil
  ) throws(PhotoError) {
    let bytes = try PhotoFile.bytes(of: path, limits: limits)
    try self.init(bytes: bytes, path: path, limits: limits, smallestSide: smallestSide)
  }

  /// Decodes the photo in `bytes`; errors call it `path`.
  public init(
    bytes: [UInt8], path: String, limits: PhotoLimits = PhotoLimits(), smallestSide: Int? = nil
  ) throws(PhotoError) {
    guard !bytes.isEmpty else { throw .empty(path: path) }
    var picture = cimaging_picture()
    var allowed = cimaging_limits()
    allowed.most_pixels = UInt64(clamping: limits.pixels)
    allowed.smallest_side = max(0, smallestSide ?? 0)
    allowed.accepts_truncated = limits.truncatedPhotos == .accept
    let status = bytes.withUnsafeBytes {
      cimaging_decode($0.baseAddress, $0.count, &allowed, &picture)
    }
    guard status == CIMAGING_OK else {
      guard let format = PhotoFormat(firstBytes: bytes) else { throw .unknownFormat(path: path) }
      throw PhotoError(status, path: path, format: format, limits: limits)
    }
    self.picture = picture
  }

  deinit {
    var picture = picture
    cimaging_release(&picture)
  }

  /// Ends what decoding keeps for this thread; for threads of one's own, before they end.
  public static func threadEnds() { cimaging_thread_ends() }

  /// A copy of the pixels: red, green, blue, row after row, [height, width, 3].
  public var pixels: [UInt8] {
    Array(UnsafeBufferPointer(start: picture.pixels, count: 3 * width * height))
  }
}
