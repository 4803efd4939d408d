import DataFormats
import Foundation
import ImageFeatures
import TestSupport
import Testing

/// Files of weights as torchvision writes them, but for the numbers.
enum ReadmeWeights {
  /// Random convolutions (He et al. 2015, arXiv:1502.01852) and normalizations that change nothing.
  static func write(_ network: ConvolutionalNetwork, to path: String) throws {
    var generator = SeededGenerator(seed: 1)
    var tensors: [SafetensorsTensor] = []
    func add(_ name: String, _ values: [Float], _ shape: [Int]) {
      tensors.append(SafetensorsTensor(name: name, ArrayData(values, shape: shape)))
    }
    for layer in network.weightedLayers {
      let count = layer.shape.reduce(1, *)
      let bound = (6 / Float(count / layer.outputs)).squareRoot()
      add(
        "\(layer.name).weight", (0..<count).map { _ in .random(in: -bound...bound, using: &generator) },
        layer.shape)
      let normalization = try #require(layer.normalization)
      for part in ["weight", "bias", "running_mean", "running_var"] {
        let value: Float = part == "weight" || part == "running_var" ? 1 : 0
        add("\(normalization).\(part)", [Float](repeating: value, count: layer.outputs), [layer.outputs])
      }
    }
    try SafetensorsFile.write(tensors, to: path)
  }

  /// Zeros for all weights and ones for all biases: a hole of a file, as VGG-19's weights are 550 MB.
  static func writeHollow(_ network: ConvolutionalNetwork, to path: String) throws {
    var entries: [String] = []
    var biases: [(offset: Int, count: Int)] = []
    var end = 0
    func add(_ name: String, _ shape: [Int]) {
      let start = end
      end += 4 * shape.reduce(1, *)
      entries.append(#""\#(name)":{"dtype":"F32","shape":\#(shape),"data_offsets":[\#(start),\#(end)]}"#)
    }
    for layer in network.weightedLayers {
      add("\(layer.name).weight", layer.shape)
      biases.append((end, layer.outputs))
      add("\(layer.name).bias", [layer.outputs])
    }
    let header = Data("{\(entries.joined(separator: ","))}".utf8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    try (length + header).write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    defer { try? file.close() }
    let start = length.count + header.count
    try file.truncate(atOffset: UInt64(start + end))
    for bias in biases {
      try file.seek(toOffset: UInt64(start + bias.offset))
      let one = withUnsafeBytes(of: Float(1).bitPattern.littleEndian) { Data($0) }
      try file.write(contentsOf: Data((0..<bias.count).flatMap { _ in one }))
    }
  }
}
