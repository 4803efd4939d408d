internal import DataFormats
package import Tensors

extension LoadedNetwork {
  /// A network with made-up weights, the same for the same seed: for measurements.
  ///
  /// They are uniform with the variance 2 / inputs (He et al. 2015, arXiv:1502.01852), so that numbers keep their
  /// size from layer to layer; biases are 0.
  package convenience init(
    madeUp network: ConvolutionalNetwork, precision: Precision, batchSize: Int = defaultBatchSize,
    seed: UInt64
  ) {
    var generator = SeededRandomNumberGenerator(seed: seed)
    self.init(
      network, preprocessing: .squashed, padding: .symmetric, precision: precision, batchSize: batchSize
    ) { (layer) -> LayerWeights in
      let count = layer.shape.reduce(1, *)
      let bound = (6 / Float(count / layer.outputs)).squareRoot()
      let values = (0..<count).map { _ in bound * (2 * generator.uniform() - 1) }
      return LayerWeights(
        values: ArrayData(values, shape: layer.shape), bias: [Float](repeating: 0, count: layer.outputs))
    }
  }
}
