// The zip format: `NAME/data.pkl`, a file `NAME/data/KEY` for each storage, and `NAME/byteorder`.
extension PyTorchFile {
  private static let pickleName = "data.pkl"
  /// How much larger than its packed bytes a packed pickle may be. PyTorch packs nothing; pickles of state
  /// dictionaries that other programs have packed shrink to a fifth or so, a bomb by a factor of 1000. As what is
  /// taken from memory is bounded by the unpacked pickle, this bounds it by the file.
  private static let packedPickleRatio = 8
  /// The same for the numbers of a storage.
  private static let packedStorageRatio = 32
  /// What may be unpacked whatever its packed size.
  private static let smallEntry = 1 << 16

  /// Whether a file that begins with these bytes is a zip archive whose first entry is the pickle, as PyTorch
  /// writes it.
  static func isArchive(_ bytes: [UInt8]) -> Bool {
    // The name's length stands in two bytes at 26, the name at 30.
    guard bytes.starts(with: FileKind.zipMagic), bytes.count >= 30 else { return false }
    let name = bytes[30...].prefix(Int(bytes[26]) | Int(bytes[27]) << 8)
    return name.suffix(pickleName.utf8.count + 1).elementsEqual("/\(pickleName)".utf8)
  }

  static func readArchive(_ file: MappedFile) throws(PyTorchError) -> PickleValue {
    let archive: ZipArchive
    do { archive = try ZipArchive(file) } catch { throw .zip(error) }
    let pickles = archive.entries.filter {
      $0.nameBytes.suffix(pickleName.utf8.count + 1).elementsEqual("/\(pickleName)".utf8)
    }
    guard let entry = pickles.first, pickles.count == 1 else { throw .noPickle(path: file.path) }
    let folder = String(decoding: entry.nameBytes.dropLast(pickleName.utf8.count), as: UTF8.self)
    let path = "\(file.path): \(entry.name)"
    let source = try bytes(of: entry, in: archive, limit: limit(of: entry, ratio: packedPickleRatio))
    let (graph, root) = try pickle { () throws(PickleError) in
      var offset = 0
      return try PickleMachine.run(source, path: path, offset: &offset, allowsStorages: true)
    }
    let isBigEndian = try isBigEndian(archive, folder: folder)
    var storages: [PyTorchStorage] = []
    for storage in graph.storages {
      let bytes = try bytes(of: storage, in: archive, folder: folder)
      storages.append(
        PyTorchStorage(elementType: storage.elementType, isBigEndian: isBigEndian, bytes: bytes))
    }
    return try pickle { () throws(PickleError) in
      try PickleConversion.value(of: root, in: graph, storages: storages)
    }
  }

  /// Whether the numbers stand with the most significant byte first; files without a word on it do not.
  private static func isBigEndian(_ archive: ZipArchive, folder: String) throws(PyTorchError) -> Bool {
    guard let entry = archive[folder + "byteorder"] else { return false }
    switch Array(try bytes(of: entry, in: archive, limit: 64)) {
    case Array("little".utf8): return false
    case Array("big".utf8): return true
    default: throw .unknownByteOrder(path: archive.path)
    }
  }

  private static func bytes(
    of storage: PickleStorage, in archive: ZipArchive, folder: String
  ) throws(PyTorchError) -> ByteString {
    let size = try storage.byteCount(path: archive.path)
    guard let entry = archive["\(folder)data/\(storage.key)"] else {
      throw .missingStorage(path: archive.path, key: storage.key)
    }
    guard entry.uncompressedSize == size else {
      throw .wrongStorageSize(
        path: archive.path, key: storage.key, expected: size, found: entry.uncompressedSize)
    }
    return try bytes(of: entry, in: archive, limit: limit(of: entry, ratio: packedStorageRatio))
  }

  /// How many bytes an entry may unpack to.
  private static func limit(of entry: ZipEntry, ratio: Int) -> Int {
    let (product, overflows) = entry.compressedSize.multipliedReportingOverflow(by: ratio)
    return overflows ? .max : max(smallEntry, product)
  }

  /// The bytes of an entry, in place where it is stored as it is, compared with its checksum. PyTorch can be told
  /// not to compute any, and then writes 0.
  private static func bytes(
    of entry: ZipEntry, in archive: ZipArchive, limit: Int
  ) throws(PyTorchError) -> ByteString {
    if let range = entry.storedRange {
      if entry.crc32 != 0 {
        do { try archive.verify(entry) } catch { throw .zip(error) }
      }
      return ByteString(archive.file)[range]
    }
    do { return ByteString(try archive.read(entry, limit: limit)) } catch { throw .zip(error) }
  }
}

extension PickleStorage {
  /// The number of bytes, which the pickle may claim beyond all bounds.
  func byteCount(path: String) throws(PyTorchError) -> Int {
    guard let extent = elementType.extent(ofShape: [elementCount]) else {
      throw .wrongStorageSize(path: path, key: key, expected: .max, found: 0)
    }
    return extent.bytes
  }
}
