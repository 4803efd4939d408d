import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Every loss with and without captions of one image as negatives, and at its extremes, against what NumPy and
/// PyTorch compute in float64.
@Suite struct LossGoldenTests {
  struct Golden: Decodable {
    var loss: RankingLoss
    var excludesSameImage: Bool
    var margin: Float
    var scale: Float
    var bias: Float
    var images: [Int32]
    var cost: Double
    var scaleGradient: Double
    var biasGradient: Double

    var groups: PairGroups { excludesSameImage ? PairGroups(images) : .separate(images.count) }
  }

  static var names: [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: fixturePath("losses"))
    return (names ?? []).sorted()
  }

  @Test func everyLossAndOption() { #expect(Self.names.count == 22) }

  @Test(arguments: names) func golden(name: String) throws {
    let folder = fixturePath("losses/\(name)")
    let golden = try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/case.json")))
    let size = golden.images.count
    let scores = Matrix(
      rows: size, columns: size, values: try NumpyArray.read(path: folder + "/scores.npy").float32Values())
    let expected = try NumpyArray.read(path: folder + "/gradient.npy").float32Values()
    let gradient = Matrix(rows: size, columns: size)
    gradient.fill(.nan)  // every number of it is written

    var (cost, scaleGradient, biasGradient) = (0.0, 0.0, 0.0)
    switch golden.loss {
    case .sum, .max:
      cost = pairwiseRankingLoss(
        scores: scores, groups: golden.groups, margin: golden.margin,
        terms: golden.loss == .max ? .hardest(1) : .all, gradient: gradient)
    case .infoNCE:
      (cost, scaleGradient) = infoNCELoss(
        scores: scores, groups: golden.groups, scale: golden.scale, gradient: gradient)
    case .sigmoid:
      (cost, scaleGradient, biasGradient) = sigmoidLoss(
        scores: scores, groups: golden.groups, scale: golden.scale, bias: golden.bias, gradient: gradient)
    }
    #expect(abs(cost - golden.cost) <= 1e-6 * golden.cost)
    #expect(abs(scaleGradient - golden.scaleGradient) <= 2e-6 * abs(golden.scaleGradient) + 1e-9)
    #expect(abs(biasGradient - golden.biasGradient) <= 2e-6 * abs(golden.biasGradient) + 1e-9)
    if expected.contains(where: { $0 != 0 }) {
      #expect(relativeError(gradient.values, expected: expected) < 2e-6)
    } else {
      #expect(gradient.values == expected)
    }
  }
}
