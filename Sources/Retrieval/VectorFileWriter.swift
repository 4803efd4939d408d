internal import DataFormats
import Foundation
internal import Tensors

/// Appends rows behind the committed ones of a vector file.
///
/// What an earlier writer left behind them, killed before it committed, is cut off first. Only the holder of the
/// index's lock may have one.
final class VectorFileWriter {
  private let path: String
  private let header: VectorFileHeader
  /// Open for writing for as long as the object lives.
  private let descriptor: Int32
  /// The number format of the rows.
  var precision: Precision { header.precision }
  /// The rows that are committed or appended.
  private(set) var rowCount: Int

  /// Makes the file, with its header flushed to disk; nothing may be there but what no catalogue knows of.
  init(creating path: String, header: VectorFileHeader) throws {
    self.path = path
    self.header = header
    rowCount = 0
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(code: errno, path: path, operation: .write) }
    try write(header.bytes, at: 0)
    try synchronize()
    let code = OpenFile.synchronizeFolder(FilePath.folder(of: path))
    guard code == 0 else { throw FileError(code: code, path: path, operation: .synchronize) }
  }

  /// Opens the file to append behind its first `committed` rows.
  init(appendingTo path: String, header: VectorFileHeader, committed: Int, index: String) throws {
    self.path = path
    self.header = header
    rowCount = committed
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(code: errno, path: path, operation: .open) }
    // The length and the header are checked by the mapping.
    _ = try VectorTable(path: path, header: header, count: committed, index: index)
    try truncate(rows: committed)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Appends rows [n, D]; on an error what was written of them is cut off again.
  func append(_ rows: Operand) throws {
    precondition(rows.columns == header.columns && rows.precision == header.precision, "rows of another file")
    guard rowCount + rows.rows < Int(Int32.max) else {
      throw IndexError.full(path: FilePath.folder(of: path))
    }
    do {
      try rows.withContiguousBytes { try write($0, at: header.byteCount(rows: rowCount)) }
    } catch {
      try? truncate(rows: rowCount)
      throw error
    }
    rowCount += rows.rows
  }

  /// Flushes what was appended to disk.
  func synchronize() throws {
    let code = OpenFile.synchronize(descriptor)
    guard code == 0 else { throw FileError(code: code, path: path, operation: .synchronize) }
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws {
    try bytes.withUnsafeBytes { try write($0, at: offset) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    let code = OpenFile.write(bytes, to: descriptor, at: offset)
    guard code == 0 else { throw FileError(code: code, path: path, operation: .write) }
  }

  private func truncate(rows: Int) throws {
    guard ftruncate(descriptor, off_t(header.byteCount(rows: rows))) == 0 else {
      throw FileError(code: errno, path: path, operation: .write)
    }
  }
}
