internal import DataFormats
internal import TestSupport

extension FuzzedFormat {
  static func npy() throws -> FuzzedFormat {
    FuzzedFormat(
      name: "npy", seeds: try fixtures("numpy", ".npy"),
      tokens: tokens([
        "{", "}", "(", ")", "[", "]", "'", "\"", ",", ":", " ", "\n", "\\", "'descr': ", "'fortran_order': ",
        "'shape': ", "True", "False", "'<f4'", "'>i8'", "'|O'", "'|b1'", "'<U3'", "[('a', '<f4')]", "()", "L",
      ]), repair: repairNumpy
    ) { file in
      let array = try NumpyArray.read(file, converting: true)
      _ = try? array.float32Values()
      return array.byteCount
    }
  }

  /// Lets the header end with the first line feed.
  private static func repairNumpy(_ bytes: inout [UInt8]) {
    guard bytes.count > 12, let end = bytes[8...].firstIndex(of: 0x0A), end > 12 else { return }
    let start = bytes[6] == 1 ? 10 : 12
    bytes.put(UInt32(end + 1 - start), at: 8, size: start - 8)
  }

  static func npz() throws -> FuzzedFormat {
    FuzzedFormat(
      name: "npz", seeds: try fixtures("numpy", ".npz"), tokens: zipTokens + [Array(".npy".utf8)],
      repair: repairZip
    ) { file in
      let archive = try NumpyArchive(file)
      return archive.members.enumerated().reduce(0) { sum, member in
        let (index, name) = (member.offset, member.element.name)
        // Without its checksum damage goes further.
        let array = try? archive.array(name, verifyingChecksum: index % 2 == 0)
        return sum + (array?.byteCount ?? 0)
      }
    }
  }
}
