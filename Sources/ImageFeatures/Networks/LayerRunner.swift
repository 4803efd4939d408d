internal import DataFormats
internal import Tensors

/// A part of a network with its weights, compiled for each number of images that comes.
final class LayerRunner {
  /// Compiled for as many images as the largest minibatch has; the weights were packed for it.
  let largest: CompiledLayers
  private let part: LayerProgram.Part
  private let precision: Precision
  private let weights: Matrix
  /// As the files have them, to be packed again: layouts of Winograd's way, which differ with the number of images,
  /// cannot be rewritten into each other.
  private var given: [(layer: WeightedLayer, weights: LayerWeights)] = []
  private var others: [Int: (layers: CompiledLayers, weights: Matrix)] = [:]
  /// How many smaller sizes are kept: each may need its own copy of the weights.
  private static let keptSizes = 4

  /// Compiles the layers and packs the weights that `provider` gives for each, one after the other.
  ///
  /// Those of a part that always runs for whole minibatches are not kept.
  init<Failure: Error>(
    _ part: LayerProgram.Part, batch: Int, precision: Precision, runsWholeMinibatches: Bool,
    weights provider: (WeightedLayer) throws(Failure) -> LayerWeights
  ) throws(Failure) {
    self.part = part
    self.precision = precision
    largest = CompiledLayers(part, batch: batch, precision: precision)
    weights = largest.makeWeights()
    for layer in part.weighted {
      let values = try provider(layer)
      largest.pack(values, of: layer, into: weights)
      if batch > 1, !runsWholeMinibatches { given.append((layer, values)) }
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
    let made = (layers, layers.sharesWeights(with: largest) ? weights : packed(for: layers))
    if others.count == Self.keptSizes { others.removeAll() }
    others[batch] = made
    return made
  }

  private func packed(for layers: CompiledLayers) -> Matrix {
    precondition(given.count == part.weighted.count, "a part for whole minibatches was given a smaller one")
    let packed = layers.makeWeights()
    for (layer, values) in given { layers.pack(values, of: layer, into: packed) }
    return packed
  }
}
