import ImageFeatures
import Tensors
import VisualSemanticEmbedding

extension BenchmarkWork {
  /// The features of eight photos from each of some networks with made-up weights; decoding is not in it.
  static func networks(
    _ networks: [ConvolutionalNetwork], precision: Precision, batchSize: Int, warmups: Int = 2, steps: Int
  ) -> BenchmarkWork {
    let loaded = networks.enumerated().map { index, network in
      LoadedNetwork(madeUp: network, precision: precision, batchSize: batchSize, seed: UInt64(index + 1))
    }
    let photos = Matrix(rows: batchSize, columns: Preprocessing.squashed.inputSize)
    var generator = SeededRandomNumberGenerator(seed: 9)
    photos.fillUniform(bound: 1, using: &generator)
    return BenchmarkWork(
      items: batchSize, operations: Double(batchSize) * loaded.reduce(0) { $0 + $1.operations },
      precision: precision, warmups: warmups, steps: steps
    ) {
      for network in loaded { _ = network.features(of: photos) }
    }
  }
}
