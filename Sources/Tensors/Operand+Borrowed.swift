internal import CKernels

extension Operand {
  /// Rows [rows, columns] without gaps that lie in memory of another object, such as a mapped file.
  ///
  /// `bytes` must stay where it is for as long as `owner` lives, and is only read: such an operand serves as a
  /// factor and is searched, but never assigned to.
  package init(
    borrowing bytes: UnsafeRawBufferPointer, owner: AnyObject, rows: Int, columns: Int, precision: Precision
  ) {
    guard rows > 0 else {
      self.init(rows: 0, columns: columns, precision: precision)
      return
    }
    self.init(
      buffer: AlignedBuffer(borrowing: bytes, owner: owner), offset: 0, rows: rows, columns: columns,
      stride: columns, precision: precision)
  }

  /// The numbers of a row in Float32.
  package func rowValues(_ row: Int) -> [Float] { rows(row..<row + 1).float32Copy().values }

  /// Calls `body` with the bytes of a row; the pointer is valid only within the call.
  package func withRowBytes<Result>(_ row: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    precondition(row >= 0 && row < rows, "row out of range")
    let size = precision.byteCount
    defer { withExtendedLifetime(buffer) {} }
    return body(UnsafeRawBufferPointer(start: address + row * stride * size, count: columns * size))
  }

  /// The vectors as C kernels and the graph of CHNSW see them: valid while the operand is alive.
  package var baseAddress: UnsafeRawPointer { UnsafeRawPointer(address) }
}

extension Precision {
  /// The bytes of a number.
  package var bytesOfNumber: Int { byteCount }
}

extension Operand {
  /// Calls `body` with the bytes of all rows, which must have no gaps; the pointer is valid only within the call.
  package func withContiguousBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    precondition(stride == columns || rows <= 1, "rows without gaps")
    defer { withExtendedLifetime(buffer) {} }
    return try body(UnsafeRawBufferPointer(start: address, count: rows * columns * precision.byteCount))
  }
}

extension Operand {
  /// Reads all bytes on all threads and does nothing else: what the memory gives at most. For benchmarks.
  package func readAll() {
    let words = rows * stride * precision.byteCount / 8
    let pointer = UnsafeRawPointer(address).assumingMemoryBound(to: UInt64.self)
    Parallel.forEachRange(of: words, grain: 1 << 20) { range in
      // The result must be used somehow, or the compiler leaves out the reading.
      if ck_read(pointer + range.lowerBound, range.count) == 1 { withExtendedLifetime(buffer) {} }
    }
  }
}
