/// Writes a float32 .npy file of shape [rows, columns] block by block, for arrays that need not fit in memory.
///
/// The file appears at its place with `finish()`; without it nothing is left behind.
public final class NumpyRowWriter {
  /// The number of rows the file will have.
  public let rowCount: Int
  /// The number of columns of each row.
  public let columnCount: Int
  /// The number of rows appended so far.
  public private(set) var rowsWritten = 0
  private let file: ReplacingFile

  /// Begins a file of `rowCount` rows, both counts at least 0 and their product countable.
  public init(path: String, rowCount: Int, columnCount: Int) throws(NumpyError) {
    let shape = [rowCount, columnCount]
    guard ArrayElementType.float32.extent(ofShape: shape) != nil else {
      throw .impossibleShape(path: path, shape: shape)
    }
    self.rowCount = rowCount
    self.columnCount = columnCount
    do {
      file = try ReplacingFile(path: path)
      try file.write(NumpyHeader.bytes(descriptor: "<f4", shape: shape))
    } catch {
      throw .file(error)
    }
  }

  /// Appends whole rows; throws when they are more than were announced or cannot be written.
  public func append(_ rows: UnsafeBufferPointer<Float>) throws(NumpyError) {
    guard !rows.isEmpty else { return }
    precondition(columnCount > 0 && rows.count % columnCount == 0, "only whole rows can be appended")
    let total = rowsWritten + rows.count / columnCount
    guard total <= rowCount else {
      throw .wrongRowCount(path: file.path, expected: rowCount, found: total)
    }
    do { try file.write(UnsafeRawBufferPointer(rows)) } catch { throw .file(error) }
    rowsWritten = total
  }

  /// Appends whole rows.
  public func append(_ rows: [Float]) throws(NumpyError) {
    try rows.withUnsafeBufferPointer { (buffer) throws(NumpyError) in try append(buffer) }
  }

  /// Puts the file in its place; throws when rows are missing, and then keeps nothing.
  public func finish() throws(NumpyError) {
    guard rowsWritten == rowCount || columnCount == 0 else {
      file.cancel()
      throw .wrongRowCount(path: file.path, expected: rowCount, found: rowsWritten)
    }
    do { try file.commit() } catch { throw .file(error) }
  }
}
