import DataFormats
import ImageFeatures
import Tensors
import Testing

/// The three networks as their papers have them.
struct ArchitectureTests {
  /// The weights that a network asks for, without making them.
  static func layers(of network: ConvolutionalNetwork) -> [WeightedLayer] { network.weightedLayers }

  static func parameterCount(_ layers: [WeightedLayer]) -> Int {
    layers.reduce(0) { sum, layer in
      // A batch normalization has a factor and a bias for each channel, as a layer without one has a bias.
      sum + layer.shape.reduce(1, *) + layer.outputs * (layer.normalization == nil ? 1 : 2)
    }
  }

  @Test(arguments: [
    (ConvolutionalNetwork.vgg19(layer: .logits), 143_667_240), (.vgg19(layer: .fc7), 139_570_240),
    (.vgg19(layer: .fc6), 122_788_928), (.mobileNetV1, 3_206_976), (.mobileNetV2, 2_223_872),
  ])
  func hasTheParametersOfThePublishedNetworks(network: ConvolutionalNetwork, count: Int) {
    #expect(Self.parameterCount(Self.layers(of: network)) == count)
  }

  @Test func namesVGGLikeTorchvision() {
    let numbers = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34]
    let names = numbers.map { "features.\($0)" } + ["classifier.0", "classifier.3", "classifier.6"]
    #expect(Self.layers(of: .vgg19(layer: .probabilities)).map(\.name) == names)
  }

  @Test func namesMobileNetV2LikeTorchvision() {
    let layers = Self.layers(of: .mobileNetV2)
    #expect(layers.count == 52)
    let names = Set(layers.map(\.name))
    for name in ["features.1.conv.1", "features.2.conv.0.0", "features.17.conv.2", "features.18.0"] {
      #expect(names.contains(name))
    }
    #expect(layers.first { $0.name == "features.1.conv.1" }?.normalization == "features.1.conv.2")
    #expect(layers.first { $0.name == "features.2.conv.2" }?.normalization == "features.2.conv.3")
  }

  @Test func namesMobileNetV1LikeTimm() {
    let layers = Self.layers(of: .mobileNetV1)
    #expect(layers.count == 27)
    #expect(layers.first?.normalization == "bn1")
    #expect(layers.last?.name == "blocks.4.1.conv_pw")
    #expect(layers.last?.normalization == "blocks.4.1.bn2")
  }

  @Test func readsChoices() {
    #expect(NetworkChoice("vgg19")?.names == [.vgg19])
    #expect(NetworkChoice("mobilenet_v1+mobilenet_v2")?.names == [.mobileNetV1, .mobileNetV2])
    for text in ["", "+", "vgg19+", "vgg", "VGG19", "mobilenet_v1 + mobilenet_v2"] {
      #expect(NetworkChoice(text) == nil)
    }
  }
}
