import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Losses that learn a scale of the scores: the whole model's gradients, those of the scale and the bias among
/// them, for captions of several lengths, against central differences in Double.
@Suite struct LearnedScaleTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    var loss: RankingLoss
    var excludes: Bool
    var recomputes: Bool
    var testDescription: String {
      "\(loss)\(excludes ? " excluding" : "")\(recomputes ? " recomputing" : "")"
    }

    static let all = [RankingLoss.infoNCE, .sigmoid].flatMap { loss in
      [false, true].flatMap { excludes in
        [false, true].map { Variant(loss: loss, excludes: excludes, recomputes: $0) }
      }
    }
  }

  /// A bag of words keeps the plain version fast; recurrent encoders differ in no step of this.
  private let configuration = ModelConfiguration(
    encoder: .bow, dim: 5, imageDim: 4, vocabularySize: 9, normalizeImages: true)
  private let images = [7, 3, 7, 1, 3]
  private let sentences = [[4, 2], [3, 0], [5, 6, 6], [2, 5, 1], [8, 4, 3, 2]]

  private func step(_ variant: Variant) -> TrainingStep {
    let (network, objective) = EmbeddingNetwork.extended(
      configuration: configuration, precision: .float32
    ) { layout in
      switch variant.loss {
      case .infoNCE:
        TrainingObjective.infoNCE(scale: 5, excludesSameImage: variant.excludes, layout: &layout)
      default:
        TrainingObjective.sigmoid(scale: 4, bias: -2, excludesSameImage: variant.excludes, layout: &layout)
      }
    }
    var generator = SeededRandomNumberGenerator(seed: 3)
    network.initialize(using: &generator)
    for name in ["word_embedding", "image_projection.weights"] {
      network.parameters[name]?.fillUniform(bound: 1, using: &generator)
    }
    return TrainingStep(
      network: network,
      optimizer: AdamOptimizer(layout: network.parameters.layout, form: .standard, clip: 0, weightDecay: 0),
      objective: objective, recomputes: variant.recomputes)
  }

  private func plainCost(_ parameters: ParameterSet, _ variant: Variant, features: Matrix) throws -> Double {
    let tables = parameters.tables
    let model = ReferenceModel(
      encoder: .bow, normalizesImages: true, countsHardestOnly: false, margin: 0, parameters: tables)
    let captions = sentences.map { model.sentence($0) }
    let scores = features.table.map { row in
      let image = model.image(row)
      return captions.map { zip(image, $0).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let groups = variant.excludes ? images : Array(images.indices)
    let scale = exp(try #require(tables["loss.log_scale"])[0][0])
    guard variant.loss == .sigmoid else {
      return ReferenceLosses.infoNCE(scores, images: groups, scale: scale)
    }
    return ReferenceLosses.sigmoid(
      scores, images: groups, scale: scale, bias: try #require(tables["loss.bias"])[0][0])
  }

  private func minibatch(_ features: Matrix) -> Minibatch {
    let lengths = [0..<2, 2..<4, 4..<5]  // captions of two, three and four words
    return Minibatch(
      features: features,
      captions: lengths.map { range in
        TokenBatch(
          captions: sentences[range].map { $0.map { Int32($0) }[...] },
          vocabulary: configuration.vocabularySize)
      }, images: images.map { Int32($0) })
  }

  @Test(arguments: Variant.all) func gradients(variant: Variant) throws {
    let step = step(variant)
    let parameters = step.network.parameters
    var generator = SeededRandomNumberGenerator(seed: 8)
    let features = Matrix(rows: images.count, columns: configuration.imageDim)
    features.fillUniform(bound: 1, using: &generator)
    let cost = step.loss(minibatch(features), terms: .all, generator: &generator)
    #expect(abs(cost - (try plainCost(parameters, variant, features: features))) < 1e-5 * cost)
    #expect(parameters.layout.entries.map(\.name).contains("loss.bias") == (variant.loss == .sigmoid))
    for entry in parameters.layout.entries {
      let parameter = try #require(parameters[entry.name])
      let gradient = try #require(step.gradients[entry.name])
      var (difference, norm) = (0.0, 0.0)
      for row in 0..<entry.rows {
        for column in 0..<entry.columns {
          let value = parameter[row, column]
          let (ahead, behind) = (value + 0x1p-14, value - 0x1p-14)
          parameter[row, column] = ahead
          let costAhead = try plainCost(parameters, variant, features: features)
          parameter[row, column] = behind
          let costBehind = try plainCost(parameters, variant, features: features)
          parameter[row, column] = value
          let expected = (costAhead - costBehind) / (Double(ahead) - Double(behind))
          let found = Double(gradient[row, column])
          difference += (found - expected) * (found - expected)
          norm += expected * expected
        }
      }
      #expect(difference.squareRoot() <= 1e-4 * norm.squareRoot() + 1e-7, "\(entry.name)")
    }
  }

  /// A rate that would carry the scale far beyond CLIP's bound brings it to that; a sigmoid's has none.
  @Test func onlyInfoNCEBoundsItsScale() throws {
    for loss in [RankingLoss.infoNCE, .sigmoid] {
      let step = step(Variant(loss: loss, excludes: false, recomputes: false))
      let parameters = step.network.parameters
      let logScale = try #require(parameters["loss.log_scale"])
      logScale[0, 0] = log(90)
      var generator = SeededRandomNumberGenerator(seed: 8)
      // Pairs that the model tells apart already, so that the scale wants to grow.
      for name in ["word_embedding", "image_projection.weights"] {
        let matrix = try #require(parameters[name])
        matrix.fill(0)
        for index in 0..<4 { matrix[index, index] = 1 }
      }
      let features = Matrix(rows: 2, columns: 4, values: [0, 0, 1, 0.95, 0, 0, 0, 1])
      let tokens = TokenBatch(captions: [[2], [3]], vocabulary: 9)
      if let bias = parameters["loss.bias"] { bias[0, 0] = -80 }
      let report = step.update(
        Minibatch(features: features, tokens: tokens), terms: .all, rate: 1, generator: &generator)
      #expect(report.cost.isFinite)
      let scale = try #require(step.objective.scale(parameters))
      if loss == .infoNCE {
        #expect(abs(scale - 100) < 1e-3 && logScale[0, 0] == log(Float(100)))
      } else {
        #expect(scale > 100)
      }
    }
  }

  @Test func scalesAreThoseOfThePapers() throws {
    for (loss, scale) in [(RankingLoss.infoNCE, Float(1 / 0.07)), (.sigmoid, 10)] {
      var options = TrainingOptions()
      options.loss = loss
      let (network, objective) = EmbeddingNetwork.extended(
        configuration: configuration, precision: .float32
      ) { options.objective(layout: &$0) }
      var generator = SeededRandomNumberGenerator(seed: 1)
      network.initialize(using: &generator)
      #expect(abs(try #require(objective.scale(network.parameters)) - scale) < 1e-5 * scale)
      #expect(objective.bias(network.parameters) == (loss == .sigmoid ? -10 : nil))
    }
    #expect(TrainingObjective.hinges(margin: 0.2).scale(ParameterSet(layout: ParameterLayout())) == nil)
  }
}
