/// A layer of a convolutional network. What goes into it is what comes out of the layer before it.
package indirect enum NetworkLayer: Sendable, Hashable {
  /// A convolution with square filters whose output has ⌈size / stride⌉ rows and columns.
  case convolution(Convolution)
  /// The largest of each `size` × `size` pixels, `size` apart.
  case maxPool(size: Int)
  /// The mean of each channel.
  case globalAveragePool
  /// y = activation(W x + b), x the numbers of the image by channel, row and column.
  case dense(name: String, outputs: Int, activation: Activation)
  /// x + layers(x); the last of the layers is a convolution, whose activation sees the sum.
  case residual([NetworkLayer])

  /// A convolution's description, and the names of its tensors in the files of the network's source.
  package struct Convolution: Sendable, Hashable {
    /// NAME.weight, [outputs, inputs of a filter, size, size], and without normalization NAME.bias.
    package var name: String
    /// NAME.weight, bias, running_mean and running_var of the batch normalization that follows, if one does.
    package var normalization: String?
    /// The number of channels that come out.
    package var channels: Int
    /// The side of a filter.
    package var size: Int
    /// The distance of neighbouring places.
    package var stride: Int
    /// Groups of channels that see nothing of each other; `channels` for a depthwise convolution.
    package var groups: Int
    /// What follows, behind the normalization.
    package var activation: Activation

    package init(
      _ name: String, normalization: String? = nil, channels: Int, size: Int, stride: Int = 1,
      groups: Int = 1,
      activation: Activation
    ) {
      self.name = name
      self.normalization = normalization
      self.channels = channels
      self.size = size
      self.stride = stride
      self.groups = groups
      self.activation = activation
    }
  }

  /// The function of each number that follows a layer.
  package enum Activation: Sendable, Hashable {
    case none
    /// max(0, x)
    case relu
    /// min(max(0, x), 6)
    case relu6
  }
}

/// Where the zeros around an image stand that keep a convolution's output from shrinking.
public enum ConvolutionPadding: String, Codable, Sendable, CaseIterable {
  /// Half the filter on each side, as PyTorch has it.
  case symmetric
  /// As many as the stride needs, the odd one at the bottom and right: TensorFlow's "same".
  case same

  /// The zeros before and after a dimension of so many pixels.
  func around(_ size: Int, filter: Int, stride: Int) -> (before: Int, after: Int) {
    switch self {
    case .symmetric: return ((filter - 1) / 2, (filter - 1) / 2)
    case .same:
      let places = (size + stride - 1) / stride
      let zeros = max(0, (places - 1) * stride + filter - size)
      return (zeros / 2, zeros - zeros / 2)
    }
  }
}
