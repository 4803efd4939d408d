import Foundation
import ImageFeatures
import Tensors
import TestSupport
import Testing

/// Small networks against PyTorch, with weights from every kind of file.
struct GoldenTests {
  struct Case: Sendable {
    var network: ConvolutionalNetwork
    var test: String
    var file: String
    var padding: ConvolutionPadding?
    var golden = "features"
  }

  static let cases = [
    Case(network: GoldenNetworks.vgg, test: "vgg", file: "vgg.safetensors"),
    Case(network: GoldenNetworks.vgg, test: "vgg", file: "vgg.pth"),
    Case(network: GoldenNetworks.vgg, test: "vgg", file: "vgg.pkl"),
    Case(network: GoldenNetworks.vgg, test: "vgg", file: "vgg.python3.pkl"),
    Case(
      network: GoldenNetworks.separable, test: "separable", file: "separable.safetensors", padding: .symmetric
    ),
    // As the file's metadata says.
    Case(
      network: GoldenNetworks.separable, test: "separable", file: "separable.safetensors",
      golden: "features_same"),
    Case(
      network: GoldenNetworks.residual, test: "residual", file: "residual.safetensors", padding: .symmetric),
    Case(
      network: GoldenNetworks.residual, test: "residual", file: "residual.safetensors", padding: .same,
      golden: "features_same"),
  ]

  private func features(_ test: Case, _ precision: Precision) throws -> (found: Matrix, expected: Matrix) {
    let options = NetworkOptions(precision: precision, batchSize: 2, padding: test.padding)
    let network = try test.network.load(weights: GoldenNetworks.path(test.file), options: options)
    let photos = try GoldenNetworks.golden("photos", of: test.test)
    return (network.features(of: photos), try GoldenNetworks.golden(test.golden, of: test.test))
  }

  @Test(arguments: cases)
  func equalsPyTorch(_ test: Case) throws {
    let (found, expected) = try features(test, .float32)
    #expect(found.columns == expected.columns)
    for row in 0..<expected.rows {
      #expect(relativeError(found.rowValues(row), expected: expected.rowValues(row)) < 1e-6)
    }
  }

  @Test(arguments: cases)
  func pointsWherePyTorchDoesInBFloat16(_ test: Case) throws {
    let (found, expected) = try features(test, .bfloat16)
    found.normalizeRows()
    expected.normalizeRows()
    for row in 0..<expected.rows {
      let cosine = zip(found.rowValues(row), expected.rowValues(row)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(cosine > 0.999)
    }
  }

  @Test func makesProbabilities() throws {
    let network = ConvolutionalNetwork(
      name: "small VGG", input: GoldenNetworks.vgg.input, layers: GoldenNetworks.vgg.layers,
      endsInSoftmax: true)
    let photos = try GoldenNetworks.golden("photos", of: "vgg")
    let found = try network.load(weights: GoldenNetworks.path("vgg.safetensors")).features(of: photos)
    let scores = try GoldenNetworks.golden("features", of: "vgg")
    for row in 0..<found.rows {
      let powers = scores.rowValues(row).map { exp(Double($0)) }
      let expected = powers.map { Float($0 / powers.reduce(0, +)) }
      #expect(relativeError(found.rowValues(row), expected: expected) < 1e-5)
    }
  }

  @Test func joinsFeaturesOfUnitNorm() throws {
    let path = GoldenNetworks.path("residual.safetensors")
    let networks = try [ConvolutionPadding.symmetric, .same].map {
      try GoldenNetworks.residual.load(weights: path, options: NetworkOptions(padding: $0))
    }
    let photos = try GoldenNetworks.golden("photos", of: "residual")
    let found = try JoinedNetwork(networks).features(of: photos)
    let halves = try ["features", "features_same"].map { try GoldenNetworks.golden($0, of: "residual") }
    for half in halves { half.normalizeRows() }
    for row in 0..<photos.rows {
      let expected = halves.flatMap { $0.rowValues(row) }.map { $0 * Float(0.5).squareRoot() }
      #expect(relativeError(found.rowValues(row), expected: expected) < 1e-5)
    }
  }

  @Test func refusesToJoinNetworksThatSeeOtherPhotos() throws {
    let first = try GoldenNetworks.residual.load(weights: GoldenNetworks.path("residual.safetensors"))
    let second = try GoldenNetworks.vgg.load(weights: GoldenNetworks.path("vgg.safetensors"))
    #expect(
      throws: NetworkWeightsError.differentPreprocessing(first: "small MobileNet v2", second: "small VGG")
    ) {
      try JoinedNetwork([first, second])
    }
  }

  @Test(arguments: [
    ("vgg.safetensors", Preprocessing.torchvision), ("vgg.pth", .torchvision), ("vgg.pkl", .original),
  ])
  func preparesPhotosAsTheSourceDoes(file: String, preprocessing: Preprocessing) throws {
    #expect(try GoldenNetworks.vgg.load(weights: GoldenNetworks.path(file)).preprocessing == preprocessing)
  }

  @Test func preparesPhotosAsTheMetadataSays() throws {
    let network = try GoldenNetworks.separable.load(weights: GoldenNetworks.path("separable.safetensors"))
    #expect(network.preprocessing == .squashed)
  }
}
