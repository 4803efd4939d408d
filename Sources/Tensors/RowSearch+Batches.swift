internal import CKernels

extension Operand {
  /// The same as `highest(_:in:query:)` for each row of `queries` [Q, columns].
  ///
  /// Scores are computed in tiles, as matrix products in the precision of the rows, to find candidates, a few more
  /// than asked for; these are scored again as a single query scores them, so that both ways give one answer. Where
  /// the rounding of a bfloat16 query could have hidden a row, that query is searched alone. The moments are those of
  /// the products, which differ from a single query's by rounding.
  /// - Precondition: no row is longer than 1 by more than rounding, which bounds what rounding can hide.
  /// - Complexity: 2 · Q · rows · columns operations; memory is Q · (count + 4096) and the queries.
  package func highest(_ count: Int, in selection: RowSelection, queries: Matrix) -> [(
    rows: [ScoredRow], moments: ScoreMoments
  )] {
    precondition(queries.columns == columns, "queries as wide as the rows")
    selection.check(self)
    let kept = min(max(count, 0), selection.count)
    guard kept > 0, queries.rows > 0 else {
      return [([ScoredRow], ScoreMoments)](repeating: ([], ScoreMoments()), count: queries.rows)
    }
    let rounded = Operand(rows: queries.rows, columns: columns, precision: precision)
    rounded.assign(queries)
    let (candidates, moments) = candidates(
      min(kept + max(32, kept), selection.count), in: selection, queries: rounded)
    return (0..<queries.rows).map { row in
      let query = queries.rowValues(row)
      let found = candidates[row]
      let scores = scores(ofRows: found.map { UInt32($0.row) }, query: query)
      var answer = zip(found, scores).map { ScoredRow(row: $0.row, score: $1) }
      answer.sort { $0.precedes($1) }
      // Whatever was not kept has at most this score.
      let hidden =
        found.count == selection.count
        ? -Float.infinity : (found.map(\.score).min() ?? -.infinity) + slack(query, rounded.rowValues(row))
      if answer.count < kept || answer[kept - 1].score < hidden {
        return highest(kept, in: selection, query: query)
      }
      return (Array(answer.prefix(kept)), moments[row])
    }
  }

  /// How much a row of unit norm can score beyond what the product of tiles says: ‖query − rounded‖ by the inequality
  /// of Cauchy and Schwarz, and the rounding of two Float32 sums.
  private func slack(_ query: [Float], _ rounded: [Float]) -> Float {
    let squares = zip(query, rounded).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let norm = query.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    return 1.01 * (squares.squareRoot() + 4e-6 * norm)
  }

  private static let rowsOfTile = 4096

  /// For each query the `kept` highest scores of products in tiles, in no order, and the moments of all.
  private func candidates(
    _ kept: Int, in selection: RowSelection, queries: Operand
  ) -> ([[ScoredRow]], [ScoreMoments]) {
    let scores = Matrix(rows: queries.rows, columns: min(Self.rowsOfTile, selection.count))
    let gathered = ScratchMatrix()
    var hits = [ck_hit](repeating: ck_hit(), count: queries.rows * kept)
    var founds = [Int](repeating: 0, count: queries.rows)
    var moments = [ck_moments](repeating: ck_moments(), count: queries.rows)
    for start in Swift.stride(from: 0, to: selection.count, by: Self.rowsOfTile) {
      let range = start..<min(start + Self.rowsOfTile, selection.count)
      let tile = scores.columns(0..<range.count)
      multiply(
        queries, by: rows(of: selection, at: range, scratch: gathered), transposingRight: true, into: tile)
      hits.withUnsafeMutableBufferPointer { hits in
        founds.withUnsafeMutableBufferPointer { founds in
          moments.withUnsafeMutableBufferPointer { moments in
            selection.withRows { rows in
              keep(
                tile, kept: kept, rows: rows.map { $0 + start }, first: start, hits: hits, founds: founds,
                moments: moments)
            }
          }
        }
      }
    }
    let rows = (0..<queries.rows).map { query in
      hits[query * kept..<query * kept + founds[query]].map { ScoredRow(row: Int($0.row), score: $0.score) }
    }
    return (rows, moments.map { ScoreMoments($0) })
  }

  private func keep(
    _ tile: Matrix, kept: Int, rows: UnsafePointer<UInt32>?, first: Int,
    hits: UnsafeMutableBufferPointer<ck_hit>, founds: UnsafeMutableBufferPointer<Int>,
    moments: UnsafeMutableBufferPointer<ck_moments>
  ) {
    guard let base = hits.baseAddress, let sums = moments.baseAddress else { return }
    Parallel.forEachRange(of: tile.rows, grain: 1) { range in
      for query in range {
        founds[query] = ck_keep_highest(
          tile.pointer + query * tile.stride, tile.columns, rows, UInt32(first), base + query * kept, kept,
          founds[query])
        ck_add_moments(tile.pointer + query * tile.stride, tile.columns, sums + query)
      }
    }
  }

  /// The rows of a selection at some places: themselves where they follow each other, else a copy.
  private func rows(of selection: RowSelection, at range: Range<Int>, scratch: ScratchMatrix) -> Operand {
    switch selection {
    case .first: return rows(range)
    case .rows(let rows):
      let tile = scratch.operand(rows: range.count, columns: columns, precision: precision)
      gatherRows(rows[range].map { Int32(bitPattern: $0) }, into: tile)
      return tile
    }
  }
}
