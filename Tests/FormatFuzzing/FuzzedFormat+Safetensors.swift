internal import DataFormats
internal import TestSupport

extension FuzzedFormat {
  static func safetensors() throws -> FuzzedFormat {
    FuzzedFormat(
      name: "safetensors", seeds: try fixtures("safetensors", ".safetensors") + [withChecksum()],
      tokens: tokens([
        "{", "}", "[", "]", "\"", ",", ":", " ", "\\", "\\u0000", "\\uD800", "\"dtype\":", "\"shape\":",
        "\"data_offsets\":", "\"__metadata__\":", "\"F32\"", "\"BF16\"", "\"F8_E4M3\"", "\"checksum\":",
        "null",
        "\"t\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},",
      ]), repair: repairSafetensors
    ) { file in
      let read = try SafetensorsFile.read(file, verifyingChecksum: file.count % 2 == 0)
      for name in read.names { _ = try? read[name]?.float32Values() }
      return read.names.reduce(0) { $0 + (read[$1]?.byteCount ?? 0) }
    }
  }

  /// Lets the header end with the last brace.
  private static func repairSafetensors(_ bytes: inout [UInt8]) {
    guard bytes.count > 8, let end = bytes.lastIndex(of: UInt8(ascii: "}")), end >= 8 else { return }
    bytes.put(UInt32(end + 1 - 8), at: 0, size: 8)
  }

  /// A file as we write it, with the checksum that others do not have.
  private static func withChecksum() throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try SafetensorsFile.write(
      [
        SafetensorsTensor(name: "weights", ArrayData([1, -2, 3, 4, 5, 6.5] as [Float], shape: [2, 3])),
        SafetensorsTensor(name: "words", ArrayData(Array("one\ntwo".utf8))),
      ], metadata: ["configuration": "{\"dim\": 3}"], to: folder.path("x"))
    return try bytes(ofFile: folder.path("x"))
  }
}
