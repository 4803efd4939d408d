// The stream format, `torch.save(…, _use_new_zipfile_serialization=False)` today: five pickles (a magic number,
// the version of the format, facts about the system, the object, the keys of the storages in order), then for
// each storage its number of elements in eight bytes and the elements, all little-endian.
extension PyTorchFile {
  /// 0x1950A86A20F9469CFC6C, the least significant byte first.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
  private static let version = 1001

  /// Whether a file that begins with these bytes is in the stream format: its first pickle is the magic number
  /// as LONG1, from protocol 4 on within a frame.
  static func isStream(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 14, bytes[0] == PickleOpcode.proto.rawValue, (2...5).contains(bytes[1]) else {
      return false
    }
    let start = bytes[2] == PickleOpcode.frame.rawValue ? 11 : 2
    return bytes.dropFirst(start).starts(with: [PickleOpcode.long1.rawValue, UInt8(magic.count)] + magic)
  }

  static func readStream(_ file: MappedFile) throws(PyTorchError) -> PickleValue {
    let (source, path) = (ByteString(file), file.path)
    var offset = 0
    func next() throws(PyTorchError) -> PickleValue {
      try pickle { () throws(PickleError) in
        try PickleReader.next(in: source, path: path, offset: &offset)
      }
    }
    guard isStream(source.withUnsafeBytes { Array($0.prefix(32)) }), case .integer(let number) = try next(),
      number == PickleInteger(littleEndian: magic)
    else { throw .notPyTorch(path: path) }
    guard case .integer(let version) = try next(), version.int == Self.version else {
      throw .unknownVersion(path: path)
    }
    _ = try next()
    let (graph, root) = try pickle { () throws(PickleError) in
      try PickleMachine.run(source, path: path, offset: &offset, allowsStorages: true)
    }
    let keysOffset = offset
    let keys = try next().elements?.compactMap(\.string)
    guard let keys, Set(keys).count == keys.count else {
      throw .malformedKeys(path: path, offset: keysOffset)
    }
    let storages = try storages(graph.storages, keys: keys, source, path: path, offset: offset)
    return try pickle { () throws(PickleError) in
      try PickleConversion.value(of: root, in: graph, storages: storages)
    }
  }

  /// The storages that the object uses, of those that stand from `offset` to the end in the order of `keys`.
  private static func storages(
    _ used: [PickleStorage], keys: [String], _ source: ByteString, path: String, offset: Int
  ) throws(PyTorchError) -> [PyTorchStorage] {
    let types = Dictionary(uniqueKeysWithValues: used.map { ($0.key, $0) })
    var found: [String: ByteString] = [:]
    var offset = offset
    for key in keys {
      // The size of an element is known from the object alone.
      guard let storage = types[key] else { throw .missingStorage(path: path, key: key) }
      let size = try storage.byteCount(path: path)
      let count = source.withUnsafeBytes { $0.littleEndian(Int64.self, at: offset) }
      guard let count else { throw .truncatedStorage(path: path, offset: offset, key: key, missing: 8) }
      guard count == storage.elementCount else {
        throw .wrongStorageSize(path: path, key: key, expected: storage.elementCount, found: Int(count))
      }
      offset += 8
      guard size <= source.count - offset else {
        throw .truncatedStorage(
          path: path, offset: offset, key: key, missing: size - (source.count - offset))
      }
      found[key] = source[offset..<offset + size]
      offset += size
    }
    guard offset == source.count else {
      throw .trailingBytes(path: path, offset: offset, count: source.count - offset)
    }
    var storages: [PyTorchStorage] = []
    for storage in used {
      guard let bytes = found[storage.key] else { throw .missingStorage(path: path, key: storage.key) }
      storages.append(PyTorchStorage(elementType: storage.elementType, isBigEndian: false, bytes: bytes))
    }
    return storages
  }
}
