internal import CKernels

extension Operand {
  /// The same as `highest(_:in:query:loweredBy:)` for each row of `queries` [Q, columns], without the moments.
  ///
  /// Scores are computed in tiles, as matrix products in the precision of the rows, to find candidates, a few more
  /// than asked for; these are scored again as a single query scores them, so that both ways give one answer. Where
  /// the rounding of a bfloat16 query could have hidden a row, that query is searched alone.
  /// - Precondition: no row is longer than 1 by more than rounding, which bounds what rounding can hide.
  /// - Complexity: 2 · Q · rows · columns operations; memory is Q · (count + 4096) and the queries.
  package func highest(
    _ count: Int, in selection: RowSelection, queries: Matrix, loweredBy offsets: [Float]? = nil
  ) -> [[ScoredRow]] {
    precondition(queries.columns == columns, "queries as wide as the rows")
    precondition(offsets?.count ?? rows == rows, "an offset for each row")
    selection.check(self)
    let kept = min(max(count, 0), selection.count)
    guard kept > 0, queries.rows > 0 else { return [[ScoredRow]](repeating: [], count: queries.rows) }
    let rounded = Operand(rows: queries.rows, columns: columns, precision: precision)
    rounded.assign(queries)
    let candidates = candidates(
      min(kept + max(32, kept), selection.count), in: selection, queries: rounded, loweredBy: offsets)
    // Subtracting rounds too, by so much at most.
    let subtraction = 2.5e-7 * (offsets ?? []).reduce(0) { max($0, abs($1)) }
    return (0..<queries.rows).map { row in
      let query = queries.rowValues(row)
      let found = candidates[row]
      let scores = scores(ofRows: found.map { UInt32($0.row) }, query: query)
      var answer = zip(found, scores).map {
        ScoredRow(row: $0.row, score: $1 - (offsets?[$0.row] ?? 0))
      }
      answer.sort { $0.precedes($1) }
      // Whatever was not kept has at most this score.
      let hidden =
        found.count == selection.count
        ? -Float.infinity
        : (found.map(\.score).min() ?? -.infinity) + slack(query, rounded.rowValues(row)) + subtraction
      if answer.count < kept || answer[kept - 1].score < hidden {
        return highest(kept, in: selection, query: query, loweredBy: offsets).rows
      }
      return Array(answer.prefix(kept))
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

  /// For each query the `kept` highest scores of products in tiles, in no order.
  ///
  /// The queries are the packed factor: they are rewritten once, and the rows are read where they are.
  private func candidates(
    _ kept: Int, in selection: RowSelection, queries: Operand, loweredBy offsets: [Float]?
  ) -> [[ScoredRow]] {
    let scores = Matrix(rows: min(Self.rowsOfTile, selection.count), columns: queries.rows)
    let gathered = ScratchMatrix()
    let packed = PackedOperand()
    var packedRows = 0
    var hits = [ck_hit](repeating: ck_hit(), count: queries.rows * kept)
    var founds = [Int](repeating: 0, count: queries.rows)
    for start in Swift.stride(from: 0, to: selection.count, by: Self.rowsOfTile) {
      let range = start..<min(start + Self.rowsOfTile, selection.count)
      let vectors = rows(of: selection, at: range, scratch: gathered)
      let tile = scores.rows(0..<range.count)
      if packedRows != range.count {
        packed.pack(
          queries, transposing: true, leftRows: range.count, leftStride: vectors.stride,
          resultStride: tile.stride, accumulating: false)
        packedRows = range.count
      }
      packed.multiply(vectors, into: tile)
      hits.withUnsafeMutableBufferPointer { hits in
        founds.withUnsafeMutableBufferPointer { founds in
          selection.withRows { rows in
            Self.withOffsets(offsets) { offsets in
              keep(
                tile, kept: kept, rows: rows.map { $0 + start }, first: start, offsets: offsets, hits: hits,
                founds: founds)
            }
          }
        }
      }
    }
    return (0..<queries.rows).map { query in
      hits[query * kept..<query * kept + founds[query]].map { ScoredRow(row: Int($0.row), score: $0.score) }
    }
  }

  /// Each thread has queries of its own.
  private func keep(
    _ tile: Matrix, kept: Int, rows: UnsafePointer<UInt32>?, first: Int, offsets: UnsafePointer<Float>?,
    hits: UnsafeMutableBufferPointer<ck_hit>, founds: UnsafeMutableBufferPointer<Int>
  ) {
    guard let hits = hits.baseAddress, let founds = founds.baseAddress else { return }
    Parallel.forEachRange(of: tile.columns, grain: 16) { queries in
      ck_keep_highest_of_queries(
        tile.pointer, tile.stride, tile.rows, rows, UInt32(first), offsets, hits, kept, founds,
        queries.lowerBound, queries.upperBound)
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
