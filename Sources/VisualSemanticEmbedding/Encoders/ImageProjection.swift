package import Tensors

/// Image features to image vectors: feature · W + b, and unit L2 norm where asked.
package struct ImageProjection: Sendable {
  /// W [I, D].
  let weights: ParameterSlot
  /// b [1, D].
  let bias: ParameterSlot
  let dim: Int

  init(_ configuration: ModelConfiguration, layout: inout ParameterLayout) {
    dim = configuration.dim
    let bound = (6 / Float(configuration.imageDim + dim)).squareRoot()
    weights = layout.add(
      "image_projection.weights", rows: configuration.imageDim, columns: dim, .uniform(bound: bound))
    bias = layout.add("image_projection.bias", rows: 1, columns: dim, .zero)
  }

  package final class Memory {
    let features = ScratchMatrix()
    let vectors = ScratchMatrix()
    let roundedGradient = ScratchMatrix()
    var norms: [Float] = []
    var input: Operand?

    package init() {}
  }

  /// Image vectors [N, D] of features [N, I], valid until the next call with the same memory.
  package func forward(_ features: Matrix, normalizing: Bool, parameters: ParameterSet, memory: Memory)
    -> Matrix
  {
    let matrix = parameters.operand(weights)
    let input = memory.features.operand(for: features, precision: matrix.precision)
    let vectors = memory.vectors.matrix(rows: features.rows, columns: dim)
    multiply(input, by: matrix, into: vectors)
    vectors.addToRows(parameters[bias])
    memory.input = input
    memory.norms = [Float](repeating: 0, count: features.rows)
    if normalizing { vectors.normalizeRows(into: vectors, norms: &memory.norms) }
    return vectors
  }

  /// The gradients of W and b from that of the vectors (overwritten).
  func backward(
    vectorGradient: Matrix, vectors: Matrix, normalizing: Bool, gradients: ParameterSet, memory: Memory
  ) {
    guard let input = memory.input else { preconditionFailure("backward follows forward") }
    if normalizing { vectorGradient.normalizeRowsBackward(normalized: vectors, norms: memory.norms) }
    vectorGradient.sumColumns(into: gradients[bias])
    let rounded = memory.roundedGradient.operand(for: vectorGradient, precision: input.precision)
    multiply(input, transposingLeft: true, by: rounded, into: gradients[weights])
  }
}
