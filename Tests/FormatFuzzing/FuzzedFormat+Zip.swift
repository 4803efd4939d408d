internal import DataFormats
internal import TestSupport

extension FuzzedFormat {
  static func zip() throws -> FuzzedFormat {
    FuzzedFormat(name: "zip", seeds: try fixtures("zip", ".zip"), tokens: zipTokens, repair: repairZip) {
      file in
      let archive = try ZipArchive(file)
      var size = 0
      for entry in archive.entries {
        // What comes out before an error is really in the file.
        try? archive.extract(entry) { size += $0.count }
        _ = try? archive.read(entry)
      }
      return size
    }
  }

  static let zipTokens =
    tokens(["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}"])
    + [[1, 0, 16, 0], [8, 0], [0xFF, 0xFF, 0xFF, 0xFF]]

  /// Lets the end record point to the first entry of the directory, and the entries to the headers, one by one.
  static func repairZip(_ bytes: inout [UInt8]) {
    func places(_ signature: [UInt8]) -> [Int] {
      bytes.indices.dropLast(3).filter { bytes[$0] == 0x50 && bytes[$0..<$0 + 4].elementsEqual(signature) }
    }
    let locals = places([0x50, 0x4B, 3, 4])
    let centrals = places([0x50, 0x4B, 1, 2]).filter { $0 + 46 <= bytes.count }
    guard let end = places([0x50, 0x4B, 5, 6]).last, let first = centrals.first, end > first else { return }
    let zip64 = places([0x50, 0x4B, 6, 6]).last
    for (central, local) in Swift.zip(centrals, locals)
    where bytes[(central + 42)...].prefix(4) != [255, 255, 255, 255] {
      bytes.put(UInt32(local), at: central + 42, size: 4)
    }
    bytes.put(UInt32(centrals.count), at: end + 8, size: 2)
    bytes.put(UInt32(centrals.count), at: end + 10, size: 2)
    bytes.put(UInt32(max(0, (zip64 ?? end) - first)), at: end + 12, size: 4)
    bytes.put(UInt32(first), at: end + 16, size: 4)
    bytes.put(UInt32(max(0, bytes.count - end - 22)), at: end + 20, size: 2)
    guard let zip64 else { return }
    bytes.put(UInt32(centrals.count), at: zip64 + 24, size: 4)
    bytes.put(UInt32(centrals.count), at: zip64 + 32, size: 4)
    bytes.put(UInt32(max(0, zip64 - first)), at: zip64 + 40, size: 4)
    bytes.put(UInt32(first), at: zip64 + 48, size: 4)
    bytes.put(UInt32(zip64), at: end - 20 + 8, size: 4)
  }
}
