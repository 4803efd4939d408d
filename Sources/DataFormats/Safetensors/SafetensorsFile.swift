/// The named arrays and the metadata of a [safetensors](https://github.com/huggingface/safetensors) file.
public struct SafetensorsFile: Sendable {
  /// The names of the tensors in the order of their data.
  public let names: [String]
  /// The strings of `__metadata__`, without those of the checksum when there is one.
  public let metadata: [String: String]
  /// Whether the file stated a checksum and it was found right.
  public let isVerified: Bool
  private let tensors: [String: ArrayData]

  /// The tensor with this name, if there is one; its bytes are mapped from the file.
  public subscript(name: String) -> ArrayData? { tensors[name] }

  /// Maps the file at `path` and reads its header.
  ///
  /// The header is checked whole: every tensor's type, shape and place, and that they fill the file without
  /// gaps and overlaps. With `verifyingChecksum` the bytes are also compared with the checksum that
  /// `write(_:metadata:to:)` left, where there is one; this reads the whole file. Throws on any fault.
  public static func read(
    path: String, verifyingChecksum: Bool = true
  ) throws(SafetensorsError) -> SafetensorsFile {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw .file(error) }
    return try read(file, verifyingChecksum: verifyingChecksum)
  }

  /// The same for a file that is already mapped.
  package static func read(
    _ file: MappedFile, verifyingChecksum: Bool = true
  ) throws(SafetensorsError) -> SafetensorsFile {
    let path = file.path
    let header = try SafetensorsHeader(file)
    var metadata = header.metadata
    var isVerified = false
    if verifyingChecksum, let stated = try ChecksumKeys.stated(in: metadata, path: path) {
      guard let range = header.checksumRange, range.count == ChecksumKeys.placeholder.count else {
        throw .unknownChecksum(path: path)
      }
      let found = ChecksumKeys.computed(of: file, digitsAt: range)
      guard found == stated else { throw .checksumMismatch(path: path, expected: stated, found: found) }
      isVerified = true
    }
    if metadata[ChecksumKeys.algorithm] == ChecksumKeys.algorithmName {
      metadata[ChecksumKeys.value] = nil
      metadata[ChecksumKeys.algorithm] = nil
    }
    var tensors: [String: ArrayData] = [:]
    for entry in header.entries {
      tensors[entry.name] = ArrayData(
        elementType: entry.elementType, shape: entry.shape, elementCount: entry.elementCount, file: file,
        offset: header.dataOffset + entry.begin)
    }
    return SafetensorsFile(
      names: header.entries.map(\.name), metadata: metadata, isVerified: isVerified, tensors: tensors)
  }
}
