internal import DataFormats
internal import Tensors

/// A part of a network with its weights, compiled for each number of images that comes.
final class LayerRunner {
  /// Compiled for as many images as the largest minibatch has; the weights were packed for it.
  let largest: CompiledLayers
  private let part: LayerProgram.Part
  private let precision: Precision
  private let weights: Matrix
  private var others: [Int: (layers: CompiledLayers, weights: Matrix)] = [:]
  /// How many smaller sizes are kept: each may need its own copy of the weights.
  private static let keptSizes = 4

  /// Compiles the layers and packs the weights that `provider` gives for each, one after the other.
  init<Failure: Error>(
    _ part: LayerProgram.Part, batch: Int, precision: Precision,
    weights provider: (WeightedLayer) throws(Failure) -> LayerWeights
  ) throws(Failure) {
    self.part = part
    self.precision = precision
    largest = CompiledLayers(part, batch: batch, precision: precision)
    weights = largest.makeWeights()
    for layer in part.weighted {
      let given = try provider(layer)
      given.values.withUnsafeBytes { bytes in
        largest.pack(bytes, isTransposed: given.isTransposed, bias: given.bias, of: layer, into: weights)
      }
    }
  }

  /// Runs over the rows of `images`, at most as many as the largest minibatch has.
  func run(_ images: Matrix, scratch: ScratchMatrix, into output: Matrix) {
    guard images.rows != largest.batch else {
      return largest.run(images, weights: weights, scratch: scratch, into: output)
    }
    let (layers, weights) = compiled(for: images.rows)
    layers.run(images, weights: weights, scratch: scratch, into: output)
  }

  private func compiled(for batch: Int) -> (layers: CompiledLayers, weights: Matrix) {
    precondition(batch < largest.batch, "more images than the largest minibatch has")
    if let known = others[batch] { return known }
    let layers = CompiledLayers(part, batch: batch, precision: precision)
    let made = (layers, layers.weights(from: weights, of: largest))
    if others.count == Self.keptSizes { others.removeAll() }
    others[batch] = made
    return made
  }
}
