/// Writes the header of a safetensors file: the metadata first, then the tensors in the order of their data.
struct SafetensorsHeaderBuilder {
  private let path: String
  private var text: [UInt8] = []
  private var names: Set<String> = [SafetensorsHeader.metadataKey]
  /// Where the next tensor begins within the data.
  private var place = 0
  /// Where the sixteen digits of the checksum, at first zeros, stand in the file.
  private(set) var checksumRange = 0..<0

  init(path: String) { self.path = path }

  /// Writes the metadata, sorted by the bytes of the keys, with a place for the checksum.
  mutating func add(metadata: [String: String]) throws(SafetensorsError) {
    for key in [ChecksumKeys.value, ChecksumKeys.algorithm] where metadata[key] != nil {
      throw .unusableName(path: path, name: key)
    }
    var members = Array(metadata)
    members.append((ChecksumKeys.value, String(decoding: ChecksumKeys.placeholder, as: UTF8.self)))
    members.append((ChecksumKeys.algorithm, ChecksumKeys.algorithmName))
    members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    append("{")
    appendString(SafetensorsHeader.metadataKey)
    append(":{")
    for (index, (key, value)) in members.enumerated() {
      if index > 0 { append(",") }
      appendString(key)
      append(":")
      appendString(value)
      if key == ChecksumKeys.value {
        // The text is preceded by its length in eight bytes and followed by a quotation mark.
        let end = 8 + text.count - 1
        checksumRange = end - ChecksumKeys.placeholder.count..<end
      }
    }
    append("}")
  }

  /// Writes the entry of the tensor whose data comes next.
  mutating func add(_ tensor: SafetensorsTensor) throws(SafetensorsError) {
    guard names.insert(tensor.name).inserted else { throw .unusableName(path: path, name: tensor.name) }
    let extent = tensor.elementType.extent(ofShape: tensor.shape)
    guard tensor.shape.count <= SafetensorsHeader.dimensionLimit, let extent,
      case (let end, let overflow) = place.addingReportingOverflow(extent.bytes), !overflow
    else {
      throw .impossibleShape(path: path, tensor: tensor.name, shape: tensor.shape)
    }
    let shape = tensor.shape.map(String.init).joined(separator: ",")
    append(",")
    appendString(tensor.name)
    append(":{\"dtype\":\"\(tensor.elementType.safetensorsName)\",\"shape\":[\(shape)],")
    append("\"data_offsets\":[\(place),\(end)]}")
    place = end
  }

  /// The beginning of the file: the header's length, the header, and spaces up to a multiple of 64.
  func finished() -> [UInt8] {
    let end = (8 + text.count + 1 + 63) / 64 * 64
    let spaces = [UInt8](repeating: UInt8(ascii: " "), count: end - 8 - text.count - 1)
    let length = UInt64(end - 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text + [UInt8(ascii: "}")] + spaces
  }

  private mutating func append(_ string: String) { text.append(contentsOf: string.utf8) }

  /// Appends a JSON string, escaping what JSON demands and no more.
  private mutating func appendString(_ string: String) {
    append("\"")
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(contentsOf: [UInt8(ascii: "\\"), byte])
      case 0..<0x20: append("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
      default: text.append(byte)
      }
    }
    append("\"")
  }
}
