internal import DataFormats

/// A file of a zip archive.
public struct ArchiveMemberSummary: Sendable, Equatable, Encodable {
  /// Its name; that of an array is without `.npy`.
  public var name: String
  /// The element type of an array, such as float32; nil for other files.
  public var type: String?
  /// The shape of an array.
  public var shape: [Int]?
  /// The number of its bytes, in a .npy file those of its header too.
  public var bytes: Int
  /// The number of bytes that it takes in the archive.
  public var packedBytes: Int
  /// `stored`, `deflated`, `method N` or `encrypted`.
  public var packing: String

  init(_ entry: ZipEntry, array: NumpyArchive.Member? = nil) {
    name = array?.name ?? entry.name
    type = array?.header.elements.name
    shape = array?.header.shape
    bytes = entry.uncompressedSize
    packedBytes = entry.compressedSize
    packing =
      switch (entry.isEncrypted, entry.method) {
      case (true, _): "encrypted"
      case (false, .stored): "stored"
      case (false, .deflated): "deflated"
      case (false, .other(let method)): "method \(method)"
      }
  }
}

/// What an archive holds: a .npz file, or any other zip archive.
public struct ArchiveSummary: Sendable, Equatable, Encodable {
  /// The size of the file in bytes.
  public var bytes: Int
  /// The arrays, .npy files, in the order of the archive.
  public var arrays: [ArchiveMemberSummary]
  /// The other files.
  public var otherFiles: [ArchiveMemberSummary]

  /// Whether the checksums were compared, but those of files that cannot be unpacked here. They are not where the
  /// archive unpacks to far more than it is, since a small file should not keep anyone waiting.
  public var isVerified: Bool

  private static let verifiedRatio = 32
  private static let alwaysVerified = 1 << 28

  /// Reads the archive whole, unless it unpacks to far more than it is.
  init(path: String) throws(NumpyArchiveError) {
    let archive = try NumpyArchive(path: path)
    bytes = fileSize(path)
    arrays = archive.members.map { ArchiveMemberSummary($0.entry, array: $0) }
    otherFiles = archive.otherEntries.map { ArchiveMemberSummary($0) }
    let unpacked = (arrays + otherFiles).reduce(0.0) { $0 + Double($1.bytes) }
    isVerified = unpacked <= max(Double(Self.alwaysVerified), Double(bytes) * Double(Self.verifiedRatio))
    if isVerified { try archive.verify() }
  }
}
