extension ConvolutionalNetwork {
  /// MobileNet v1 (Howard et al. 2017, arXiv:1704.04861) of width 1 up to its 1,024 pooled features; tensors have
  /// the names of timm's `mobilenetv1_100`.
  public static let mobileNetV1: ConvolutionalNetwork = {
    let stages: [[(channels: Int, stride: Int)]] = [
      [(64, 1)], [(128, 2), (128, 1)], [(256, 2), (256, 1)],
      [(512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1)], [(1024, 2), (1024, 1)],
    ]
    var layers: [NetworkLayer] = [
      .convolution(
        .init("conv_stem", normalization: "bn1", channels: 32, size: 3, stride: 2, activation: .relu6))
    ]
    var inputs = 32
    for (stage, blocks) in stages.enumerated() {
      for (block, (channels, stride)) in blocks.enumerated() {
        let name = "blocks.\(stage).\(block)"
        layers.append(
          .convolution(
            .init(
              "\(name).conv_dw", normalization: "\(name).bn1", channels: inputs, size: 3, stride: stride,
              groups: inputs, activation: .relu6)))
        layers.append(
          .convolution(
            .init(
              "\(name).conv_pw", normalization: "\(name).bn2", channels: channels, size: 1, activation: .relu6
            )))
        inputs = channels
      }
    }
    return ConvolutionalNetwork(
      name: "MobileNet v1", layers: layers + [.globalAveragePool], unusedNames: ["classifier"],
      usualPreprocessing: .timm)
  }()

  /// MobileNet v2 (Sandler et al. 2018, arXiv:1801.04381) of width 1 up to its 1,280 pooled features; tensors have
  /// the names of torchvision's `mobilenet_v2`.
  public static let mobileNetV2: ConvolutionalNetwork = {
    // Expansion, channels, repetitions, stride of the first: table 2 of the paper.
    let stages = [
      (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
      (6, 320, 1, 1),
    ]
    var layers: [NetworkLayer] = [
      .convolution(
        .init(
          "features.0.0", normalization: "features.0.1", channels: 32, size: 3, stride: 2, activation: .relu6)
      )
    ]
    var (inputs, number) = (32, 1)
    for (expansion, channels, repetitions, stride) in stages {
      for repetition in 0..<repetitions {
        let block = invertedResidual(
          "features.\(number).conv", from: inputs, expansion: expansion, to: channels,
          stride: repetition == 0 ? stride : 1)
        layers += repetition == 0 ? block : [.residual(block)]
        inputs = channels
        number += 1
      }
    }
    layers.append(
      .convolution(
        .init("features.18.0", normalization: "features.18.1", channels: 1280, size: 1, activation: .relu6)))
    return ConvolutionalNetwork(
      name: "MobileNet v2", layers: layers + [.globalAveragePool], unusedNames: ["classifier.1"])
  }()

  /// A convolution 1 × 1 to more channels (none where the expansion is 1), a depthwise one, and one 1 × 1 to
  /// fewer without an activation.
  private static func invertedResidual(
    _ name: String, from inputs: Int, expansion: Int, to channels: Int, stride: Int
  ) -> [NetworkLayer] {
    let inner = inputs * expansion
    let depthwise = expansion == 1 ? 0 : 1
    let widening: [NetworkLayer] =
      expansion == 1
      ? []
      : [
        .convolution(
          .init("\(name).0.0", normalization: "\(name).0.1", channels: inner, size: 1, activation: .relu6))
      ]
    return widening + [
      .convolution(
        .init(
          "\(name).\(depthwise).0", normalization: "\(name).\(depthwise).1", channels: inner, size: 3,
          stride: stride, groups: inner, activation: .relu6)),
      .convolution(
        .init(
          "\(name).\(depthwise + 1)", normalization: "\(name).\(depthwise + 2)", channels: channels, size: 1,
          activation: .none)),
    ]
  }
}
