public import DataFormats

/// Image features in a mapped .npy file, [N, I] of float16 or float32, of which rows are gathered as float32.
///
/// Nothing is read before it is asked for, so that a table larger than the memory can be used; the rows stay
/// in the system's page cache and are no memory of the process's own.
public final class FeatureTable: Sendable {
  /// The path of the file.
  public let path: String
  /// The number of rows, N, which may be 0; the file has `cropCount` times as many.
  public let rowCount: Int
  /// The number of features of a row, I, at least 1.
  public let columnCount: Int
  /// How many rows of the file make a row of the table: those of the crops of an image, which follow each other.
  public let cropCount: Int
  /// Either float16 or float32.
  public let elementType: ArrayElementType
  // Invariant: two dimensions, [rowCount · cropCount, columnCount], of `elementType`.
  private let array: ArrayData

  private var rowByteCount: Int { columnCount * elementType.byteCount }

  /// Maps the .npy file at `path`; throws unless it holds float16 or float32 in two dimensions, in C order, and its
  /// rows are a multiple of `crops`, 1 or more.
  public init(path: String, crops: Int = 1) throws(FeatureTableError) {
    precondition(crops >= 1, "a row has at least one crop")
    do { array = try NumpyArray.read(path: path) } catch { throw .array(error) }
    guard array.shape.count == 2 else { throw .wrongShape(path: path, shape: array.shape) }
    guard array.elementType == .float32 || array.elementType == .float16 else {
      throw .wrongElementType(path: path, found: array.elementType)
    }
    guard array.shape[1] > 0 else { throw .noColumns(path: path, rowCount: array.shape[0]) }
    guard array.shape[0] % crops == 0 else {
      throw .rowsAreNoMultiple(path: path, rowCount: array.shape[0], crops: crops)
    }
    self.path = path
    cropCount = crops
    rowCount = array.shape[0] / crops
    columnCount = array.shape[1]
    elementType = array.elementType
  }

  /// Copies the given rows, each in 0..<rowCount, into `destination` [rows.count, I] as float32: of an image with
  /// several crops the mean, or the one that `crops` names for each row, in 0..<cropCount.
  ///
  /// Throws when an element of them is NaN or infinite. What `destination` then holds is not specified.
  public func gather(
    rows: [Int], crops: [Int]? = nil, into destination: UnsafeMutableBufferPointer<Float>
  ) throws(FeatureTableError) {
    precondition(
      destination.count == rows.count * columnCount, "the destination must hold exactly the rows asked for")
    precondition(
      crops.map { $0.count == rows.count && $0.allSatisfy { (0..<cropCount).contains($0) } } ?? true,
      "a crop of the row's for each row")
    try array.withUnsafeBytes { (bytes) throws(FeatureTableError) in
      for (index, row) in rows.enumerated() {
        precondition(row >= 0 && row < rowCount, "the row must be one of the table's")
        let begin = index * columnCount
        let target = UnsafeMutableBufferPointer(rebasing: destination[begin..<begin + columnCount])
        let first = row * cropCount
        if let crops {
          try copy(row: first + crops[index], of: bytes, into: target)
        } else if cropCount == 1 {
          try copy(row: first, of: bytes, into: target)
        } else {
          try average(rows: first..<first + cropCount, of: bytes, into: target)
        }
      }
    }
  }

  /// Copies a row of the file.
  private func copy(
    row: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>
  ) throws(FeatureTableError) {
    copy(self.bytes(ofRows: row..<row + 1, in: bytes), into: target)
    try checkFinite(rows: row..<row + 1, in: bytes)
  }

  /// The mean of rows of the file.
  private func average(
    rows: Range<Int>, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>
  ) throws(FeatureTableError) {
    try checkFinite(rows: rows, in: bytes)
    // Divided before they are added: the sum of finite numbers may not be one.
    let share = 1 / Float(rows.count)
    target.update(repeating: 0)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: columnCount) { values in
      values.initialize(repeating: 0)
      for row in rows {
        copy(self.bytes(ofRows: row..<row + 1, in: bytes), into: values)
        for column in 0..<columnCount { target[column] += share * values[column] }
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
      let fileRows = rowCount * cropCount
      while row < fileRows {
        let end = row + min(rowsPerBlock, fileRows - row)
        try checkFinite(rows: row..<end, in: bytes)
        row = end
        progress(row / cropCount)
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
  /// Whether two rows, each in 0..<rowCount, hold the same bytes, all crops of them.
  public func rowsAreEqual(_ first: Int, _ second: Int) -> Bool {
    precondition(min(first, second) >= 0 && max(first, second) < rowCount, "rows must be of the table's")
    return array.withUnsafeBytes { bytes in
      self.bytes(ofRows: first * cropCount..<(first + 1) * cropCount, in: bytes)
        .elementsEqual(self.bytes(ofRows: second * cropCount..<(second + 1) * cropCount, in: bytes))
    }
  }
}

extension FeatureTable {
  /// A hash of the numbers of a row in 0..<rowCount as float32, all crops of it: equal rows of any tables have equal
  /// ones, and others as good as never (XXH64).
  func fingerprint(ofRow row: Int) -> UInt64 {
    precondition(row >= 0 && row < rowCount, "the row must be one of the table's")
    return array.withUnsafeBytes { bytes in
      let numbers = self.bytes(ofRows: row * cropCount..<(row + 1) * cropCount, in: bytes)
      var hash = XXHash64()
      withUnsafeTemporaryAllocation(of: Float.self, capacity: cropCount * columnCount) { values in
        values.initialize(repeating: 0)
        copy(numbers, into: values)
        hash.update(UnsafeRawBufferPointer(values))
      }
      return hash.finalized()
    }
  }
}
