/// What the header of a safetensors file says, checked against the size of its data.
struct SafetensorsHeader {
  /// A tensor and the place of its bytes within the data.
  struct Entry {
    var name: String
    var elementType: ArrayElementType
    var shape: [Int]
    var elementCount: Int
    var begin: Int
    var end: Int
  }

  /// The tensors in the order of their data.
  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]
  /// Where the digits of the checksum stand in the file, between their quotation marks.
  private(set) var checksumRange: Range<Int>?
  /// Where the data begins in the file.
  let dataOffset: Int

  /// The limit of the format's reference implementation.
  static let lengthLimit = 100_000_000
  /// NumPy and PyTorch have no arrays of more dimensions.
  static let dimensionLimit = 64
  static let metadataKey = "__metadata__"

  init(_ file: MappedFile) throws(SafetensorsError) {
    let path = file.path
    guard file.count >= 8 else { throw .truncatedHeader(path: path, missing: UInt64(8 - file.count)) }
    let length = file.withBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= UInt64(Self.lengthLimit) else {
      throw .headerTooLong(path: path, length: length, limit: Self.lengthLimit)
    }
    dataOffset = 8 + Int(length)
    guard dataOffset <= file.count else {
      throw .truncatedHeader(path: path, missing: UInt64(dataOffset - file.count))
    }
    let end = dataOffset
    var scanner = SafetensorsHeaderScanner(
      text: file.withBytes { Array($0[8..<end]) }, path: path, textOffset: 8)
    try read(&scanner, path: path, dataCount: file.count - dataOffset)
    try checkContiguity(path: path, dataCount: file.count - dataOffset)
  }

  private mutating func read(
    _ scanner: inout SafetensorsHeaderScanner, path: String, dataCount: Int
  ) throws(SafetensorsError) {
    var seen: Set<String> = []
    var isFirst = true
    try scanner.beginHeader()
    while let (key, offset) = try scanner.nextKey(isFirst: &isFirst) {
      guard seen.insert(key).inserted else { throw .duplicateKey(path: path, offset: offset, key: key) }
      if key == Self.metadataKey {
        try readMetadata(&scanner, path: path)
      } else {
        entries.append(try Self.entry(key, &scanner, path: path, dataCount: dataCount))
      }
    }
    try scanner.end()
  }

  private mutating func readMetadata(
    _ scanner: inout SafetensorsHeaderScanner, path: String
  ) throws(SafetensorsError) {
    var isFirst = true
    try scanner.beginObject()
    while let (key, offset) = try scanner.nextKey(isFirst: &isFirst) {
      let value = try scanner.string()
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw .duplicateKey(path: path, offset: offset, key: key)
      }
      if key == ChecksumKeys.value {
        // Right only when the string has no escapes, which the digits of a checksum never have.
        let end = scanner.offset - 1
        checksumRange = max(8, end - value.utf8.count)..<end
      }
    }
  }

  private static func entry(
    _ name: String, _ scanner: inout SafetensorsHeaderScanner, path: String, dataCount: Int
  ) throws(SafetensorsError) -> Entry {
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    var isFirst = true
    try scanner.beginObject()
    while let (key, offset) = try scanner.nextKey(isFirst: &isFirst) {
      let isRepeated: Bool
      switch key {
      case "dtype":
        isRepeated = type != nil
        type = try scanner.string()
      case "shape":
        isRepeated = shape != nil
        shape = try scanner.numbers(limit: dimensionLimit)
      case "data_offsets":
        isRepeated = offsets != nil
        let numbers = try scanner.numbers(limit: 2)
        guard numbers.count == 2 else { throw scanner.malformed("two data offsets before this place") }
        offsets = numbers
      default: throw .unknownKey(path: path, offset: offset, tensor: name, key: key)
      }
      guard !isRepeated else { throw .duplicateKey(path: path, offset: offset, key: key) }
    }
    guard let type else { throw .missingKey(path: path, tensor: name, key: "dtype") }
    guard let shape else { throw .missingKey(path: path, tensor: name, key: "shape") }
    guard let offsets else { throw .missingKey(path: path, tensor: name, key: "data_offsets") }
    guard let elementType = ArrayElementType(safetensorsName: type) else {
      throw .unknownElementType(path: path, tensor: name, name: type)
    }
    guard let extent = elementType.extent(ofShape: shape) else {
      throw .impossibleShape(path: path, tensor: name, shape: shape)
    }
    let (begin, end) = (offsets[0], offsets[1])
    guard begin <= end, end <= dataCount else {
      throw .offsetsOutOfRange(path: path, tensor: name, begin: begin, end: end, limit: dataCount)
    }
    guard end - begin == extent.bytes else {
      throw .wrongByteCount(path: path, tensor: name, expected: extent.bytes, found: end - begin)
    }
    return Entry(
      name: name, elementType: elementType, shape: shape, elementCount: extent.elements, begin: begin,
      end: end)
  }

  /// Sorts the tensors by place; each must begin where the one before ends, and the last end with the file.
  private mutating func checkContiguity(path: String, dataCount: Int) throws(SafetensorsError) {
    // Empty tensors share their place with the next one; the sort is stable and keeps their order.
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var place = 0
    for entry in entries {
      guard entry.begin == place else {
        throw .notContiguous(path: path, tensor: entry.name, expected: place, found: entry.begin)
      }
      place = entry.end
    }
    guard place == dataCount else {
      throw .trailingBytes(path: path, offset: dataOffset + place, count: dataCount - place)
    }
  }
}
