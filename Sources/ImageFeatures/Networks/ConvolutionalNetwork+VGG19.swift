extension ConvolutionalNetwork {
  /// What of VGG-19 the features are.
  public enum VGGLayer: String, Codable, Sendable, CaseIterable {
    /// The first dense layer's 4,096 numbers, after its ReLU.
    case fc6
    /// The second dense layer's 4,096 numbers, after its ReLU: the features of the original.
    case fc7
    /// The 1,000 scores of the classes, as the last layer makes them.
    case logits
    /// The 1,000 probabilities of the classes.
    case probabilities
  }

  /// VGG-19 (Simonyan and Zisserman 2014, arXiv:1409.1556, configuration E) up to a layer; tensors have the names
  /// of torchvision's `vgg19`.
  public static func vgg19(layer: VGGLayer = .fc7) -> ConvolutionalNetwork {
    let dense: [NetworkLayer] = [
      .dense(name: "classifier.0", outputs: 4096, activation: .relu),
      .dense(name: "classifier.3", outputs: 4096, activation: .relu),
      .dense(name: "classifier.6", outputs: 1000, activation: .none),
    ]
    let used =
      switch layer {
      case .fc6: 1
      case .fc7: 2
      case .logits, .probabilities: 3
      }
    return ConvolutionalNetwork(
      name: "VGG-19", layers: convolutionsOfVGG19 + dense[..<used], endsInSoftmax: layer == .probabilities,
      unusedNames: Set(["classifier.0", "classifier.3", "classifier.6"].dropFirst(used)))
  }

  /// Five blocks of convolutions 3 × 3, each followed by a ReLU, with a pool 2 × 2 behind each block. torchvision
  /// counts ReLUs and pools too.
  private static var convolutionsOfVGG19: [NetworkLayer] {
    var layers: [NetworkLayer] = []
    var number = 0
    for (count, channels) in [(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)] {
      for _ in 0..<count {
        layers.append(
          .convolution(.init("features.\(number)", channels: channels, size: 3, activation: .relu)))
        number += 2
      }
      layers.append(.maxPool(size: 2))
      number += 1
    }
    return layers
  }
}
