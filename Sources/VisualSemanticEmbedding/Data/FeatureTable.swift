public import DataFormats

/// Image features in a mapped .npy file, [N, I] of float16 or float32, of which rows are gathered as float32.
///
/// Nothing is read before it is asked for, so that a table larger than the memory can be used; the rows stay
/// in the system's page cache and are no memory of the process's own.
public final class FeatureTable: Sendable {
  /// The path of the file.
  public let path: String
  /// The number of rows, N, which may be 0.
  public let rowCount: Int
  /// The number of features of a row, I, at least 1.
  public let columnCount: Int
  /// Either float16 or float32.
  public let elementType: ArrayElementType
  // Invariant: two dimensions, [rowCount, columnCount], of `elementType`.
  private let array: ArrayData

  private var rowByteCount: Int { columnCount * elementType.byteCount }

  /// Maps the .npy file at `path`; throws unless it holds float16 or float32 in two dimensions, in C order.
  public init(path: String) throws(FeatureTableError) {
    do { array = try NumpyArray.read(path: path) } catch { throw .array(error) }
    guard array.shape.count == 2 else { throw .wrongShape(path: path, shape: array.shape) }
    guard array.elementType == .float32 || array.elementType == .float16 else {
      throw .wrongElementType(path: path, found: array.elementType)
    }
    guard array.shape[1] > 0 else { throw .noColumns(path: path, rowCount: array.shape[0]) }
    self.path = path
    rowCount = array.shape[0]
    columnCount = array.shape[1]
    elementType = array.elementType
  }

  /// Copies the given rows, each in 0..<rowCount, into `destination` [rows.count, I] as float32.
  ///
  /// Throws when an element of them is NaN or infinite. What `destination` then holds is not specified.
  public func gather(
    rows: [Int], into destination: UnsafeMutableBufferPointer<Float>
  ) throws(FeatureTableError) {
    precondition(
      destination.count == rows.count * columnCount, "the destination must hold exactly the rows asked for")
    try array.withUnsafeBytes { (bytes) throws(FeatureTableError) in
      for (index, row) in rows.enumerated() {
        precondition(row >= 0 && row < rowCount, "the row must be one of the table's")
        let begin = index * columnCount
        copy(
          self.bytes(ofRows: row..<row + 1, in: bytes),
          into: UnsafeMutableBufferPointer(rebasing: destination[begin..<begin + columnCount]))
        try checkFinite(rows: row..<row + 1, in: bytes)
      }
    }
  }

  /// Reads the whole table and throws at the first element that is NaN or infinite.
  ///
  /// `progress` is told after each few megabytes how many rows have been checked.
  public func validate(progress: (_ rowsChecked: Int) -> Void = { _ in }) throws(FeatureTableError) {
    let rowsPerBlock = max(1, (4 << 20) / rowByteCount)
    array.mappedFile?.advise(.sequential)
    defer { array.mappedFile?.advise(.normal) }
    try array.withUnsafeBytes { (bytes) throws(FeatureTableError) in
      var row = 0
      while row < rowCount {
        let end = row + min(rowsPerBlock, rowCount - row)
        try checkFinite(rows: row..<end, in: bytes)
        row = end
        progress(row)
      }
    }
  }

  private func bytes(
    ofRows rows: Range<Int>, in bytes: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    // Neither product overflows, as both are at most the size of the file.
    UnsafeRawBufferPointer(rebasing: bytes[rows.lowerBound * rowByteCount..<rows.upperBound * rowByteCount])
  }

  private func copy(_ source: UnsafeRawBufferPointer, into row: UnsafeMutableBufferPointer<Float>) {
    if elementType == .float16 {
      HalfPrecision.convertFloat16(source, into: row)
    } else {
      UnsafeMutableRawBufferPointer(row).copyMemory(from: source)
    }
  }

  private func checkFinite(
    rows: Range<Int>, in bytes: UnsafeRawBufferPointer
  ) throws(FeatureTableError) {
    let block = self.bytes(ofRows: rows, in: bytes)
    let isFinite =
      elementType == .float16 ? FiniteScan.allFinite(float16: block) : FiniteScan.allFinite(float32: block)
    guard !isFinite else { return }
    let values = [Float](unsafeUninitializedCapacity: rows.count * columnCount) { buffer, count in
      count = rows.count * columnCount
      copy(block, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
    }
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(
      path: path, row: rows.lowerBound + index / columnCount, column: index % columnCount,
      value: values[index].isNaN ? "NaN" : "\(values[index])")
  }
}

extension FeatureTable {
  /// Whether two rows, each in 0..<rowCount, hold the same bytes.
  public func rowsAreEqual(_ first: Int, _ second: Int) -> Bool {
    precondition(min(first, second) >= 0 && max(first, second) < rowCount, "rows must be of the table's")
    return array.withUnsafeBytes { bytes in
      self.bytes(ofRows: first..<first + 1, in: bytes)
        .elementsEqual(self.bytes(ofRows: second..<second + 1, in: bytes))
    }
  }
}
