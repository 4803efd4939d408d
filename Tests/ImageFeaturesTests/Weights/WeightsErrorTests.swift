import DataFormats
import Foundation
import ImageFeatures
import TestSupport
import Testing

/// Files that are not of the network.
struct WeightsErrorTests {
  private let folder: TemporaryFolder
  /// The tensors of a right file, to be spoiled.
  private var tensors: [String: ArrayData] = [:]
  private var metadata: [String: String]

  init() throws {
    folder = try TemporaryFolder()
    let file = try SafetensorsFile.read(path: GoldenNetworks.path("separable.safetensors"))
    for name in file.names { tensors[name] = file[name] }
    metadata = file.metadata
  }

  private var path: String { folder.path("weights.safetensors") }

  private func error() throws -> NetworkWeightsError? {
    try SafetensorsFile.write(
      tensors.sorted { $0.key < $1.key }.map { SafetensorsTensor(name: $0.key, $0.value) },
      metadata: metadata,
      to: path)
    do {
      _ = try GoldenNetworks.separable.load(weights: path)
      return nil
    } catch {
      #expect(!error.description.contains("\n"))
      #expect(error.description.contains("weights.safetensors"))
      return error
    }
  }

  private let name = "small MobileNet v1"

  @Test func acceptsTheFileAsItIs() throws { #expect(try error() == nil) }

  @Test mutating func acceptsCountersOfBatches() throws {
    tensors["stem_bn.num_batches_tracked"] = ArrayData([Int64(7)], shape: [])
    #expect(try error() == nil)
  }

  @Test mutating func refusesAFileThatLacksATensor() throws {
    tensors["bn2.running_var"] = nil
    #expect(
      try error()
        == .missingTensor(path: path, network: name, name: "bn2.running_var", expected: [20]))
  }

  @Test mutating func refusesAnotherShape() throws {
    // As many numbers, which a reader that only counts would take.
    let array = try #require(tensors["pw1.weight"])
    tensors["pw1.weight"] = ArrayData(try array.float32Values(), shape: [12, 20, 1, 1])
    #expect(
      try error()
        == .wrongShape(
          path: path, network: name, name: "pw1.weight", found: [12, 20, 1, 1], expected: [20, 12, 1, 1]))
  }

  @Test mutating func refusesATensorThatTheNetworkDoesNotHave() throws {
    tensors["dw1.bias"] = ArrayData([Float](repeating: 0, count: 12))
    #expect(try error() == .unknownTensor(path: path, network: name, name: "dw1.bias", shape: [12]))
  }

  @Test mutating func refusesWholeNumbers() throws {
    tensors["bn1.bias"] = ArrayData([Int32](repeating: 0, count: 12))
    #expect(try error() == .wrongElementType(path: path, name: "bn1.bias", found: "int32"))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  mutating func refusesNumbersThatAreNotFinite(value: Float) throws {
    var values = try #require(tensors["dw2.weight"]).float32Values()
    values[values.count - 1] = value
    tensors["dw2.weight"] = ArrayData(values, shape: [20, 1, 3, 3])
    #expect(try error() == .notFinite(path: path, name: "dw2.weight"))
  }

  @Test mutating func refusesDoublesBeyondFloat32() throws {
    tensors["bn1.bias"] = ArrayData([Double](repeating: 1e300, count: 12))
    #expect(try error() == .notFinite(path: path, name: "bn1.bias"))
  }

  @Test mutating func refusesANegativeVariance() throws {
    tensors["bn1.running_var"] = ArrayData([Float](repeating: -0.5, count: 12))
    #expect(try error() == .negativeVariance(path: path, name: "bn1.running_var"))
  }

  @Test mutating func takesDoublesAndHalves() throws {
    let values = try #require(tensors["bn1.bias"]).float32Values()
    tensors["bn1.bias"] = ArrayData(values.map { Double($0) })
    #expect(try error() == nil)
  }

  @Test(arguments: [
    ("padding", "valid"), ("padding", ""), ("batch_norm_epsilon", "-1"), ("batch_norm_epsilon", "nan"),
    ("batch_norm_epsilon", "x"), ("input", "BGR"),
    ("input", "not squashed RGB, (value - 128) / 128"), ("input", "Original"),
  ])
  mutating func refusesMetadataThatItDoesNotKnow(key: String, value: String) throws {
    metadata[key] = value
    let error = try error()
    guard case .unknownMetadata(_, key, value, _)? = error else {
      Issue.record("unexpected: \(String(describing: error))")
      return
    }
  }

  /// Such as weights of the original's that somebody has converted.
  @Test(arguments: Preprocessing.Name.allCases)
  mutating func theFileOrAnOptionNamesThePreparation(name: Preprocessing.Name) throws {
    metadata["input"] = name.rawValue
    #expect(try error() == nil)
    #expect(try GoldenNetworks.separable.load(weights: path).preprocessing == name.preprocessing)
    let options = NetworkOptions(preprocessing: .torchvision)
    #expect(
      try GoldenNetworks.separable.load(weights: path, options: options).preprocessing == .torchvision)
  }

  @Test(arguments: ["vgg.safetensors", "vgg.pth", "vgg.pkl", "residual.safetensors"])
  func refusesTheWeightsOfAnotherNetwork(file: String) throws {
    #expect(throws: NetworkWeightsError.self) {
      try ConvolutionalNetwork.vgg19().load(weights: GoldenNetworks.path(file))
    }
    #expect(throws: NetworkWeightsError.self) {
      try ConvolutionalNetwork.mobileNetV1.load(weights: GoldenNetworks.path(file))
    }
  }

  @Test func namesTheFirstListedArrayThatDoesNotFit() throws {
    let path = GoldenNetworks.path("vgg.pkl")
    #expect(
      throws: NetworkWeightsError.wrongShape(
        path: path, network: "VGG-19", name: "param values[0]", found: [8, 3, 3, 3], expected: [64, 3, 3, 3])
    ) {
      try ConvolutionalNetwork.vgg19().load(weights: path)
    }
  }

  @Test mutating func refusesNormalizationsThatOverflow() throws {
    tensors["bn1.weight"] = ArrayData([Float](repeating: 3e38, count: 12))
    #expect(try error() == .notFinite(path: path, name: "bn1.weight"))
  }

  @Test func refusesAListOfArraysForNetworksWithNormalizations() {
    let path = GoldenNetworks.path("vgg.pkl")
    #expect(
      throws: NetworkWeightsError.notWeights(
        path: path, expected: "a .safetensors or a .pth for small MobileNet v1")
    ) {
      try GoldenNetworks.separable.load(weights: path)
    }
  }

  @Test func refusesFilesOfOtherKinds() throws {
    for bytes in [[], Array("text".utf8), [0x50, 0x4B, 0x03, 0x04]] as [[UInt8]] {
      let path = try folder.write(bytes, to: "weights.safetensors")
      #expect(throws: NetworkWeightsError.self) { try ConvolutionalNetwork.vgg19().load(weights: path) }
    }
    #expect(throws: NetworkWeightsError.self) {
      try ConvolutionalNetwork.vgg19().load(weights: folder.path("missing"))
    }
    #expect(throws: NetworkWeightsError.self) {
      try ConvolutionalNetwork.vgg19().load(weights: folder.url.path)
    }
  }

  @Test func needsAFileForEachNetwork() throws {
    let choice = try #require(NetworkChoice("mobilenet_v1+mobilenet_v2"))
    #expect(throws: NetworkWeightsError.wrongFileCount(networks: 2, files: 1)) {
      try choice.load(weights: ["a"])
    }
  }
}
