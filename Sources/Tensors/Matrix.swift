/// A row-major block of Float32 numbers: a window onto shared memory.
///
/// Copies of a `Matrix` share its numbers, as in NumPy, so that a layer's weights can be a window into the
/// one buffer that the optimiser, the clipping and the files see; `copy()` makes independent numbers. It is
/// not `Sendable`: the compiler keeps two threads from sharing one.
public struct Matrix {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The number of elements from the start of one row to the start of the next.
  public let stride: Int
  let buffer: AlignedBuffer
  let offset: Int

  init(buffer: AlignedBuffer, offset: Int, rows: Int, columns: Int, stride: Int) {
    precondition(rows >= 0 && columns >= 0 && stride >= columns && offset >= 0, "invalid matrix shape")
    let end = rows == 0 || columns == 0 ? offset : offset + (rows - 1) * stride + columns
    precondition(end * MemoryLayout<Float>.stride <= buffer.byteCount, "matrix exceeds its buffer")
    self.buffer = buffer
    self.offset = offset
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// A matrix of zeros, [rows, columns].
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have a negative size")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    precondition(!overflow && count < Int.max / 8, "matrix too large")
    self.init(
      buffer: AlignedBuffer(byteCount: count * MemoryLayout<Float>.stride), offset: 0, rows: rows,
      columns: columns, stride: columns)
  }

  /// A matrix of the given numbers, row after row; there must be rows · columns of them.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == rows * columns, "\(values.count) values for [\(rows), \(columns)]")
    self.init(rows: rows, columns: columns)
    values.withUnsafeBufferPointer { source in
      if let start = source.baseAddress { pointer.update(from: start, count: source.count) }
    }
  }

  /// The address of the first element; see `AlignedBuffer` for how long it may be used.
  var pointer: UnsafeMutablePointer<Float> {
    buffer.base.assumingMemoryBound(to: Float.self) + offset
  }

  /// Whether the numbers stand in one piece, without gaps between rows.
  public var isContiguous: Bool { stride == columns || rows <= 1 }
  /// The number of numbers.
  public var count: Int { rows * columns }

  /// The number in a row and a column; indices are checked.
  public subscript(row: Int, column: Int) -> Float {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "index out of range")
      return pointer[row * stride + column]
    }
    nonmutating set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "index out of range")
      pointer[row * stride + column] = newValue
    }
  }

  /// A window onto some rows.
  public func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows out of range")
    return Matrix(
      buffer: buffer, offset: offset + range.lowerBound * stride, rows: range.count, columns: columns,
      stride: stride)
  }

  /// A window onto some columns.
  public func columns(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns out of range")
    return Matrix(
      buffer: buffer, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride)
  }

  /// The numbers, row after row.
  public var values: [Float] {
    var result: [Float] = []
    result.reserveCapacity(count)
    for row in 0..<rows { result.append(contentsOf: rowValues(row)) }
    return result
  }

  /// The numbers of one row.
  public func rowValues(_ row: Int) -> [Float] {
    precondition(row >= 0 && row < rows, "row out of range")
    return Array(UnsafeBufferPointer(start: pointer + row * stride, count: columns))
  }

  /// A contiguous matrix with its own copy of the numbers.
  public func copy() -> Matrix {
    let result = Matrix(rows: rows, columns: columns)
    result.assign(self)
    return result
  }

  /// Overwrites the numbers with those of a matrix of the same shape.
  public func assign(_ other: Matrix) {
    precondition(rows == other.rows && columns == other.columns, "shapes differ")
    for row in 0..<rows {
      (pointer + row * stride).update(from: other.pointer + row * other.stride, count: columns)
    }
  }

  /// Sets every number to `value`.
  public func fill(_ value: Float) {
    for row in 0..<rows { (pointer + row * stride).update(repeating: value, count: columns) }
  }

  /// Calls `body` with the numbers of a contiguous matrix; they must not be used after it returns.
  public func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(isContiguous, "only a contiguous matrix has its numbers in one piece")
    return try body(UnsafeMutableBufferPointer(start: pointer, count: count))
  }
}

extension Matrix {
  /// The same numbers of a contiguous matrix in another shape.
  public func reshaped(rows: Int, columns: Int) -> Matrix {
    precondition(isContiguous && rows * columns == count, "cannot be reshaped")
    return Matrix(buffer: buffer, offset: offset, rows: rows, columns: columns, stride: columns)
  }
}
