/// A zip archive: a list of entries, which are unpacked one by one, or mapped where they are stored as they are.
///
/// Stored and deflated entries of archives of any size (zip64). The directory is read and checked whole when
/// the archive is opened; bytes are read and compared with their checksum when an entry is unpacked. Nothing
/// is ever written to a file here: names are bytes from outside, and callers must not take them for safe paths.
public struct ZipArchive: Sendable {
  /// The whole archive.
  public let file: MappedFile
  /// The entries in the order of the directory; no two have the same name.
  public let entries: [ZipEntry]
  private let indices: [[UInt8]: Int]

  /// The number of bytes that `extract` unpacks at once.
  private static let chunkSize = 1 << 18

  /// Maps the archive at `path` and reads its directory.
  ///
  /// Throws when the directory is damaged or disagrees with the headers of the entries, when two entries have
  /// one name or share bytes, and when an entry is said to have more bytes than its packed bytes can give.
  public init(path: String) throws(ZipError) {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw .file(error) }
    try self.init(file)
  }

  /// Reads the directory of an archive that is already mapped; see `init(path:)`.
  public init(_ file: MappedFile) throws(ZipError) {
    self.file = file
    entries = try file.withBytes { (bytes) throws(ZipError) in
      try ZipDirectory(bytes, path: file.path).entries
    }
    indices = Dictionary(uniqueKeysWithValues: zip(entries.lazy.map(\.nameBytes), entries.indices))
  }

  /// The path as it was given.
  public var path: String { file.path }

  /// The entry whose name has the bytes of `name`, if there is one.
  public subscript(name: String) -> ZipEntry? { indices[Array(name.utf8)].map { entries[$0] } }

  /// The unpacked bytes of an entry of this archive.
  ///
  /// Throws when they are more than `limit`, and when they are not as many as the directory says or do not have
  /// its checksum. Memory is taken as the bytes come: at most eight times the packed bytes, or twice what they
  /// have given so far.
  public func read(_ entry: ZipEntry, limit: Int = .max) throws(ZipError) -> [UInt8] {
    let size = entry.uncompressedSize
    guard size <= limit else {
      throw .tooLarge(path: path, entry: entry.name, size: size, limit: limit)
    }
    return try file.withBytes { (archive) throws(ZipError) in
      var reader = try ZipEntryReader(entry, archive: archive, path: path)
      var bytes: [UInt8] = []
      // What real files are packed to is seldom less than an eighth, and then they are never copied.
      var capacity = min(size, max(Self.chunkSize, entry.compressedSize.multipliedOrMax(by: 8)))
      while true {
        bytes.reserveCapacity(capacity)
        try bytes.append(addingCapacity: capacity - bytes.count) { (output) throws(ZipError) in
          try Self.fill(&output, from: &reader)
        }
        if bytes.count == size { break }
        capacity = min(size, capacity.multipliedOrMax(by: 2))
      }
      try Self.finish(&reader)
      return bytes
    }
  }

  /// Unpacks an entry of this archive piece by piece, in order, without ever holding it whole.
  ///
  /// Throws as `read(_:limit:)` does, maybe after some or all pieces, and what `consume` throws; so keep what
  /// was consumed only when this returns.
  public func extract(_ entry: ZipEntry, consume: (UnsafeRawBufferPointer) throws -> Void) throws {
    try file.withBytes { (archive) throws in
      var reader = try ZipEntryReader(entry, archive: archive, path: path)
      try withUnsafeTemporaryAllocation(byteCount: Self.chunkSize, alignment: 16) { buffer in
        while true {
          let count = try reader.read(into: buffer)
          guard count > 0 else { break }
          try consume(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
      }
    }
  }

  /// Reads an entry of this archive to its end and compares its size and checksum; throws as `read` does.
  public func verify(_ entry: ZipEntry) throws(ZipError) {
    try file.withBytes { (archive) throws(ZipError) in
      var reader = try ZipEntryReader(entry, archive: archive, path: path)
      try withUnsafeTemporaryAllocation(byteCount: Self.chunkSize, alignment: 16) {
        (buffer) throws(ZipError) in
        while try reader.read(into: buffer) > 0 {}
      }
    }
  }

  /// The first `count` unpacked bytes of an entry of this archive, or all when it has no more; their checksum
  /// is not compared.
  func prefix(_ count: Int, of entry: ZipEntry) throws(ZipError) -> [UInt8] {
    let count = min(count, entry.uncompressedSize)
    return try file.withBytes { (archive) throws(ZipError) in
      var reader = try ZipEntryReader(entry, archive: archive, path: path)
      return try [UInt8](capacity: count) { (output) throws(ZipError) in
        try Self.fill(&output, from: &reader)
      }
    }
  }

  /// Fills the free capacity of `output`, or as much of it as the entry still has bytes.
  private static func fill(
    _ output: inout OutputSpan<UInt8>, from reader: inout ZipEntryReader
  ) throws(ZipError) {
    try output.withUnsafeMutableBufferPointer { (buffer, count) throws(ZipError) in
      while count < buffer.count {
        let free = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[count...]))
        let read = try reader.read(into: free)
        guard read > 0 else { return }
        count += read
      }
    }
  }

  /// Reads the end of an entry, at which its size and checksum are compared.
  private static func finish(_ reader: inout ZipEntryReader) throws(ZipError) {
    _ = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { (buffer) throws(ZipError) in
      try reader.read(into: buffer)
    }
  }
}

extension Int {
  /// The product of two numbers that are not negative, or the largest number when it is beyond that.
  fileprivate func multipliedOrMax(by factor: Int) -> Int {
    let product = multipliedReportingOverflow(by: factor)
    return product.overflow ? .max : product.partialValue
  }
}
