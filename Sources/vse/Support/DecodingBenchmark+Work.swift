import ImageFeatures
import Tensors
import VisualSemanticEmbedding

extension BenchmarkWork {
  /// A pass over the photos of a folder: read, decoded and prepared as the original does.
  ///
  /// Throws when a photo cannot be read.
  static func decode(folder: String, threads: Int) throws -> BenchmarkWork {
    let benchmark = try DecodingBenchmark(
      PhotoList(paths: [folder]), preprocessing: .original, threads: threads)
    return BenchmarkWork(
      items: benchmark.count, operations: 0, precision: .float32, warmups: 0, steps: 5
    ) {
      // All of them could be read a moment ago. A pass that ends early must not be taken for a fast one.
      do { try benchmark.pass() } catch { preconditionFailure("a photo has changed meanwhile: \(error)") }
    }
  }
}
