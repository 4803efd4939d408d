internal import CKernels

extension Matrix {
  /// Scales each row to unit L2 norm into `target` (which may be `self`) and keeps the norms.
  ///
  /// A row of zeros stays zero, with norm 0.
  public func normalizeRows(into target: Matrix, norms: inout [Float]) {
    precondition(target.rows == rows && target.columns == columns, "shapes differ")
    norms.withUnsafeMutableBufferPointer { norms in
      precondition(norms.count == rows, "one norm a row")
      guard let norms = norms.baseAddress else { return }
      Parallel.forEachRange(of: rows, grain: max(1, 16_384 / max(columns, 1))) { range in
        ck_normalize_rows(
          pointer, stride, target.pointer, target.stride, norms, columns, range.lowerBound, range.upperBound)
      }
    }
  }

  /// Scales each row to unit L2 norm, in place.
  public func normalizeRows() {
    var norms = [Float](repeating: 0, count: rows)
    normalizeRows(into: self, norms: &norms)
  }

  /// Turns dL/dy into dL/dx, in place, where y = x / ‖x‖: (dL/dy − y (y · dL/dy)) / ‖x‖.
  public func normalizeRowsBackward(normalized: Matrix, norms: [Float]) {
    precondition(normalized.rows == rows && normalized.columns == columns && norms.count == rows)
    norms.withUnsafeBufferPointer { norms in
      guard let norms = norms.baseAddress else { return }
      Parallel.forEachRange(of: rows, grain: max(1, 16_384 / max(columns, 1))) { range in
        ck_normalize_rows_backward(
          pointer, stride, normalized.pointer, normalized.stride, norms, columns, range.lowerBound,
          range.upperBound)
      }
    }
  }

  /// Adds `bias` [1, columns] to every row.
  public func addToRows(_ bias: Matrix) {
    precondition(bias.count == columns, "one bias a column")
    Parallel.forEachRange(of: rows, grain: max(1, 16_384 / max(columns, 1))) { range in
      ck_add_bias(pointer, stride, bias.pointer, columns, range.lowerBound, range.upperBound)
    }
  }

  /// self += other; both contiguous and of one shape.
  public func add(_ other: Matrix) {
    requireContiguous(self, rows, columns)
    requireContiguous(other, rows, columns)
    Parallel.forEachRange(of: count, grain: 16_384) { range in
      ck_add_bias(
        pointer + range.lowerBound, range.count, other.pointer + range.lowerBound, range.count, 0, 1)
    }
  }

  /// Multiplies every number by `factor`.
  public func scale(by factor: Float) {
    Parallel.forEachRange(of: rows, grain: max(1, 16_384 / max(columns, 1))) { range in
      ck_scale(pointer, stride, factor, columns, range.lowerBound, range.upperBound)
    }
  }

  /// x ← max(0, x); NaN stays NaN.
  public func rectify() {
    Parallel.forEachRange(of: rows, grain: max(1, 16_384 / max(columns, 1))) { range in
      ck_rectify(pointer, stride, columns, range.lowerBound, range.upperBound)
    }
  }

  /// Turns dL/dy into dL/dx, in place, where y = max(0, x): zero where y is.
  public func rectifyBackward(rectified: Matrix) {
    precondition(rectified.rows == rows && rectified.columns == columns, "shapes differ")
    Parallel.forEachRange(of: rows, grain: max(1, 16_384 / max(columns, 1))) { range in
      ck_rectify_backward(
        pointer, stride, rectified.pointer, rectified.stride, columns, range.lowerBound, range.upperBound)
    }
  }

  /// Writes the sum of each column into `sums` [1, columns].
  public func sumColumns(into sums: Matrix) { Operand(self).sumColumns(into: sums) }

  /// self[index[r]] += source[r] for every row r of `source`; equal indices add up.
  public func addRows(of source: Operand, at index: [Int32]) {
    precondition(index.count == source.rows && source.columns == columns, "shapes differ")
    precondition(index.allSatisfy { $0 >= 0 && Int($0) < rows }, "index out of range")
    index.withUnsafeBufferPointer { index in
      guard let index = index.baseAddress else { return }
      Parallel.forEachRange(of: columns, grain: 64) { range in
        if let values = source.bfloat16Pointer {
          ck_scatter_add_bfloat16(
            values, source.stride, index, source.rows, pointer, stride, range.lowerBound, range.upperBound)
        } else if let values = source.float32Pointer {
          ck_scatter_add(
            values, source.stride, index, source.rows, pointer, stride, range.lowerBound, range.upperBound)
        }
      }
    }
  }

