internal import CKernels
internal import Foundation

/// ln Σ e^(scale · score) over each row and each column of a matrix that comes in tiles and is never whole.
///
/// Exponents are taken relative to the largest score so far, so that no scale overflows.
public struct ExponentialSums: Sendable {
  fileprivate struct Side: Sendable {
    var maxima: [Float]
    var sums: [Double]

    init(count: Int) {
      maxima = [Float](repeating: -.infinity, count: count)
      sums = [Double](repeating: 0, count: count)
    }

    func logarithms(scale: Float) -> [Double] {
      zip(maxima, sums).map { Double(scale) * Double($0) + log($1) }
    }
  }

  private let scale: Float
  private var rows: Side
  private var columns: Side

  /// Sums of nothing; `scale` is positive and finite.
  public init(rows: Int, columns: Int, scale: Float) {
    precondition(rows >= 1 && columns >= 1 && scale > 0 && scale.isFinite, "nothing to sum")
    self.scale = scale
    self.rows = Side(count: rows)
    self.columns = Side(count: columns)
  }

  /// Takes in a tile of finite scores whose first has the given place; no score may come twice.
  ///
  /// - Complexity: 2 exponentials a score.
  public mutating func add(_ tile: Matrix, firstRow: Int, firstColumn: Int) {
    precondition(firstRow >= 0 && firstRow + tile.rows <= rows.sums.count, "rows out of range")
    precondition(firstColumn >= 0 && firstColumn + tile.columns <= columns.sums.count, "columns out of range")
    guard tile.count > 0 else { return }
    let scale = scale
    rows.withPointers(from: firstRow) { maxima, sums in
      Parallel.forEachRange(of: tile.rows, grain: 16) { range in
        ck_add_exponentials_of_rows(
          tile.pointer, tile.stride, tile.columns, scale, maxima, sums, range.lowerBound, range.upperBound)
      }
    }
    columns.withPointers(from: firstColumn) { maxima, sums in
      Parallel.forEachRange(of: tile.columns, grain: 64) { range in
        ck_add_exponentials_of_columns(
          tile.pointer, tile.stride, tile.rows, scale, maxima, sums, range.lowerBound, range.upperBound)
      }
    }
  }

  /// The logarithm of each row's sum; all tiles must have come.
  public var rowLogarithms: [Double] { rows.logarithms(scale: scale) }
  /// The logarithm of each column's sum; all tiles must have come.
  public var columnLogarithms: [Double] { columns.logarithms(scale: scale) }
}

extension ExponentialSums.Side {
  /// Calls `body` with the addresses of the maximum and the sum at `first`; there is one.
  fileprivate mutating func withPointers(
    from first: Int, _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Double>) -> Void
  ) {
    maxima.withUnsafeMutableBufferPointer { maxima in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let maxima = maxima.baseAddress, let sums = sums.baseAddress else { return }
        body(maxima + first, sums + first)
      }
    }
  }
}
