package import DataFormats

/// The weights of a layer as they are packed.
package struct LayerWeights {
  /// Float32, [outputs, inputs, size, size] or [outputs, inputs].
  package let values: ArrayData
  /// Whether those of a dense layer are [inputs, outputs].
  package let isTransposed: Bool
  /// A number for each output.
  package let bias: [Float]

  package init(values: ArrayData, isTransposed: Bool = false, bias: [Float]) {
    precondition(values.elementType == .float32, "weights are packed from float32")
    self.values = values
    self.isTransposed = isTransposed
    self.bias = bias
  }
}
