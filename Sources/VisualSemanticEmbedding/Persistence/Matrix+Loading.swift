internal import Tensors

extension Matrix {
  /// Overwrites the numbers, row after row, with the bytes of as many float32 numbers.
  func assign(float32 bytes: UnsafeRawBufferPointer) {
    let size = columns * MemoryLayout<Float>.stride
    precondition(bytes.count == rows * size, "as many numbers as the matrix has")
    for row in 0..<rows {
      let source = UnsafeRawBufferPointer(rebasing: bytes[row * size..<(row + 1) * size])
      rows(row..<row + 1).withUnsafeMutableElements {
        UnsafeMutableRawBufferPointer($0).copyMemory(from: source)
      }
    }
  }

  /// Overwrites the numbers with those of a matrix [columns, rows], rows for columns.
  func assign(transposed other: Matrix) {
    precondition(rows == other.columns && columns == other.rows, "shapes differ")
    for column in 0..<columns {
      for (row, value) in other.rowValues(column).enumerated() { self[row, column] = value }
    }
  }
}
