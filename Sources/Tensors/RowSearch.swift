internal import CKernels

/// A row of a table of vectors and its score.
public struct ScoredRow: Sendable, Equatable {
  /// The row.
  public var row: Int
  /// The dot product of the row and the query.
  public var score: Float

  /// A row with a score.
  public init(row: Int, score: Float) {
    self.row = row
    self.score = score
  }

  /// Whether this one comes before another in an answer: a higher score, or an equal one and a lower row.
  public func precedes(_ other: ScoredRow) -> Bool {
    score > other.score || (score == other.score && row < other.row)
  }
}

/// Mean and deviation of the scores of all rows that a search looked at.
public struct ScoreMoments: Sendable, Equatable {
  /// How many scores were finite.
  public var count = 0
  /// Their mean, 0 where there is none.
  public var mean = 0.0
  /// Their standard deviation.
  public var deviation = 0.0

  /// Those of no score at all.
  public init() {}

  init(_ moments: ck_moments) {
    guard moments.count > 0 else { return }
    count = Int(moments.count)
    mean = moments.sum / moments.count
    deviation = max(0, moments.squares / moments.count - mean * mean).squareRoot()
  }
}

/// The rows of a table that a search looks at.
public enum RowSelection: Sendable, Equatable {
  /// All of the first so many.
  case first(Int)
  /// These, each once, ascending.
  case rows([UInt32])

  /// How many rows there are.
  public var count: Int {
    switch self {
    case .first(let count): count
    case .rows(let rows): rows.count
    }
  }

  /// The row at a place.
  public func row(at place: Int) -> Int {
    switch self {
    case .first: place
    case .rows(let rows): Int(rows[place])
    }
  }

  /// All of the rows.
  public var rowNumbers: [Int] { (0..<count).map(row(at:)) }

  /// At most `limit` of the rows, evenly spaced in their order.
  public func drawnEvenly(_ limit: Int) -> RowSelection {
    guard limit < count else { return self }
    return .rows((0..<max(limit, 0)).map { UInt32(row(at: $0 * count / limit)) })
  }

  /// Calls `body` with the addresses of the rows' numbers, or nil where they are all of the first.
  func withRows<Result>(_ body: (UnsafePointer<UInt32>?) -> Result) -> Result {
    switch self {
    case .first: body(nil)
    case .rows(let rows): rows.withUnsafeBufferPointer { body($0.baseAddress) }
    }
  }

  func check(_ table: Operand) {
    switch self {
    case .first(let count): precondition(count >= 0 && count <= table.rows, "rows out of range")
    case .rows(let rows): precondition((rows.last ?? 0) < max(table.rows, 1), "rows out of range")
    }
  }
}

