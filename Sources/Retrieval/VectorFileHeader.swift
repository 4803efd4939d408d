internal import DataFormats
internal import Tensors

/// The first page of a vector file: what its rows are. Little-endian.
///
/// | bytes | hold |
/// | --- | --- |
/// | 0..<8 | `VSEVECTR` |
/// | 8..<12 | the version, 1 |
/// | 12..<16 | the number format: 1 float32, 2 bfloat16 |
/// | 16..<24 | D, the numbers of a row |
/// | 24..<32 | the generation, counted up by each compaction |
/// | 32..<40 | XXH64 of bytes 0..<32 |
/// | to 4096 | zeros, so that rows begin at a page |
struct VectorFileHeader: Equatable {
  var precision: Precision
  var columns: Int
  var generation: Int

  static let byteCount = 4096
  private static let magic = Array("VSEVECTR".utf8)
  private static let version: UInt32 = 1

  /// The bytes of a row.
  var rowByteCount: Int { columns * precision.bytesOfNumber }

  /// The length of a file of so many rows.
  func byteCount(rows: Int) -> Int { Self.byteCount + rows * rowByteCount }

  /// The page.
  var bytes: [UInt8] {
    var bytes = Self.magic
    func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
    append(Self.version)
    append(UInt32(precision == .float32 ? 1 : 2))
    append(UInt64(columns))
    append(UInt64(generation))
    append(Self.checksum(bytes))
    return bytes + [UInt8](repeating: 0, count: Self.byteCount - bytes.count)
  }

  /// Why the first bytes of a file are not this header, or nil when they are.
  func difference(from found: UnsafeRawBufferPointer) -> String? {
    guard found.count >= Self.byteCount else { return "the file is shorter than its header" }
    if found.starts(with: bytes) { return nil }
    if !found.starts(with: Self.magic) { return "this is no vector file" }
    return "the header is damaged, or another index's"
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt64 {
    var hash = XXHash64()
    hash.update(bytes)
    return hash.finalized()
  }
}
