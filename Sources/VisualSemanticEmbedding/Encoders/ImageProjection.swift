package import Tensors

/// Image features to image vectors: feature · W + b, where asked with a hidden layer beside it, and unit L2 norm
/// where asked.
///
/// With a hidden layer the vector is x·W + b + max(0, x·W₁ + b₁)·W₂, so that the hidden layer only has to learn
/// what the projection cannot do: the form of VSE∞ (Chen et al. 2021, arXiv:2011.15037), without its batch
/// normalisation, and with one bias for both sums.
package struct ImageProjection: Sendable {
  /// W [I, D].
  let weights: ParameterSlot
  /// b [1, D].
  let bias: ParameterSlot
  let hidden: HiddenLayer?
  let dim: Int

  struct HiddenLayer: Sendable {
    /// H.
    let size: Int
    /// W₁ [I, H].
    let weights: ParameterSlot
    /// b₁ [1, H].
    let bias: ParameterSlot
    /// W₂ [H, D].
    let outputWeights: ParameterSlot
  }

  init(_ configuration: ModelConfiguration, layout: inout ParameterLayout) {
    func uniform(_ rows: Int, _ columns: Int) -> Initialization {
      .uniform(bound: (6 / Float(rows + columns)).squareRoot())
    }
    let imageDim = configuration.imageDim
    let dim = configuration.dim
    self.dim = dim
    weights = layout.add(
      "image_projection.weights", rows: imageDim, columns: dim, uniform(imageDim, dim))
    bias = layout.add("image_projection.bias", rows: 1, columns: dim, .zero)
    let size = configuration.imageHidden
    guard size > 0 else {
      hidden = nil
      return
    }
    hidden = HiddenLayer(
      size: size,
      weights: layout.add(
        "image_projection.hidden_weights", rows: imageDim, columns: size, uniform(imageDim, size)),
      bias: layout.add("image_projection.hidden_bias", rows: 1, columns: size, .zero),
      outputWeights: layout.add(
        "image_projection.hidden_output_weights", rows: size, columns: dim, uniform(size, dim)))
  }

  package final class Memory {
    let disturbed = ScratchMatrix()
    let features = ScratchMatrix()
    let vectors = ScratchMatrix()
    let hidden = ScratchMatrix()
    let roundedHidden = ScratchMatrix()
    let hiddenGradient = ScratchMatrix()
    let roundedHiddenGradient = ScratchMatrix()
    let roundedGradient = ScratchMatrix()
    var norms: [Float] = []
    var kept: Activations?

    /// What the backward pass needs, in the precision of products.
    struct Activations {
      let input: Operand
      /// max(0, x·W₁ + b₁) [N, H], and the same rounded.
      let hidden: (values: Matrix, rounded: Operand)?
    }

    package init() {}
  }

  /// Image vectors [N, D] of features [N, I], valid until the next call with the same memory.
  /// - Parameter masks: what is dropped and added; nothing outside of training.
  package func forward(
    _ features: Matrix, normalizing: Bool, parameters: ParameterSet, memory: Memory,
    masks: ImageMasks = .none
  ) -> Matrix {
    let matrix = parameters.operand(weights)
    let input = memory.features.operand(
      for: disturbed(features, masks: masks, memory: memory), precision: matrix.precision)
    let vectors = memory.vectors.matrix(rows: features.rows, columns: dim)
    multiply(input, by: matrix, into: vectors)
    vectors.addToRows(parameters[bias])
    var hiddenValues: (values: Matrix, rounded: Operand)?
    if let hidden {
      let values = memory.hidden.matrix(rows: features.rows, columns: hidden.size)
      multiply(input, by: parameters.operand(hidden.weights), into: values)
      values.addToRows(parameters[hidden.bias])
      values.rectify()
      let rounded = memory.roundedHidden.operand(for: values, precision: matrix.precision)
      multiply(rounded, by: parameters.operand(hidden.outputWeights), into: vectors, accumulating: true)
      hiddenValues = (values, rounded)
    }
    memory.kept = Memory.Activations(input: input, hidden: hiddenValues)
    memory.norms = [Float](repeating: 0, count: features.rows)
    if normalizing { vectors.normalizeRows(into: vectors, norms: &memory.norms) }
    return vectors
  }

  /// The features with noise added, then some of them dropped; the caller's stay as they are.
  private func disturbed(_ features: Matrix, masks: ImageMasks, memory: Memory) -> Matrix {
    guard masks != .none else { return features }
    let result = memory.disturbed.matrix(rows: features.rows, columns: features.columns)
    if let noise = masks.noise {
      Operand(result).assign(features)
      noise.add(to: result)
      masks.features?.apply(to: result)
    } else {
      masks.features?.apply(to: features, into: Operand(result))
    }
    return result
  }

  /// The gradients of the parameters from that of the vectors (overwritten).
  func backward(
    vectorGradient: Matrix, vectors: Matrix, normalizing: Bool, parameters: ParameterSet,
    gradients: ParameterSet, memory: Memory
  ) {
    guard let kept = memory.kept else { preconditionFailure("backward follows forward") }
    if normalizing { vectorGradient.normalizeRowsBackward(normalized: vectors, norms: memory.norms) }
    vectorGradient.sumColumns(into: gradients[bias])
    let rounded = memory.roundedGradient.operand(for: vectorGradient, precision: kept.input.precision)
    multiply(kept.input, transposingLeft: true, by: rounded, into: gradients[weights])
    guard let hidden, let hiddenValues = kept.hidden else { return }
    multiply(
      hiddenValues.rounded, transposingLeft: true, by: rounded, into: gradients[hidden.outputWeights])
    let gradient = memory.hiddenGradient.matrix(rows: vectors.rows, columns: hidden.size)
    multiply(rounded, by: parameters.operand(hidden.outputWeights), transposingRight: true, into: gradient)
    gradient.rectifyBackward(rectified: hiddenValues.values)
    gradient.sumColumns(into: gradients[hidden.bias])
    let roundedGradient = memory.roundedHiddenGradient.operand(
      for: gradient, precision: kept.input.precision)
    multiply(kept.input, transposingLeft: true, by: roundedGradient, into: gradients[hidden.weights])
  }
}
