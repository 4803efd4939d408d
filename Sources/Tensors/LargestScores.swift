internal import CKernels

/// The largest scores of each row and of each column of a matrix that comes in tiles and is never whole.
public struct LargestScores: Sendable {
  /// [rows, keptInRow], each row in descending order.
  private var ofRows: [Float]
  /// [keptInColumn, columns], each column in descending order.
  private var ofColumns: [Float]
  private let rows, columns: Int
  private let keptInRow, keptInColumn: Int

  /// Keeps `count` scores, 1 or more, of each row and column, or all where there are fewer.
  ///
  /// Memory: `count` · (rows + columns) numbers.
  public init(rows: Int, columns: Int, count: Int) {
    precondition(count >= 1 && rows >= 1 && columns >= 1, "nothing to keep")
    self.rows = rows
    self.columns = columns
    keptInRow = min(count, columns)
    keptInColumn = min(count, rows)
    ofRows = [Float](repeating: -.infinity, count: rows * keptInRow)
    ofColumns = [Float](repeating: -.infinity, count: keptInColumn * columns)
  }

  /// Takes in a tile whose first score has the given place; no score may come twice.
  ///
  /// - Complexity: O(scores of the tile), a few more for each that is kept.
  public mutating func add(_ tile: Matrix, firstRow: Int, firstColumn: Int) {
    precondition(firstRow >= 0 && firstRow + tile.rows <= rows, "rows out of range")
    precondition(firstColumn >= 0 && firstColumn + tile.columns <= columns, "columns out of range")
    guard tile.count > 0 else { return }
    let (keptInRow, keptInColumn, columns) = (keptInRow, keptInColumn, columns)
    ofRows.withUnsafeMutableBufferPointer { buffer in
      guard let lists = buffer.baseAddress else { return }
      Parallel.forEachRange(of: tile.rows, grain: 16) { range in
        ck_keep_largest_of_rows(
          tile.pointer, tile.stride, tile.columns, lists + firstRow * keptInRow, keptInRow, range.lowerBound,
          range.upperBound)
      }
    }
    ofColumns.withUnsafeMutableBufferPointer { buffer in
      guard let lists = buffer.baseAddress else { return }
      Parallel.forEachRange(of: tile.columns, grain: 64) { range in
        ck_keep_largest_of_columns(
          tile.pointer, tile.stride, tile.rows, lists + firstColumn, columns, keptInColumn, range.lowerBound,
          range.upperBound)
      }
    }
  }

  /// The mean of the largest scores of each row; all tiles must have come.
  public var rowMeans: [Double] {
    (0..<rows).map { row in
      let sum = (0..<keptInRow).reduce(0.0) { $0 + Double(ofRows[row * keptInRow + $1]) }
      return sum / Double(keptInRow)
    }
  }

  /// The mean of the largest scores of each column; all tiles must have come.
  public var columnMeans: [Double] {
    (0..<columns).map { column in
      let sum = (0..<keptInColumn).reduce(0.0) { $0 + Double(ofColumns[$1 * columns + column]) }
      return sum / Double(keptInColumn)
    }
  }
}
