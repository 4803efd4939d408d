/// What is said of an entry by the directory of a zip archive (its central header) or in front of its bytes (its
/// local header).
struct ZipHeader {
  enum Kind { case central, local }

  private(set) var name: [UInt8] = []
  private(set) var method: ZipEntry.Method
  private(set) var crc32: UInt32
  private(set) var compressedSize: Int
  private(set) var uncompressedSize: Int
  /// Where the local header begins; of a local header 0.
  private(set) var offset = 0
  /// What a Unix system that packed the file had in `st_mode`; only in central headers.
  private(set) var unixMode: UInt32?
  private let flags: Int

  /// Encrypted in the old or the strong way, or with a masked directory.
  var isEncrypted: Bool { flags & (1 << 0 | 1 << 6 | 1 << 13) != 0 }
  /// Whether the sizes and the checksum follow the bytes.
  var hasDescriptor: Bool { flags & 1 << 3 != 0 }
  /// The name for messages.
  var text: String { String(decoding: name, as: UTF8.self) }

  private static let zip64Field = 0x0001
  private static let saturated = 0xFFFF_FFFF

  init(_ cursor: inout ZipCursor, _ kind: Kind, signature: UInt32) throws(ZipError) {
    let start = cursor.position
    try cursor.expect(signature, kind == .central ? "an entry of the directory" : "the header of an entry")
    let system = kind == .central ? try cursor.number(UInt16.self) >> 8 : 0
    try cursor.skip(2)
    flags = try cursor.number(UInt16.self)
    let method = try cursor.number(UInt16.self)
    self.method = method == 0 ? .stored : method == 8 ? .deflated : .other(method)
    try cursor.skip(4)
    crc32 = UInt32(try cursor.number(UInt32.self))
    compressedSize = try cursor.number(UInt32.self)
    uncompressedSize = try cursor.number(UInt32.self)
    let nameCount = try cursor.number(UInt16.self)
    let fieldsCount = try cursor.number(UInt16.self)
    var commentCount = 0
    if kind == .central {
      commentCount = try cursor.number(UInt16.self)
      let disk = try cursor.number(UInt16.self)
      guard disk == 0 || disk == 0xFFFF else { throw .severalParts(path: cursor.path, offset: start) }
      try cursor.skip(2)
      let attributes = try cursor.number(UInt32.self)
      if system == 3 { unixMode = UInt32(attributes) >> 16 }
      offset = try cursor.number(UInt32.self)
    }
    let nameRange = try cursor.range(ofCount: nameCount)
    name = cursor.copy(nameRange)
    guard !name.isEmpty, !name.contains(0) else {
      throw cursor.malformed("a name without zero bytes", at: nameRange.lowerBound)
    }
    var fields = try cursor.part(ofCount: fieldsCount)
    try readZip64(&fields, kind)
    try cursor.skip(commentCount)
  }

  /// Replaces the numbers that did not fit by those of the zip64 field.
  ///
  /// A central header has only the numbers that did not fit, a local one has both sizes.
  private mutating func readZip64(_ fields: inout ZipCursor, _ kind: Kind) throws(ZipError) {
    let isWanted = [uncompressedSize, compressedSize, offset].map { $0 == Self.saturated }
    guard isWanted.contains(true) else { return }
    let start = fields.position
    guard var field = try Self.field(Self.zip64Field, in: &fields) else {
      throw fields.malformed("a zip64 field", at: start)
    }
    if isWanted[0] || kind == .local {
      let size = try field.number(UInt64.self)
      if isWanted[0] { uncompressedSize = size }
    }
    if isWanted[1] || kind == .local {
      let size = try field.number(UInt64.self)
      if isWanted[1] { compressedSize = size }
    }
    if isWanted[2] { offset = try field.number(UInt64.self) }
  }

  /// The first field with this identifier, if there is one.
  private static func field(_ identifier: Int, in fields: inout ZipCursor) throws(ZipError) -> ZipCursor? {
    while !fields.isAtEnd {
      let found = try fields.number(UInt16.self)
      let field = try fields.part(ofCount: try fields.number(UInt16.self))
      if found == identifier { return field }
    }
    return nil
  }
}
