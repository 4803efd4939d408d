/// The architecture of a convolutional network: its layers, without their weights.
public struct ConvolutionalNetwork: Sendable, Hashable {
  /// The name for messages.
  public let name: String
  /// What goes in.
  package let input: ImageShape
  package let layers: [NetworkLayer]
  /// Whether the numbers that come out are made probabilities: exp(x) / Σ exp(x).
  package let endsInSoftmax: Bool
  /// Layers with weights that files of this network may have behind those that are used, by their tensors' names.
  package let unusedNames: Set<String>
  /// How photos are prepared for PyTorch's weights of this network, where the file says nothing else.
  package let usualPreprocessing: Preprocessing

  package init(
    name: String, input: ImageShape = ImageShape(channels: 3, height: 224, width: 224),
    layers: [NetworkLayer],
    endsInSoftmax: Bool = false, unusedNames: Set<String> = [],
    usualPreprocessing: Preprocessing = .torchvision
  ) {
    self.name = name
    self.input = input
    self.layers = layers
    self.endsInSoftmax = endsInSoftmax
    self.unusedNames = unusedNames
    self.usualPreprocessing = usualPreprocessing
  }
}

/// The size of an image between layers.
package struct ImageShape: Sendable, Hashable {
  package var channels: Int
  package var height: Int
  package var width: Int

  package init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The number of numbers.
  package var count: Int { channels * height * width }
}
