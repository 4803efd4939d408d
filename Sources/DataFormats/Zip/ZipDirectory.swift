/// Reads the directory of a zip archive and compares it with the headers of the entries.
///
/// After the [specification](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), sections 4.3.7 and
/// 4.3.12, but strict where archives are made to deceive: no two entries have one name or share bytes, and each
/// entry's own header must agree with the directory, so that all programs see the same contents.
struct ZipDirectory {
  static let localSignature: UInt32 = 0x0403_4B50
  private static let centralSignature: UInt32 = 0x0201_4B50
  /// The number of bytes of a directory's entry without name, fields and comment.
  static let smallestHeader = 46

  /// The entries in the order of the directory.
  private(set) var entries: [ZipEntry] = []

  private let bytes: UnsafeRawBufferPointer
  private let path: String
  /// Where the directory begins, before which all entries must end.
  private let directoryOffset: Int

  /// - Complexity: O(*n* log *n*) in the number of entries.
  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(ZipError) {
    self.bytes = bytes
    self.path = path
    let end = try ZipEndRecord(bytes, path: path)
    directoryOffset = end.directory.lowerBound
    entries.reserveCapacity(end.entryCount)
    var places: [(header: Int, index: Int)] = []
    places.reserveCapacity(end.entryCount)
    var names: Set<[UInt8]> = []
    var cursor = ZipCursor(bytes, range: end.directory, path: path)
    for index in 0..<end.entryCount {
      let offset = cursor.position
      let header = try ZipHeader(&cursor, .central, signature: Self.centralSignature)
      guard names.insert(header.name).inserted else {
        throw .duplicateName(path: path, offset: offset, entry: header.text)
      }
      places.append((header.offset, index))
      entries.append(try entry(header))
    }
    guard cursor.isAtEnd else { throw cursor.malformed("the directory's end after \(entries.count) entries") }
    try checkOverlaps(places)
  }

  /// The entry of a header of the directory, compared with the header in front of its bytes.
  private func entry(_ central: ZipHeader) throws(ZipError) -> ZipEntry {
    let (method, compressed, uncompressed) = (
      central.method, central.compressedSize, central.uncompressedSize
    )
    guard central.offset < directoryOffset else {
      throw mismatch(central, "a place before the directory")
    }
    var cursor = ZipCursor(bytes, range: central.offset..<directoryOffset, path: path)
    let local = try ZipHeader(&cursor, .local, signature: Self.localSignature)
    guard local.name == central.name else { throw mismatch(central, "the directory's name") }
    guard local.method == method, local.isEncrypted == central.isEncrypted else {
      throw mismatch(central, "the directory's method")
    }
    // Where the numbers follow the bytes, because they were not known before, zeros stand in their place.
    let isDeferred = local.hasDescriptor || central.hasDescriptor
    func agrees<Value: BinaryInteger>(_ own: Value, _ value: Value) -> Bool {
      own == value || isDeferred && own == 0
    }
    guard agrees(local.compressedSize, compressed), agrees(local.uncompressedSize, uncompressed),
      agrees(local.crc32, central.crc32)
    else { throw mismatch(central, "the directory's sizes and checksum") }
    guard compressed <= directoryOffset - cursor.position else {
      throw mismatch(central, "\(compressed) bytes before the directory")
    }
    let entry = ZipEntry(
      nameBytes: central.name, method: method, isEncrypted: central.isEncrypted, compressedSize: compressed,
      uncompressedSize: uncompressed, crc32: central.crc32, unixMode: central.unixMode,
      packedRange: cursor.position..<cursor.position + compressed)
    guard entry.isPossible else {
      throw .impossibleSize(
        path: path, entry: central.text, compressed: compressed, uncompressed: uncompressed)
    }
    return entry
  }

  private func mismatch(_ header: ZipHeader, _ expected: String) -> ZipError {
    .headerMismatch(path: path, offset: header.offset, entry: header.text, expected: expected)
  }

  /// Each entry, header and bytes, must end before the next one begins.
  private func checkOverlaps(_ places: [(header: Int, index: Int)]) throws(ZipError) {
    var end = 0
    for (header, index) in places.sorted(by: { $0 < $1 }) {
      guard header >= end else {
        throw .overlapping(path: path, offset: header, entry: entries[index].name)
      }
      end = entries[index].packedRange.upperBound
    }
  }
}

extension ZipEntry {
  /// Deflate copies at most 258 bytes, and needs at least two bits to say so.
  private static let largestRatio = 258 * 8 / 2

  /// Whether so many packed bytes can give so many unpacked ones.
  fileprivate var isPossible: Bool {
    if isEncrypted { return true }
    switch method {
    case .stored: return uncompressedSize == compressedSize
    case .deflated:
      return uncompressedSize == 0 || (uncompressedSize - 1) / Self.largestRatio < compressedSize
    case .other: return true
    }
  }
}
