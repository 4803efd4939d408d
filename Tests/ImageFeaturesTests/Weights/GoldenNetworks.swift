import DataFormats
import ImageFeatures
import Tensors
import TestSupport
import Testing

/// The networks of Tests/Fixtures/networks.
enum GoldenNetworks {
  static let vgg = ConvolutionalNetwork(
    name: "small VGG", input: ImageShape(channels: 3, height: 20, width: 12),
    layers: [
      .convolution(.init("features.0", channels: 8, size: 3, activation: .relu)),
      .convolution(.init("features.2", channels: 20, size: 3, activation: .relu)),
      .maxPool(size: 2),
      .convolution(.init("features.5", channels: 16, size: 3, activation: .relu)),
      .maxPool(size: 2),
      .dense(name: "classifier.0", outputs: 24, activation: .relu),
      .dense(name: "classifier.3", outputs: 10, activation: .none),
    ])

  static let separable = ConvolutionalNetwork(
    name: "small MobileNet v1", input: ImageShape(channels: 3, height: 24, width: 19),
    layers: [
      normalized("stem", "stem_bn", 12, 3, stride: 2, .relu6),
      normalized("dw1", "bn1", 12, 3, groups: 12, .relu6), normalized("pw1", "bn2", 20, 1, .relu6),
      normalized("dw2", "bn3", 20, 3, stride: 2, groups: 20, .relu6), normalized("pw2", "bn4", 32, 1, .relu6),
      .globalAveragePool,
    ])

  static let residual = ConvolutionalNetwork(
    name: "small MobileNet v2", input: ImageShape(channels: 3, height: 22, width: 17),
    layers: [
      normalized("stem", "stem_bn", 16, 3, stride: 2, .relu6), normalized("down", "down_bn", 12, 1, .none),
      block(1), block(2), normalized("head", "head_bn", 40, 1, .relu6), .globalAveragePool,
    ])

  private static func normalized(
    _ name: String, _ normalization: String, _ channels: Int, _ size: Int, stride: Int = 1, groups: Int = 1,
    _ activation: NetworkLayer.Activation
  ) -> NetworkLayer {
    .convolution(
      .init(
        name, normalization: normalization, channels: channels, size: size, stride: stride, groups: groups,
        activation: activation))
  }

  private static func block(_ number: Int) -> NetworkLayer {
    let name = "block\(number)"
    return .residual([
      normalized("\(name).wide", "\(name).bn1", 24, 1, .relu6),
      normalized("\(name).deep", "\(name).bn2", 24, 3, groups: 24, .relu6),
      normalized("\(name).narrow", "\(name).bn3", 12, 1, .none),
    ])
  }

  static func path(_ name: String) -> String { fixturePath("networks/\(name)") }

  /// A tensor of a case's goldens, a row for each photo.
  static func golden(_ name: String, of test: String) throws -> Matrix {
    let file = try SafetensorsFile.read(path: path("\(test).golden.safetensors"))
    let array = try #require(file[name])
    let values = try array.float32Values()
    return Matrix(rows: array.shape[0], columns: values.count / array.shape[0], values: values)
  }
}
