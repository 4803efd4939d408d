/// The named arrays of a NumPy .npz archive: a zip archive of .npy files.
///
/// Opening reads the directory and the headers alone, and checks them whole; arrays are read one by one. An array
/// that is stored as it is points into the mapped archive, of whatever alignment, and costs no memory. A deflated one
/// is unpacked to memory, and one that is big-endian or in Fortran order is copied once to convert it.
public struct NumpyArchive: Sendable {
  /// A .npy file of the archive.
  public struct Member: Sendable, Equatable {
    /// The name of the array: that of the file without `.npy`.
    public let name: String
    /// What the array is.
    public let header: NumpyHeader
    /// How its file is packed.
    public let entry: ZipEntry
  }

  /// The arrays in the order of the archive.
  public let members: [Member]
  /// The files of the archive that are no arrays, as their names do not end with `.npy`.
  public let otherEntries: [ZipEntry]
  private let archive: ZipArchive
  private let indices: [[UInt8]: Int]

  private static let suffix = Array(".npy".utf8)

  /// Maps the archive at `path` and reads its directory and the headers of its arrays.
  ///
  /// Throws when one of them is damaged; arrays of other things than numbers are listed.
  public init(path: String) throws(NumpyArchiveError) {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw .zip(.file(error)) }
    try self.init(file)
  }

  /// The same for an archive that is already mapped.
  package init(_ file: MappedFile) throws(NumpyArchiveError) {
    do { archive = try ZipArchive(file) } catch { throw .zip(error) }
    var members: [Member] = []
    var others: [ZipEntry] = []
    var indices: [[UInt8]: Int] = [:]
    for entry in archive.entries {
      guard entry.nameBytes.suffix(Self.suffix.count) == Self.suffix[...] else {
        others.append(entry)
        continue
      }
      let name = entry.nameBytes.dropLast(Self.suffix.count)
      indices[Array(name)] = members.count
      members.append(
        Member(
          name: String(decoding: name, as: UTF8.self), header: try Self.header(of: entry, in: archive),
          entry: entry))
    }
    self.members = members
    self.indices = indices
    otherEntries = others
  }

  /// The path as it was given.
  public var path: String { archive.path }

  private static func header(
    of entry: ZipEntry, in archive: ZipArchive
  ) throws(NumpyArchiveError) -> NumpyHeader {
    let start: ArrayStorage
    do {
      start = try Self.bytes(of: entry, in: archive) { (archive) throws(ZipError) in
        // Twice, but no more of the entry than its header: an archive may have many.
        let start = try archive.prefix(NumpyHeader.lengthEnd, of: entry)
        return try archive.prefix(NumpyHeader.byteCount(beginning: start), of: entry)
      }
    } catch { throw .zip(error) }
    do {
      let path = path(of: entry, in: archive)
      let header = try start.withUnsafeBytes { (bytes) throws(NumpyError) in
        try NumpyHeader(bytes, path: path)
      }
      if case .numbers = header.elements {
        _ = try header.checkedExtent(fileSize: entry.uncompressedSize, path: path)
      }
      return header
    } catch { throw .array(error) }
  }

  /// What errors call a member.
  private static func path(of entry: ZipEntry, in archive: ZipArchive) -> String {
    archive.path + "/" + entry.name
  }

  /// The array of this name.
  ///
  /// Its bytes are first compared with the archive's checksum, for which they are read whole, at several GB/s;
  /// without `verifyingChecksum` those that are mapped are not read before they are used. Throws when there is no
  /// such array, when it holds other things than numbers, and when its bytes are damaged.
  public func array(
    _ name: String, verifyingChecksum: Bool = true
  ) throws(NumpyArchiveError) -> ArrayData {
    guard let index = indices[Array(name.utf8)] else { throw .noArray(path: path, name: name) }
    let entry = members[index].entry
    let memberPath = Self.path(of: entry, in: archive)
    do {
      // Before the bytes are unpacked, as this cannot succeed for what is no array of numbers.
      _ = try members[index].header.checkedExtent(fileSize: entry.uncompressedSize, path: memberPath)
    } catch { throw .array(error) }
    let bytes: ArrayStorage
    do {
      if verifyingChecksum, entry.storedRange != nil { try archive.verify(entry) }
      bytes = try Self.bytes(of: entry, in: archive) { (archive) throws(ZipError) in try archive.read(entry) }
    } catch { throw .zip(error) }
    do { return try NumpyArray.read(bytes, path: memberPath, converting: true) } catch { throw .array(error) }
  }

  /// Reads the whole archive and compares the checksum of every file, but of those that cannot be unpacked here.
  package func verify() throws(NumpyArchiveError) {
    for entry in archive.entries where entry.canBeUnpacked {
      do { try archive.verify(entry) } catch { throw .zip(error) }
    }
  }

  /// The mapped bytes of an entry that is stored, and for others what `unpack` gives.
  private static func bytes(
    of entry: ZipEntry, in archive: ZipArchive, unpack: (ZipArchive) throws(ZipError) -> [UInt8]
  ) throws(ZipError) -> ArrayStorage {
    if let range = entry.storedRange { return .mapped(archive.file, range) }
    return .owned(try unpack(archive)[...])
  }
}
