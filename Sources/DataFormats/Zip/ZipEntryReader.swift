internal import CLibzip

/// Unpacks one entry with libzip, which also compares its size and checksum.
struct ZipEntryReader: ~Copyable {
  private let reader: OpaquePointer
  private let entry: ZipEntry
  private let path: String
  /// How many bytes are still to come.
  private(set) var remaining: Int

  /// Begins to read `entry`; `archive` is the whole archive and must stay valid as long as this reader.
  init(_ entry: ZipEntry, archive: UnsafeRawBufferPointer, path: String) throws(ZipError) {
    precondition(entry.packedRange.upperBound <= archive.count, "an entry must be of this archive")
    guard !entry.isEncrypted else { throw .encrypted(path: path, entry: entry.name) }
    if case .other(let method) = entry.method {
      throw .unsupportedMethod(path: path, entry: entry.name, method: method)
    }
    // libzip takes no bytes for a file without bytes, whatever the checksum.
    guard entry.compressedSize > 0 || entry.crc32 == 0 else {
      throw .wrongChecksum(path: path, entry: entry.name)
    }
    var description = clibzip_entry(
      data: UnsafeRawBufferPointer(rebasing: archive[entry.packedRange]).baseAddress,
      compressed_size: UInt64(entry.compressedSize), uncompressed_size: UInt64(entry.uncompressedSize),
      crc32: entry.crc32, deflated: entry.method == .deflated)
    var reader: OpaquePointer?
    let status = clibzip_reader_open(&reader, &description)
    guard let reader else { throw Self.error(status, entry, path) }
    self.reader = reader
    self.entry = entry
    self.path = path
    remaining = entry.uncompressedSize
  }

  deinit { clibzip_reader_close(reader) }

  /// Writes the next bytes to `buffer`, which must not be empty, and returns how many, 0 at the end.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ZipError) -> Int {
    var count = 0
    let status = clibzip_reader_read(reader, buffer.baseAddress, buffer.count, &count)
    guard status == CLIBZIP_OK else { throw Self.error(status, entry, path) }
    guard count > 0 ? count <= remaining : remaining == 0 else {
      throw .damagedEntry(path: path, entry: entry.name)
    }
    remaining -= count
    return count
  }

  private static func error(_ status: clibzip_status, _ entry: ZipEntry, _ path: String) -> ZipError {
    switch status {
    case CLIBZIP_OUT_OF_MEMORY: .outOfMemory(path: path, entry: entry.name)
    case CLIBZIP_DAMAGED: .damagedEntry(path: path, entry: entry.name)
    case CLIBZIP_WRONG_CHECKSUM: .wrongChecksum(path: path, entry: entry.name)
    default: .failed(path: path, entry: entry.name)
    }
  }
}
