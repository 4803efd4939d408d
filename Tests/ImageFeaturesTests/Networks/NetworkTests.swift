import DataFormats
import ImageFeatures
import Tensors
import TestSupport
import Testing

/// Networks with made-up weights against the reference.
struct NetworkTests {
  typealias Convolution = NetworkLayer.Convolution

  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var input = ImageShape(channels: 3, height: 9, width: 7)
    var layers: [NetworkLayer]
    var testDescription: String { name }
  }

  static func convolution(
    _ name: String, _ channels: Int, _ size: Int, stride: Int = 1, groups: Int = 1,
    _ activation: NetworkLayer.Activation = .none
  ) -> NetworkLayer {
    .convolution(
      Convolution(
        name, channels: channels, size: size, stride: stride, groups: groups, activation: activation))
  }

  static let cases: [Case] = [
    Case(
      name: "one pixel", input: ImageShape(channels: 1, height: 1, width: 1), layers: [convolution("a", 1, 1)]
    ),
    Case(name: "filters of one pixel", layers: [convolution("a", 5, 1)]),
    Case(name: "filters of three", layers: [convolution("a", 5, 3, .relu)]),
    Case(name: "filters of five, stride of three", layers: [convolution("a", 4, 5, stride: 3, .relu6)]),
    Case(
      name: "even sizes, stride of two", input: ImageShape(channels: 3, height: 8, width: 10),
      layers: [convolution("a", 16, 3, stride: 2)]),
    Case(
      name: "many channels", input: ImageShape(channels: 32, height: 6, width: 5),
      layers: [convolution("a", 48, 3)]),
    Case(
      name: "two groups", input: ImageShape(channels: 6, height: 5, width: 4),
      layers: [convolution("a", 4, 3, groups: 2)]),
    Case(
      name: "depthwise", input: ImageShape(channels: 20, height: 7, width: 8),
      layers: [convolution("a", 20, 3, groups: 20, .relu6)]),
    Case(
      name: "depthwise, stride of two", input: ImageShape(channels: 32, height: 8, width: 7),
      layers: [convolution("a", 32, 3, stride: 2, groups: 32)]),
    Case(
      name: "pool that leaves a row over",
      layers: [convolution("a", 6, 3), .maxPool(size: 2), convolution("b", 4, 3)]),
    Case(name: "pool of the photo itself", layers: [.maxPool(size: 3), convolution("a", 4, 3)]),
    Case(name: "pool alone", layers: [.maxPool(size: 2)]),
    Case(name: "mean", layers: [convolution("a", 18, 3, .relu), .globalAveragePool]),
    Case(
      name: "dense layers",
      layers: [
        convolution("a", 6, 3, .relu), .dense(name: "b", outputs: 11, activation: .relu),
        .dense(name: "c", outputs: 3, activation: .none),
      ]),
    Case(
      name: "residual of several layers",
      layers: [
        convolution("a", 16, 3),
        .residual([
          convolution("b", 24, 1, .relu6), convolution("c", 24, 3, groups: 24, .relu6),
          convolution("d", 16, 1),
        ]), convolution("e", 5, 1),
      ]),
    Case(
      name: "residual of one layer, with an activation",
      layers: [convolution("a", 16, 3), .residual([convolution("b", 16, 3, .relu)]), .globalAveragePool]),
    Case(
      name: "residual at the end", layers: [convolution("a", 4, 3), .residual([convolution("b", 4, 3)])]),
    Case(
      name: "residual in a residual",
      layers: [
        convolution("a", 8, 3),
        .residual([
          convolution("b", 8, 1, .relu), .residual([convolution("c", 8, 3), convolution("d", 8, 1)]),
          convolution("e", 8, 3),
        ]),
      ]),
    Case(
      name: "residual of a pool",
      layers: [
        convolution("a", 8, 3), .maxPool(size: 2),
        .residual([convolution("b", 8, 3), convolution("c", 8, 1)]),
      ]),
    // Sizes that oneDNN has Winograd's way for.
    Case(
      name: "wide layers", input: ImageShape(channels: 32, height: 29, width: 18),
      layers: [
        convolution("a", 64, 3, .relu), .maxPool(size: 2), convolution("b", 48, 3, .relu6),
        .residual([convolution("c", 48, 3)]),
      ]),
  ]

  /// Weights for each layer, kept for the reference.
  final class MadeUpWeights {
    var layers: [String: LayerWeights] = [:]
    private var generator = SeededRandomNumberGenerator(seed: 5)

    func weights(of layer: WeightedLayer) -> LayerWeights {
      let count = layer.shape.reduce(1, *)
      let bound = (6 / Float(count / layer.outputs)).squareRoot()
      let made = LayerWeights(
        values: ArrayData((0..<count).map { _ in generator.uniform(in: -bound..<bound) }, shape: layer.shape),
        bias: (0..<layer.outputs).map { _ in generator.uniform(in: -0.5..<0.5) })
      layers[layer.name] = made
      return made
    }

    func photos(_ count: Int, of shape: ImageShape) -> Matrix {
      let photos = Matrix(rows: count, columns: shape.count)
      photos.fillUniform(bound: 2, using: &generator)
      return photos
    }
  }

  static func loaded(
    _ test: Case, padding: ConvolutionPadding, precision: Precision, batchSize: Int, weights: MadeUpWeights
  ) -> LoadedNetwork {
    LoadedNetwork(
      ConvolutionalNetwork(name: test.name, input: test.input, layers: test.layers),
      preprocessing: .squashed, padding: padding, precision: precision, batchSize: batchSize,
      weights: weights.weights)
  }

  @Test(arguments: cases, ConvolutionPadding.allCases)
  func equalsTheReference(_ test: Case, padding: ConvolutionPadding) throws {
    let weights = MadeUpWeights()
    let network = Self.loaded(test, padding: padding, precision: .float32, batchSize: 2, weights: weights)
    let photos = weights.photos(2, of: test.input)
    let found = network.features(of: photos)
    let reference = ReferenceNetwork(padding: padding, weights: weights.layers)
    for row in 0..<photos.rows {
      var image = ReferenceNetwork.Image(test.input)
      image.values = photos.rowValues(row).map(Double.init)
      let expected = try reference.run(test.layers, image).values.map { Float($0) }
      #expect(found.columns == expected.count)
      #expect(relativeError(found.rowValues(row), expected: expected) < 1e-6)
    }
  }

  @Test(arguments: cases)
  func isNearTheReferenceInBFloat16(_ test: Case) throws {
    let weights = MadeUpWeights()
    let network = Self.loaded(test, padding: .same, precision: .bfloat16, batchSize: 2, weights: weights)
    let photos = weights.photos(2, of: test.input)
    let found = network.features(of: photos)
    let reference = ReferenceNetwork(padding: .same, weights: weights.layers)
    for row in 0..<photos.rows {
      var image = ReferenceNetwork.Image(test.input)
      image.values = photos.rowValues(row).map(Double.init)
      let expected = try reference.run(test.layers, image).values.map { Float($0) }
      #expect(relativeError(found.rowValues(row), expected: expected) < 0.02)
    }
  }

  @Test(arguments: [Precision.float32, .bfloat16], [1, 2, 3, 5, 8])
  func doesNotDependOnTheMinibatch(precision: Precision, batchSize: Int) throws {
    for test in Self.cases where test.name == "dense layers" || test.name == "wide layers" {
      compare(test, precision: precision, batchSize: batchSize)
    }
  }

  private func compare(_ test: Case, precision: Precision, batchSize: Int) {
    let weights = MadeUpWeights()
    let alone = Self.loaded(test, padding: .same, precision: precision, batchSize: 1, weights: weights)
    let together = LoadedNetwork(
      alone.network, preprocessing: .squashed, padding: .same, precision: precision, batchSize: batchSize
    ) { layer in
      guard let known = weights.layers[layer.name] else { return weights.weights(of: layer) }
      return known
    }
    let photos = weights.photos(7, of: test.input)
    // Twice, as memory of the first is used again; the second time without the last.
    for count in [7, 6] {
      let found = together.features(of: photos.rows(0..<count))
      for row in 0..<count {
        let expected = alone.features(of: photos.rows(row..<row + 1)).values
        // Sums in another order can round to the neighbouring bfloat16.
        let tolerance = precision == .float32 ? 1e-5 : 0.01
        #expect(relativeError(found.rowValues(row), expected: expected) < tolerance)
      }
    }
    #expect(together.features(of: photos.rows(0..<0)).rows == 0)
  }

  @Test func takesPhotosWithGaps() throws {
    let test = Self.cases[2]
    let weights = MadeUpWeights()
    let network = Self.loaded(test, padding: .symmetric, precision: .float32, batchSize: 2, weights: weights)
    let photos = weights.photos(3, of: test.input)
    let wide = Matrix(rows: 3, columns: photos.columns + 5)
    wide.fill(99)
    wide.columns(2..<2 + photos.columns).assign(photos)
    #expect(
      network.features(of: wide.columns(2..<2 + photos.columns)).values == network.features(of: photos).values
    )
  }
}
