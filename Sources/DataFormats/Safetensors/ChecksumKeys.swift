/// How a checksum is kept in the metadata of a safetensors file.
///
/// It is the XXH64 of the whole file, read with zeros in the place of its own sixteen digits. There are two
/// keys, so that damage to the name of one cannot make the checksum disappear unseen.
enum ChecksumKeys {
  static let value = "checksum"
  static let algorithm = "checksum_algorithm"
  static let algorithmName = "xxh64"
  static let placeholder = [UInt8](repeating: UInt8(ascii: "0"), count: 16)

  /// Sixteen hexadecimal digits.
  static func text(_ checksum: UInt64) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The checksum that the metadata states, or nil when it states none; throws when it is unclear.
  static func stated(in metadata: [String: String], path: String) throws(SafetensorsError) -> UInt64? {
    switch (metadata[value], metadata[algorithm]) {
    case (nil, nil): return nil
    case (let digits?, algorithmName?):
      guard let checksum = UInt64(digits, radix: 16), text(checksum) == digits else { fallthrough }
      return checksum
    default: throw .unknownChecksum(path: path)
    }
  }

  /// The checksum that the file should state when its digits stand at `range`.
  static func computed(of file: MappedFile, digitsAt range: Range<Int>) -> UInt64 {
    var hash = XXHash64()
    file.withBytes { bytes in
      hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<range.lowerBound]))
      hash.update(placeholder)
      hash.update(UnsafeRawBufferPointer(rebasing: bytes[range.upperBound...]))
    }
    return hash.finalized()
  }
}
