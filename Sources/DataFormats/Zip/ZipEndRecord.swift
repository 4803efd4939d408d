/// The record at the end of a zip archive, which says where its directory is.
///
/// After the [specification](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), sections 4.3.14 to
/// 4.3.16, but strict: the directory must end where the record begins, and nothing may follow the record.
struct ZipEndRecord {
  private static let signature: UInt32 = 0x0605_4B50
  private static let zip64Signature: UInt32 = 0x0606_4B50
  private static let locatorSignature: UInt32 = 0x0706_4B50
  private static let size = 22
  private static let locatorSize = 20
  private static let commentLimit = 0xFFFF

  /// The whole of an archive without entries.
  static let empty: [UInt8] = [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0, count: size - 4)

  /// Where the directory stands.
  let directory: Range<Int>
  /// The number of entries in the directory, which has room for so many.
  let entryCount: Int

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(ZipError) {
    let place = try Self.place(in: bytes, path: path)
    var cursor = ZipCursor(bytes, range: place..<bytes.count, path: path)
    try cursor.skip(4)
    var values = try Self.values(&cursor, UInt16.self, UInt16.self, UInt32.self)
    var end = place
    let locator = place - Self.locatorSize
    if bytes.littleEndian(UInt32.self, at: locator) == Self.locatorSignature {
      let wide: Values
      (wide, end) = try Self.zip64(bytes, locator: locator, path: path)
      guard values.agrees(with: wide) else {
        throw cursor.malformed("the numbers of the zip64 record", at: place)
      }
      values = wide
    }
    guard values.disk == 0, values.directoryDisk == 0, values.entriesOfDisk == values.entries else {
      throw .severalParts(path: path, offset: place)
    }
    guard values.offset <= end, values.size == end - values.offset else {
      throw cursor.malformed("the directory to end at offset \(end)", at: place)
    }
    guard values.entries <= values.size / ZipDirectory.smallestHeader else {
      throw cursor.malformed("a number of entries for which the directory has room", at: place)
    }
    directory = values.offset..<end
    entryCount = values.entries
  }

  /// Where the last record begins whose comment ends with the file; there may be no other such record.
  private static func place(in bytes: UnsafeRawBufferPointer, path: String) throws(ZipError) -> Int {
    var found: Int?
    let first = max(0, bytes.count - size - commentLimit)
    for place in stride(from: bytes.count - size, through: first, by: -1)
    where bytes[place] == 0x50 && bytes.littleEndian(UInt32.self, at: place) == signature {
      let comment = bytes.littleEndian(UInt16.self, at: place + size - 2).map { Int($0) }
      guard comment == bytes.count - size - place else { continue }
      if found != nil { throw .ambiguousEnd(path: path, offset: place) }
      found = place
    }
    if let found { return found }
    let isBegun = bytes.littleEndian(UInt32.self, at: 0) == ZipDirectory.localSignature
    throw isBegun ? .noEndRecord(path: path) : .notZip(path: path)
  }

  private struct Values {
    var disk: Int, directoryDisk: Int
    var entriesOfDisk: Int, entries: Int
    var size: Int, offset: Int

    /// Whether these numbers of two and four bytes are those of the zip64 record, or say that they do not fit.
    func agrees(with wide: Values) -> Bool {
      func isSame(_ path: KeyPath<Values, Int>, _ limit: Int) -> Bool {
        self[keyPath: path] == limit || self[keyPath: path] == wide[keyPath: path]
      }
      return isSame(\.disk, 0xFFFF) && isSame(\.directoryDisk, 0xFFFF) && isSame(\.entriesOfDisk, 0xFFFF)
        && isSame(\.entries, 0xFFFF) && isSame(\.size, 0xFFFF_FFFF) && isSame(\.offset, 0xFFFF_FFFF)
    }
  }

  /// The numbers that both kinds of record have in this order, in fields of different sizes.
  private static func values<Disk, Count, Place>(
    _ cursor: inout ZipCursor, _ disk: Disk.Type, _ count: Count.Type, _ place: Place.Type
  ) throws(ZipError) -> Values
  where
    Disk: FixedWidthInteger & BitwiseCopyable, Count: FixedWidthInteger & BitwiseCopyable,
    Place: FixedWidthInteger & BitwiseCopyable
  {
    Values(
      disk: try cursor.number(disk), directoryDisk: try cursor.number(disk),
      entriesOfDisk: try cursor.number(count), entries: try cursor.number(count),
      size: try cursor.number(place), offset: try cursor.number(place))
  }

  /// The numbers of the zip64 record and where it begins, which its locator tells.
  private static func zip64(
    _ bytes: UnsafeRawBufferPointer, locator: Int, path: String
  ) throws(ZipError) -> (Values, place: Int) {
    var cursor = ZipCursor(bytes, range: locator..<bytes.count, path: path)
    try cursor.skip(4)
    let disk = try cursor.number(UInt32.self)
    let place = try cursor.number(UInt64.self)
    let disks = try cursor.number(UInt32.self)
    // Some writers count the disks from 0.
    guard disk == 0, disks <= 1 else { throw .severalParts(path: path, offset: locator) }
    guard place <= locator else {
      throw cursor.malformed("the place of a zip64 record before it", at: locator)
    }
    cursor = ZipCursor(bytes, range: place..<locator, path: path)
    try cursor.expect(zip64Signature, "a zip64 record")
    let length = try cursor.number(UInt64.self)
    guard length == locator - cursor.position else {
      throw cursor.malformed("a zip64 record of \(locator - cursor.position) bytes", at: place)
    }
    try cursor.skip(4)
    return (try values(&cursor, UInt32.self, UInt64.self, UInt64.self), place)
  }
}
