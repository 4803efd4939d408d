internal import Foundation
public import Tensors

/// A convolutional network with its weights, ready to run.
///
/// What a minibatch of a size needs is compiled when the first of that size comes, and kept.
public final class LoadedNetwork: FeatureNetwork {
  /// The architecture.
  public let network: ConvolutionalNetwork
  /// As the weights were trained.
  public let preprocessing: Preprocessing
  /// The number format of weights and of what passes between layers.
  public let precision: Precision
  /// How many photos are computed together at most.
  public let batchSize: Int
  /// The numbers of a row of features.
  public let featureSize: Int
  /// Floating-point operations for a photo: convolutions and dense layers.
  package let operations: Double
  private let images: LayerRunner
  private let rows: LayerRunner?
  private let scratch = ScratchMatrix()
  private let pooled = ScratchMatrix()
  private let dense = ScratchMatrix()

  /// The number of photos that are computed together when nothing else is asked for.
  public static let defaultBatchSize = 8

  /// Compiles a network for up to `batchSize` photos at a time and packs its weights, layer by layer.
  package init<Failure: Error>(
    _ network: ConvolutionalNetwork, preprocessing: Preprocessing, padding: ConvolutionPadding,
    precision: Precision, batchSize: Int, weights: (WeightedLayer) throws(Failure) -> LayerWeights
  ) throws(Failure) {
    precondition((1...4096).contains(batchSize), "1 to 4096 photos are computed together")
    let program = LayerProgram(network, padding: padding)
    self.network = network
    self.preprocessing = preprocessing
    self.precision = precision
    self.batchSize = batchSize
    featureSize = program.output.count
    operations = program.images.operations + (program.rows?.operations ?? 0)
    images = try LayerRunner(
      program.images, batch: batchSize, precision: precision, runsWholeMinibatches: false, weights: weights)
    rows =
      if let part = program.rows {
        try LayerRunner(
          part, batch: batchSize, precision: precision, runsWholeMinibatches: true, weights: weights)
      } else { nil }
  }

  /// The features [B, featureSize] of B prepared photos [B, 3 · S · S].
  public func features(of minibatch: Matrix) -> Matrix {
    precondition(minibatch.columns == network.input.count, "photos of another size than the network's")
    let photos = minibatch.isContiguous ? minibatch : minibatch.copy()
    let result = Matrix(rows: photos.rows, columns: featureSize)
    for start in stride(from: 0, to: photos.rows, by: batchSize) {
      let range = start..<min(start + batchSize, photos.rows)
      compute(photos.rows(range), into: result.rows(range))
    }
    if network.endsInSoftmax { result.softmaxRows() }
    return result
  }

  private func compute(_ photos: Matrix, into result: Matrix) {
    guard let rows else { return images.run(photos, scratch: scratch, into: result) }
    // Always a whole minibatch of rows: reading the weights takes longer than computing with them.
    let input = pooled.matrix(rows: batchSize, columns: images.largest.outputSize)
    let output = dense.matrix(rows: batchSize, columns: featureSize)
    images.run(photos, scratch: scratch, into: input.rows(0..<photos.rows))
    input.rows(photos.rows..<batchSize).fill(0)
    rows.run(input, scratch: scratch, into: output)
    result.assign(output.rows(0..<photos.rows))
  }
}

extension Matrix {
  /// exp(x) / Σ exp(x) of each row.
  fileprivate func softmaxRows() {
    for row in 0..<rows {
      rows(row..<row + 1).withUnsafeMutableElements { values in
        let largest = values.max() ?? 0
        var sum: Double = 0
        for index in values.indices {
          values[index] = exp(values[index] - largest)
          sum += Double(values[index])
        }
        for index in values.indices { values[index] = Float(Double(values[index]) / sum) }
      }
    }
  }
}
