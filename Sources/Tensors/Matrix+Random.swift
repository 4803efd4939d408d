internal import CKernels

extension Matrix {
  /// Draws every number uniformly from ±bound, row after row.
  public func fillUniform(bound: Float, using generator: inout SeededRandomNumberGenerator) {
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = (generator.uniform() * 2 - 1) * bound }
    }
  }

  /// Makes a square matrix orthogonal, uniformly distributed: the orthogonal factor of normal numbers.
  ///
  /// Gram-Schmidt, a panel of rows at a time, each projection done twice ("twice is enough": Giraud,
  /// Langou, Rozložník 2005), so that Float32 keeps the rows orthogonal to about 1e-6.
  /// - Complexity: O(n³), most of it in matrix products.
  public func fillOrthogonal(using generator: inout SeededRandomNumberGenerator) {
    precondition(rows == columns, "only a square matrix can be orthogonal here")
    let size = rows
    for row in 0..<size { for column in 0..<size { self[row, column] = generator.normal() } }
    let panelRows = 64
    for start in Swift.stride(from: 0, to: size, by: panelRows) {
      let panel = rows(start..<min(start + panelRows, size))
      if start > 0 {
        for _ in 0..<2 { panel.subtractProjection(onto: rows(0..<start)) }
      }
      panel.orthonormalizeRows()
    }
  }

  /// self ← self − (self · basisᵀ) · basis.
  private func subtractProjection(onto basis: Matrix) {
    let coefficients = Matrix(rows: rows, columns: basis.rows)
    multiply(self, by: basis, transposingRight: true, into: coefficients)
    for index in 0..<rows {
      for column in 0..<basis.rows { coefficients[index, column] = -coefficients[index, column] }
    }
    multiply(coefficients, by: basis, into: self, accumulating: true)
  }

  private func orthonormalizeRows() {
    for row in 0..<rows {
      let current = pointer + row * stride
      for _ in 0..<2 {
        for earlier in 0..<row {
          let other = pointer + earlier * stride
          let along = ck_dot(current, other, columns)
          for column in 0..<columns { current[column] -= along * other[column] }
        }
      }
      let scale = 1 / ck_dot(current, current, columns).squareRoot()
      for column in 0..<columns { current[column] *= scale }
    }
  }
}
