internal import CKernels

/// The number format of the inputs of matrix products; sums are always Float32.
public enum Precision: String, Codable, Sendable, CaseIterable {
  /// The numbers as they are.
  case float32
  /// Inputs rounded to 8 bits of mantissa: about twice as fast where the CPU has AVX512-BF16.
  case bfloat16

  var byteCount: Int { self == .float32 ? 4 : 2 }
}

/// A matrix as an input of products, in the precision of the run: a window onto shared memory.
public struct Operand {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The number of elements from the start of one row to the start of the next.
  public let stride: Int
  /// The number format.
  public let precision: Precision
  let buffer: AlignedBuffer
  let offset: Int

  init(buffer: AlignedBuffer, offset: Int, rows: Int, columns: Int, stride: Int, precision: Precision) {
    precondition(rows >= 0 && columns >= 0 && stride >= columns && offset >= 0, "invalid operand shape")
    let end = rows == 0 || columns == 0 ? offset : offset + (rows - 1) * stride + columns
    precondition(end * precision.byteCount <= buffer.byteCount, "operand exceeds its buffer")
    self.buffer = buffer
    self.offset = offset
    self.rows = rows
    self.columns = columns
    self.stride = stride
    self.precision = precision
  }

  /// The matrix itself as a Float32 operand; the numbers are shared.
  public init(_ matrix: Matrix) {
    self.init(
      buffer: matrix.buffer, offset: matrix.offset, rows: matrix.rows, columns: matrix.columns,
      stride: matrix.stride, precision: .float32)
  }

  /// Zeros, [rows, columns].
  public init(rows: Int, columns: Int, precision: Precision) {
    self.init(
      buffer: AlignedBuffer(byteCount: rows * columns * precision.byteCount), offset: 0, rows: rows,
      columns: columns, stride: columns, precision: precision)
  }

  var address: UnsafeMutableRawPointer { buffer.base + offset * precision.byteCount }

  /// The address of the first element when the operand is bfloat16, else nil.
  var bfloat16Pointer: UnsafeMutablePointer<UInt16>? {
    precision == .bfloat16 ? address.assumingMemoryBound(to: UInt16.self) : nil
  }

  /// The address of the first element when the operand is Float32, else nil.
  var float32Pointer: UnsafeMutablePointer<Float>? {
    precision == .float32 ? address.assumingMemoryBound(to: Float.self) : nil
  }

  /// A window onto some rows.
  public func rows(_ range: Range<Int>) -> Operand {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows out of range")
    return Operand(
      buffer: buffer, offset: offset + range.lowerBound * stride, rows: range.count, columns: columns,
      stride: stride, precision: precision)
  }

  /// A window onto some columns.
  public func columns(_ range: Range<Int>) -> Operand {
    precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns out of range")
    return Operand(
      buffer: buffer, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride,
      precision: precision)
  }

  /// Overwrites the numbers with those of a matrix of the same shape, rounded to this precision.
  public func assign(_ matrix: Matrix) {
    precondition(rows == matrix.rows && columns == matrix.columns, "shapes differ")
    Parallel.forEachRange(of: rows, grain: max(1, 16_384 / max(columns, 1))) { range in
      for row in range {
        let source = matrix.pointer + row * matrix.stride
        if let target = bfloat16Pointer {
          ck_to_bfloat16(source, target + row * stride, columns)
        } else if let target = float32Pointer, target != matrix.pointer {
          (target + row * stride).update(from: source, count: columns)
        }
      }
    }
  }

  /// Overwrites the numbers with those of an operand of the same shape and precision.
  public func assign(_ other: Operand) {
    precondition(rows == other.rows && columns == other.columns, "shapes differ")
    precondition(precision == other.precision, "precisions differ")
    let size = precision.byteCount
    Parallel.forEachRange(of: rows, grain: max(1, 16_384 / max(columns, 1))) { range in
      for row in range {
        (address + row * stride * size).copyMemory(
          from: other.address + row * other.stride * size, byteCount: columns * size)
      }
    }
  }

  /// The numbers in Float32, [rows, columns].
  public func float32Copy() -> Matrix {
    let result = Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
      let target = result.pointer + row * columns
      if let source = bfloat16Pointer {
        ck_from_bfloat16(source + row * stride, target, columns)
      } else if let source = float32Pointer {
        target.update(from: source + row * stride, count: columns)
      }
    }
    return result
  }
}

extension Operand {
  /// The same numbers of a contiguous operand in another shape.
  public func reshaped(rows: Int, columns: Int) -> Operand {
    precondition((stride == self.columns || self.rows <= 1) && rows * columns == self.rows * self.columns)
    return Operand(
      buffer: buffer, offset: offset, rows: rows, columns: columns, stride: columns, precision: precision)
  }
}
