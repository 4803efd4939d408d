internal import Foundation
package import Tensors
package import VisualSemanticEmbedding

/// Searches to be timed, always the same for the same arguments.
package struct SearchBenchmark {
  /// The work.
  package let work: BenchmarkWork
  /// The bytes of vectors that one call reads; nil where that is not what bounds it.
  package var bytes: Int?
  /// Reads the same bytes and does nothing else.
  package var reading: BenchmarkWork?
  /// The part of the ten nearest that is found, where not all are looked at.
  package var recall: Double?
  /// The bytes of memory that the search needs, vectors included; of a graph what the process was seen to take.
  package var memoryBytes: Int?
  /// Seconds that making the graph took.
  package var buildSeconds: Double?

  private static let columns = 1024

  /// The ten nearest of so many rows of 1024 numbers, for one query: bound by reading them.
  package static func exact(rows: Int, precision: Precision) -> SearchBenchmark {
    let table = made(rows: rows, precision: precision)
    let query = Self.unitRows(1, seed: 2).rowValues(0)
    let work = BenchmarkWork(
      items: 1, operations: 2 * Double(rows * columns), precision: precision, warmups: 2, steps: 20
    ) {
      let found = table.highest(10, in: .first(rows), query: query)
      precondition(found.rows.count == min(10, rows), "as many as there are")
    }
    let reading = BenchmarkWork(items: 1, operations: 0, precision: precision, warmups: 2, steps: 20) {
      table.readAll()
    }
    let bytes = rows * columns * precision.bytesOfNumber
    return SearchBenchmark(work: work, bytes: bytes, reading: reading, memoryBytes: bytes)
  }

  /// The ten nearest for each of 100 queries: bound by the products.
  package static func batch(rows: Int, precision: Precision) -> SearchBenchmark {
    let table = made(rows: rows, precision: precision)
    let queries = unitRows(100, seed: 2)
    let work = BenchmarkWork(
      items: 100, operations: 2 * 100 * Double(rows * columns), precision: precision, warmups: 1, steps: 5
    ) {
      let found = table.highest(10, in: .first(rows), queries: queries)
      precondition(found.count == 100, "an answer for each query")
    }
    return SearchBenchmark(work: work, memoryBytes: rows * columns * precision.bytesOfNumber)
  }

  /// The ten nearest through a graph, for each of `queries` among `vectors`, both of unit rows.
  package static func graph(
    vectors: Matrix, queries: Matrix, breadth: Int, precision: Precision
  ) throws -> SearchBenchmark {
    precondition(vectors.columns == queries.columns, "vectors of one space")
    let memoryBefore = ProcessMemory.anonymousBytes
    let table = Operand(rows: vectors.rows, columns: vectors.columns, precision: precision)
    table.assign(vectors)
    let clock = ContinuousClock()
    let start = clock.now
    let graph = try NeighbourGraph(of: table, rows: (0..<UInt32(table.rows)).map { $0 })
    let seconds = (clock.now - start) / .seconds(1)
    let memoryAfter = ProcessMemory.anonymousBytes
    // The truth is that of the vectors as they came, so that rounding counts as error.
    let truth = Operand(vectors).highest(10, in: .first(vectors.rows), queries: queries)
    let found = graph.search(queries, count: 10, breadth: breadth)
    let hits = zip(truth, found).reduce(0) { $0 + Set($1.0.map(\.row)).intersection($1.1.map(\.row)).count }
    let work = BenchmarkWork(items: queries.rows, operations: 0, precision: precision, warmups: 1, steps: 5) {
      let found = graph.search(queries, count: 10, breadth: breadth)
      precondition(found.count == queries.rows, "an answer for each query")
    }
    return SearchBenchmark(
      work: work, recall: Double(hits) / Double(max(1, truth.reduce(0) { $0 + $1.count })),
      memoryBytes: memoryBefore.flatMap { before in memoryAfter.map { $0 - before } }, buildSeconds: seconds)
  }

  private static func unitRows(_ rows: Int, seed: UInt64) -> Matrix {
    var generator = SeededRandomNumberGenerator(seed: seed)
    let matrix = Matrix(rows: rows, columns: columns)
    matrix.fillUniform(bound: 1, using: &generator)
    matrix.normalizeRows()
    return matrix
  }

  /// Blocks of random unit rows, each block shifted by a column more, so that no row repeats.
  private static func made(rows: Int, precision: Precision) -> Operand {
    let block = unitRows(4096, seed: 1)
    let shifted = Matrix(rows: 4096, columns: columns)
    let table = Operand(rows: rows, columns: columns, precision: precision)
    for (number, start) in stride(from: 0, to: rows, by: 4096).enumerated() {
      let shift = number % columns
      shifted.columns(0..<columns - shift).assign(block.columns(shift..<columns))
      if shift > 0 { shifted.columns(columns - shift..<columns).assign(block.columns(0..<shift)) }
      let count = min(4096, rows - start)
      table.rows(start..<start + count).assign(shifted.rows(0..<count))
    }
    return table
  }
}

/// What this process keeps in memory.
private enum ProcessMemory {
  /// The bytes that are of no file, as Linux counts them; nil elsewhere.
  static var anonymousBytes: Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return kilobytes * 1024
  }
}