extension Operand {
  /// The `count` rows of a selection with the highest dot product with `query` [columns], the highest first and of
  /// equal ones the lower row, and the moments of all scores.
  ///
  /// One pass over the rows; memory beyond them is O(count). Rows that hold NaN are never found. The sums are
  /// Float32, in one order for all rows: equal rows score equally.
  /// - Parameter offsets: what the score of each row of the table is lowered by, before all else.
  /// - Complexity: 2 · rows · columns operations, bound by reading the rows.
  package func highest(
    _ count: Int, in selection: RowSelection, query: [Float], loweredBy offsets: [Float]? = nil
  ) -> (rows: [ScoredRow], moments: ScoreMoments) {
    precondition(query.count == columns, "a query as wide as the rows")
    precondition(offsets?.count ?? rows == rows, "an offset for each row")
    selection.check(self)
    let kept = min(max(count, 0), selection.count)
    // More parts than threads, so that a thread that others disturb holds nobody up, each with an answer of its own.
    let grain = max(256, (selection.count / (4 * Parallel.threadCount) + 255) & ~255)
    let parts = (selection.count + grain - 1) / grain
    guard parts > 0 else { return ([], ScoreMoments(ck_moments())) }
    let keptOfPart = min(kept, grain)
    var hits = [ck_hit](repeating: ck_hit(), count: parts * max(keptOfPart, 1))
    var founds = [Int](repeating: 0, count: parts)
    var moments = [ck_moments](repeating: ck_moments(), count: parts)
    selection.withRows { rows in
      query.withUnsafeBufferPointer { query in
        Self.withOffsets(offsets) { offsets in
          hits.withUnsafeMutableBufferPointer { hits in
            founds.withUnsafeMutableBufferPointer { founds in
              moments.withUnsafeMutableBufferPointer { moments in
                scan(
                  Scan(
                    rows: rows, query: query, offsets: offsets, kept: keptOfPart, grain: grain,
                    count: selection.count, hits: hits, founds: founds, moments: moments))
              }
            }
          }
        }
      }
    }
    var all: [ScoredRow] = []
    for part in 0..<parts {
      for hit in hits[part * max(keptOfPart, 1)..<part * max(keptOfPart, 1) + founds[part]] {
        all.append(ScoredRow(row: Int(hit.row), score: hit.score))
      }
    }
    all.sort { $0.precedes($1) }
    let total = moments.reduce(into: ck_moments()) {
      $0.count += $1.count
      $0.sum += $1.sum
      $0.squares += $1.squares
    }
    return (Array(all.prefix(kept)), ScoreMoments(total))
  }

  /// Calls `body` with the address of the offsets, nil where there are none.
  static func withOffsets<Result>(_ offsets: [Float]?, _ body: (UnsafePointer<Float>?) -> Result) -> Result {
    guard let offsets else { return body(nil) }
    return offsets.withUnsafeBufferPointer { body($0.baseAddress) }
  }

  /// What the threads of a search share; each part writes to places of its own.
  private struct Scan {
    let rows: UnsafePointer<UInt32>?
    let query: UnsafeBufferPointer<Float>
    let offsets: UnsafePointer<Float>?
    let kept, grain, count: Int
    let hits: UnsafeMutableBufferPointer<ck_hit>
    let founds: UnsafeMutableBufferPointer<Int>
    let moments: UnsafeMutableBufferPointer<ck_moments>
  }

  private func scan(_ scan: Scan) {
    guard let query = scan.query.baseAddress, let hits = scan.hits.baseAddress,
      let moments = scan.moments.baseAddress
    else { return }
    Parallel.forEachRange(of: scan.founds.count, grain: 1) { parts in
      for part in parts {
        let first = part * scan.grain
        let last = min(first + scan.grain, scan.count)
        let place = hits + part * max(scan.kept, 1)
        if let values = bfloat16Pointer {
          scan.founds[part] = ck_scan_rows_bfloat16(
            values, stride, scan.rows, query, columns, scan.offsets, place, scan.kept, moments + part, first,
            last)
        } else if let values = float32Pointer {
          scan.founds[part] = ck_scan_rows(
            values, stride, scan.rows, query, columns, scan.offsets, place, scan.kept, moments + part, first,
            last)
        }
      }
    }
  }

  /// The dot products of the given rows with `query`.
  package func scores(ofRows rows: [UInt32], query: [Float]) -> [Float] {
    precondition(query.count == columns, "a query as wide as the rows")
    precondition(rows.allSatisfy { Int($0) < self.rows }, "rows out of range")
    return [Float](unsafeUninitializedCapacity: rows.count) { scores, count in
      count = rows.count
      rows.withUnsafeBufferPointer { rows in
        query.withUnsafeBufferPointer { query in
          guard let target = scores.baseAddress, let places = rows.baseAddress, let query = query.baseAddress
          else { return }
          if let values = bfloat16Pointer {
            ck_score_rows_bfloat16(values, stride, places, query, columns, target, 0, rows.count)
          } else if let values = float32Pointer {
            ck_score_rows(values, stride, places, query, columns, target, 0, rows.count)
          }
        }
      }
    }
  }
}
