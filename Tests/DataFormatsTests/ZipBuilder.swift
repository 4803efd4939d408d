/// Writes zip archives field by field, right or wrong ones.
struct ZipBuilder {
  /// The fields of a local or a central header.
  struct Header {
    var signature: UInt32
    var flags: UInt16 = 0
    var method: UInt16 = 0
    var crc32: UInt32
    var compressedSize: UInt32
    var uncompressedSize: UInt32
    var name: [UInt8]
    var fields: [UInt8] = []
    var disk: UInt16 = 0
  }

  struct Entry {
    var local: Header
    var central: Header
    var data: [UInt8]
    /// Where the directory says that the entry begins, when it lies.
    var offset: UInt32?

    /// A stored entry.
    init(_ name: String, _ data: [UInt8]) {
      local = Header(
        signature: 0x0403_4B50, crc32: ZipBuilder.crc32(data), compressedSize: UInt32(data.count),
        uncompressedSize: UInt32(data.count), name: Array(name.utf8))
      central = local
      central.signature = 0x0201_4B50
      self.data = data
    }

    /// Changes both headers.
    mutating func change(_ body: (inout Header) -> Void) {
      body(&local)
      body(&central)
    }

    /// An entry of deflated bytes that are said to give these ones.
    static func deflated(_ name: String, _ packed: [UInt8], giving data: [UInt8]) -> Entry {
      var entry = Entry(name, data)
      entry.data = packed
      entry.change {
        $0.method = 8
        $0.compressedSize = UInt32(packed.count)
      }
      return entry
    }
  }

  var entries: [Entry]
  var comment: [UInt8] = []
  var disk: UInt16 = 0
  /// The numbers of the end record, when they lie.
  var entryCount: UInt16?
  var directorySize: UInt32?
  var directoryOffset: UInt32?
  /// What stands between the directory and the end record.
  var beforeEnd: [UInt8] = []

  init(_ entries: [Entry] = []) { self.entries = entries }

  func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let offset = entry.offset ?? UInt32(bytes.count)
      bytes += Self.header(entry.local) + entry.data
      directory += Self.header(entry.central, offset: offset)
    }
    let offset = UInt32(bytes.count)
    let count = UInt16(entries.count)
    bytes += directory + beforeEnd
    bytes += Self.bytes(UInt32(0x0605_4B50)) + Self.bytes(disk) + Self.bytes(UInt16(0))
    bytes += Self.bytes(entryCount ?? count) + Self.bytes(entryCount ?? count)
    bytes += Self.bytes(directorySize ?? UInt32(directory.count))
    bytes += Self.bytes(directoryOffset ?? offset)
    return bytes + Self.bytes(UInt16(comment.count)) + comment
  }

  private static func header(_ header: Header, offset: UInt32? = nil) -> [UInt8] {
    var bytes = bytes(header.signature)
    // Made by Unix, as zip64 demands.
    if offset != nil { bytes += Self.bytes(UInt16(3 << 8 | 45)) }
    bytes += Self.bytes(UInt16(45)) + Self.bytes(header.flags) + Self.bytes(header.method)
    bytes += Self.bytes(UInt32(0x0021_0000)) + Self.bytes(header.crc32)
    bytes += Self.bytes(header.compressedSize) + Self.bytes(header.uncompressedSize)
    bytes += Self.bytes(UInt16(header.name.count)) + Self.bytes(UInt16(header.fields.count))
    if let offset {
      bytes += Self.bytes(UInt16(0)) + Self.bytes(header.disk) + Self.bytes(UInt16(0))
      bytes += Self.bytes(UInt32(0o100644) << 16) + Self.bytes(offset)
    }
    return bytes + header.name + header.fields
  }

  /// The bytes of a number, the least significant first.
  static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// The field of zip64 with these numbers.
  static func zip64Field(_ numbers: [UInt64]) -> [UInt8] {
    bytes(UInt16(1)) + bytes(UInt16(8 * numbers.count)) + numbers.flatMap { bytes($0) }
  }

  /// The record and the locator of zip64, where the record begins at `place`.
  static func zip64End(
    count: UInt64, size: UInt64, offset: UInt64, place: UInt64, length: UInt64 = 44
  ) -> [UInt8] {
    bytes(UInt32(0x0606_4B50)) + bytes(length) + bytes(UInt16(45)) + bytes(UInt16(45)) + bytes(UInt64(0))
      + [count, count, size, offset].flatMap { bytes($0) }
      + bytes(UInt32(0x0706_4B50)) + bytes(UInt32(0)) + bytes(place) + bytes(UInt32(1))
  }

  /// `data` as deflate stores it: blocks of up to 65535 bytes as they are.
  static func storedBlocks(_ data: [UInt8]) -> [UInt8] {
    let starts = Array(stride(from: 0, to: max(data.count, 1), by: 0xFFFF))
    return starts.flatMap { start in
      let block = data[start..<min(start + 0xFFFF, data.count)]
      let length = UInt16(block.count)
      return [start == starts.last ? 1 : 0] + bytes(length) + bytes(~length) + block
    }
  }

  /// The checksum of zip archives, bit by bit.
  static func crc32(_ data: [UInt8]) -> UInt32 {
    ~data.reduce(~0) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
  }
}
