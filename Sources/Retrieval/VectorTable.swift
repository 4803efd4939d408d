internal import DataFormats
internal import Tensors

/// The committed rows of a vector file, mapped: [rows, D].
///
/// The file grows behind the rows that are seen here and is never changed within them; a compaction writes a new file
/// and takes the name of this one away, which stays readable until the mapping goes.
struct VectorTable {
  /// The rows, of unit norm.
  let rows: Operand

  /// Maps the first `count` rows of the file at `path`, which must have the given header.
  init(path: String, header: VectorFileHeader, count: Int, index: String) throws {
    let file = try MappedFile(path: path)
    let problem: String? = file.withBytes { bytes in
      header.difference(from: bytes)
        ?? (bytes.count < header.byteCount(rows: count)
          ? "the file has \(bytes.count) bytes, and \(count) rows need \(header.byteCount(rows: count))"
          : nil)
    }
    if let problem { throw IndexError.damagedVectors(path: path, index: index, reason: problem) }
    rows = file.withBytes { bytes in
      // The operand keeps the file, and the file its mapping.
      Operand(
        borrowing: UnsafeRawBufferPointer(
          rebasing: bytes[VectorFileHeader.byteCount..<header.byteCount(rows: count)]), owner: file,
        rows: count,
        columns: header.columns, precision: header.precision)
    }
  }

  /// XXH64 of the bytes of a row, as a signed number, which SQLite has.
  func checksum(ofRow row: Int) -> Int64 { rows.withRowBytes(row) { Checksum.of($0) } }
}

/// XXH64 as the catalogue keeps it.
enum Checksum {
  static func of(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    var hash = XXHash64()
    hash.update(bytes)
    return Int64(bitPattern: hash.finalized())
  }

  static func of(_ bytes: [UInt8]) -> Int64 { bytes.withUnsafeBytes { of($0) } }
}