  /// self[index[r]] ← source[r] for every row r of `source`.
  public func assignRows(of source: Matrix, at index: [Int32]) {
    precondition(index.count <= source.rows && source.columns == columns, "shapes differ")
    for (row, target) in index.enumerated() {
      precondition(target >= 0 && Int(target) < rows, "index out of range")
      (pointer + Int(target) * stride).update(from: source.pointer + row * source.stride, count: columns)
    }
  }

  /// Sets some rows to zero.
  public func clearRows(at index: [Int32]) {
    for row in index {
      precondition(row >= 0 && Int(row) < rows, "index out of range")
      (pointer + Int(row) * stride).update(repeating: 0, count: columns)
    }
  }

  /// Whether no number is infinite or NaN.
  public var isFinite: Bool {
    for row in 0..<rows where !ck_all_finite(pointer + row * stride, columns) { return false }
    return true
  }

  /// The index of the first row with an infinite number or NaN, if there is one.
  public var firstNonFiniteRow: Int? {
    (0..<rows).first { !ck_all_finite(pointer + $0 * stride, columns) }
  }
}

extension Operand {
  /// Rows `index` of `self` into the first rows of `target`, which has the same precision and columns.
  public func gatherRows(_ index: [Int32], into target: Operand) {
    precondition(target.precision == precision && target.columns == columns, "shapes differ")
    precondition(index.count <= target.rows, "too many rows")
    precondition(index.allSatisfy { $0 >= 0 && Int($0) < rows }, "index out of range")
    index.withUnsafeBufferPointer { index in
      guard let start = index.baseAddress else { return }
      Parallel.forEachRange(of: index.count, grain: max(1, 16_384 / max(columns, 1))) { range in
        ck_gather_rows(
          address, stride, start, target.address, target.stride, columns, precision.byteCount,
          range.lowerBound, range.upperBound)
      }
    }
  }

  /// Sets some rows to zero.
  public func clearRows(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows out of range")
    for row in range {
      (address + row * stride * precision.byteCount).initializeMemory(
        as: UInt8.self, repeating: 0, count: columns * precision.byteCount)
    }
  }

  /// Writes the sum of each column, taken in Float32, into `sums` [1, columns].
  public func sumColumns(into sums: Matrix) {
    precondition(sums.count == columns && sums.isContiguous, "one sum a column")
    Parallel.forEachRange(of: columns, grain: 64) { range in
      if let values = bfloat16Pointer {
        ck_column_sums_bfloat16(values, rows, stride, range.lowerBound, range.upperBound, sums.pointer)
      } else if let values = float32Pointer {
        ck_column_sums(values, rows, stride, range.lowerBound, range.upperBound, sums.pointer)
      }
    }
  }

  /// sums[c] += Σ over rows of self[r, c] · other[r, c]; `sums` is [1, columns].
  public func addColumnDots(with other: Matrix, to sums: Matrix) {
    precondition(sums.count == columns && other.columns == columns && other.rows == rows, "shapes differ")
    Parallel.forEachRange(of: columns, grain: 64) { range in
      if let values = bfloat16Pointer {
        ck_add_column_dots_bfloat16(
          values, stride, other.pointer, other.stride, rows, range.lowerBound, range.upperBound, sums.pointer)
      } else if let values = float32Pointer {
        ck_add_column_dots(
          values, stride, other.pointer, other.stride, rows, range.lowerBound, range.upperBound, sums.pointer)
      }
    }
  }
}

extension Matrix {
  /// self[r] += source[index[r]] for every row r; `source` is Float32.
  public func addGatheredRows(of source: Operand, at index: ArraySlice<Int32>) {
    precondition(index.count == rows && source.columns == columns, "shapes differ")
    guard let start = source.float32Pointer else { preconditionFailure("Float32 rows are needed") }
    for (row, place) in index.enumerated() {
      precondition(place >= 0 && Int(place) < source.rows, "index out of range")
      ck_add_bias(
        pointer + row * stride, stride, start + Int(place) * source.stride, columns, 0, 1)
    }
  }
}
