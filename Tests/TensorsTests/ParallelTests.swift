import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct ParallelTests {
  @Test(arguments: [1, 2, 3, 8]) func everyIndexOnce(threads: Int) {
    withThreads(threads) {
      for count in [0, 1, 2, 3, 7, 64, 100, 1001] {
        for grain in [1, 2, 3, 16, 64, 999, 2000] {
          var visits = [UInt8](repeating: 0, count: count)
          visits.withUnsafeMutableBufferPointer { visits in
            // Ranges are disjoint, so that no two threads share a place; a shared one would show as a count.
            nonisolated(unsafe) let visits = visits
            Parallel.forEachRange(of: count, grain: grain) { range in
              for index in range { visits[index] += 1 }
              if range.lowerBound % grain != 0 { visits[range.lowerBound] = 100 }
            }
          }
          #expect(visits.allSatisfy { $0 == 1 }, "\(count) by \(grain)")
        }
      }
    }
  }

  @Test func threadCountIsKept() {
    withThreads(3) { #expect(Parallel.threadCount == 3) }
  }

  /// The same bits with one thread as with two.
  @Test func resultsDoNotDependOnThreads() {
    func results() -> [[UInt32]] {
      let source = randomMatrix(rows: 130, columns: 257, seed: 1)
      let normalized = Matrix(rows: 130, columns: 257)
      var norms = [Float](repeating: 0, count: 130)
      source.normalizeRows(into: normalized, norms: &norms)
      let gradient = randomMatrix(rows: 130, columns: 257, seed: 2)
      gradient.normalizeRowsBackward(normalized: normalized, norms: norms)
      let sums = Matrix(rows: 1, columns: 257)
      source.sumColumns(into: sums)
      sums.addToRows(sums)
      let scattered = Matrix(rows: 9, columns: 257)
      scattered.addRows(of: Operand(source), at: (0..<130).map { Int32($0 % 9) })
      let parameters = randomMatrix(rows: 1, columns: 100_003, seed: 3)
      let gradients = randomMatrix(rows: 1, columns: 100_003, seed: 4)
      let (first, second) = (Matrix(rows: 1, columns: 100_003), Matrix(rows: 1, columns: 100_003))
      let norm = AdamKernel.gradientNorm(gradients: gradients, parameters: parameters, decay: 0.1)
      AdamKernel.update(
        AdamStep(
          rate: 0.1, firstDecay: 0.9, secondDecay: 0.999, epsilon: 1e-8, gradientScale: Float(1 / norm),
          decay: 0.1), parameters: parameters, gradients: gradients, firstMoments: first,
        secondMoments: second, rounded: nil)
      return [normalized, gradient, sums, scattered, parameters, first, second].map(bits)
        + [[Float(norm).bitPattern]]
    }
    let one = withThreads(1, results)
    #expect(one == withThreads(2, results))
    #expect(one == withThreads(3, results))
  }

  /// oneDNN may sum in another order with another number of threads, but never from one call to the next.
  @Test(arguments: Precision.allCases, [1, 2, 3]) func productsAreRepeatable(
    precision: Precision, threads: Int
  ) {
    let left = operand(randomMatrix(rows: 130, columns: 300, seed: 1), precision)
    let right = operand(randomMatrix(rows: 300, columns: 257, seed: 2), precision)
    func product() -> [UInt32] {
      let result = Matrix(rows: 130, columns: 257)
      multiply(left, by: right, into: result)
      return bits(result)
    }
    withThreads(threads) {
      let first = product()
      for _ in 0..<5 { #expect(product() == first) }
    }
  }
}
