internal import CNeural

/// The layers of a network as CNeural takes them, and what weights they need, in two parts.
///
/// Dense layers read hundreds of megabytes of weights for a minibatch of whatever size, and are therefore compiled
/// once, for the largest; convolutions are compiled for each size that comes.
struct LayerProgram {
  /// A run of layers and what goes into them.
  struct Part {
    var layers: [cneural_layer] = []
    var input: ImageShape
    /// The layers that have weights, in order.
    var weighted: [WeightedLayer] = []
    /// Floating-point operations for an image, from the formulas.
    var operations = 0.0
  }

  /// Convolutions and pools.
  private(set) var images: Part
  /// What begins with the first dense layer.
  private(set) var rows: Part?
  /// What comes out.
  private(set) var output: ImageShape
  private let padding: ConvolutionPadding

  init(_ network: ConvolutionalNetwork, padding: ConvolutionPadding) {
    images = Part(input: network.input)
    output = network.input
    self.padding = padding
    for layer in network.layers { append(layer) }
  }

  private mutating func append(_ layer: NetworkLayer) {
    switch layer {
    case .convolution(let convolution): append(convolution)
    case .maxPool(let size): append(cneural_layer.maxPool(size: size))
    case .globalAveragePool: append(cneural_layer.mean(of: output))
    case .dense(let name, let outputs, let activation):
      var part = rows ?? Part(input: output)
      part.weighted.append(
        WeightedLayer(
          index: part.layers.count, name: name, kind: .dense(inputs: output.count, outputs: outputs)))
      part.layers.append(.dense(outputs: outputs, activation: activation))
      part.operations += 2 * Double(output.count) * Double(outputs)
      rows = part
      output = ImageShape(channels: outputs, height: 1, width: 1)
    case .residual(let layers):
      let source = images.layers.count - 1
      precondition(source >= 0, "the input of a network cannot be added to a layer")
      for layer in layers { append(layer) }
      images.layers[images.layers.count - 1].residual = Int64(source)
    }
  }

  private mutating func append(_ layer: cneural_layer) {
    precondition(rows == nil, "only dense layers may follow a dense layer")
    output = layer.output(for: output)
    images.layers.append(layer)
  }

  private mutating func append(_ convolution: NetworkLayer.Convolution) {
    let inputs = output.channels / convolution.groups
    images.weighted.append(
      WeightedLayer(
        index: images.layers.count, name: convolution.name, normalization: convolution.normalization,
        kind: .convolution(inputs: inputs, outputs: convolution.channels, size: convolution.size)))
    append(cneural_layer.convolution(convolution, of: output, padding: padding))
    images.operations += 2 * Double(inputs * convolution.size * convolution.size) * Double(output.count)
  }
}

/// A layer with weights: where it stands, and which tensors it needs.
package struct WeightedLayer {
  package enum Kind {
    /// Filters [outputs, inputs, size, size].
    case convolution(inputs: Int, outputs: Int, size: Int)
    /// Weights [outputs, inputs].
    case dense(inputs: Int, outputs: Int)
  }

  /// Its index among the layers of its part.
  package let index: Int
  package let name: String
  package var normalization: String? = nil
  package let kind: Kind

  /// The shape of its weights.
  package var shape: [Int] {
    switch kind {
    case .convolution(let inputs, let outputs, let size): [outputs, inputs, size, size]
    case .dense(let inputs, let outputs): [outputs, inputs]
    }
  }

  /// The number of its biases.
  package var outputs: Int { shape[0] }
}

extension ConvolutionalNetwork {
  /// The layers that have weights, in order.
  package var weightedLayers: [WeightedLayer] {
    // The padding does not change them.
    let program = LayerProgram(self, padding: .symmetric)
    return program.images.weighted + (program.rows?.weighted ?? [])
  }
}

extension NetworkLayer.Activation {
  fileprivate var cActivation: cneural_activation {
    switch self {
    case .none: CNEURAL_LINEAR
    case .relu: CNEURAL_RELU
    case .relu6: CNEURAL_RELU6
    }
  }
}

extension cneural_layer {
  private static func layer(_ kind: cneural_layer_kind, _ activation: cneural_activation) -> cneural_layer {
    cneural_layer(
      kind: kind, activation: activation, outputs: 0, groups: 1, kernel_height: 1, kernel_width: 1,
      stride_height: 1, stride_width: 1, padding_top: 0, padding_left: 0, padding_bottom: 0, padding_right: 0,
      residual: -1)
  }

  fileprivate static func dense(outputs: Int, activation: NetworkLayer.Activation) -> cneural_layer {
    var layer = layer(CNEURAL_DENSE, activation.cActivation)
    layer.outputs = Int64(outputs)
    return layer
  }

  fileprivate static func convolution(
    _ convolution: NetworkLayer.Convolution, of image: ImageShape, padding: ConvolutionPadding
  ) -> cneural_layer {
    let (size, stride) = (convolution.size, convolution.stride)
    let vertical = padding.around(image.height, filter: size, stride: stride)
    let horizontal = padding.around(image.width, filter: size, stride: stride)
    var layer = layer(CNEURAL_CONVOLUTION, convolution.activation.cActivation)
    layer.outputs = Int64(convolution.channels)
    layer.groups = Int64(convolution.groups)
    (layer.kernel_height, layer.kernel_width) = (Int64(size), Int64(size))
    (layer.stride_height, layer.stride_width) = (Int64(stride), Int64(stride))
    (layer.padding_top, layer.padding_bottom) = (Int64(vertical.before), Int64(vertical.after))
    (layer.padding_left, layer.padding_right) = (Int64(horizontal.before), Int64(horizontal.after))
    return layer
  }

  fileprivate static func maxPool(size: Int) -> cneural_layer {
    var layer = layer(CNEURAL_MAX_POOL, CNEURAL_LINEAR)
    (layer.kernel_height, layer.kernel_width) = (Int64(size), Int64(size))
    (layer.stride_height, layer.stride_width) = (Int64(size), Int64(size))
    return layer
  }

  fileprivate static func mean(of image: ImageShape) -> cneural_layer {
    var layer = layer(CNEURAL_AVERAGE_POOL, CNEURAL_LINEAR)
    (layer.kernel_height, layer.kernel_width) = (Int64(image.height), Int64(image.width))
    return layer
  }

  /// What a convolution or a pool makes of an image.
  fileprivate func output(for image: ImageShape) -> ImageShape {
    let height = Int64(image.height) + padding_top + padding_bottom - kernel_height
    let width = Int64(image.width) + padding_left + padding_right - kernel_width
    return ImageShape(
      channels: kind == CNEURAL_CONVOLUTION ? Int(outputs) : image.channels,
      height: Int(height / stride_height) + 1, width: Int(width / stride_width) + 1)
  }
}
