import Foundation

/// The whole model and its loss in Double, one number after the other, straight from the formulas: what the
/// fast version is compared with.
///
/// Parameters stand under the names that the original's files give them, each gate by itself: a GRU's r, u, c
/// and a long short-term memory's i, f, o, g.
public struct ReferenceModel {
  public typealias Table = [[Double]]

  public enum Encoder: Sendable { case gru, lstm, bow }

  public var encoder: Encoder
  public var dim: Int
  public var normalizesImages: Bool
  public var countsHardestOnly: Bool
  public var margin: Double
  /// [V, E].
  public var words: Table
  /// [E, D] of each gate.
  public var inputWeights: [Table] = []
  /// [D, D] of each gate.
  public var recurrentWeights: [Table] = []
  /// [D] of each gate.
  public var biases: Table = []
  /// [D], all zero where there is none.
  public var hiddenBias: [Double]
  /// [3, D], all zero where there are none.
  public var peepholes: Table
  /// [I, D].
  public var imageWeights: Table
  /// [D].
  public var imageBias: [Double]

  public init(
    encoder: Encoder, dim: Int, normalizesImages: Bool, countsHardestOnly: Bool, margin: Double, words: Table,
    imageWeights: Table, imageBias: [Double]
  ) {
    self.encoder = encoder
    self.dim = dim
    self.normalizesImages = normalizesImages
    self.countsHardestOnly = countsHardestOnly
    self.margin = margin
    self.words = words
    self.imageWeights = imageWeights
    self.imageBias = imageBias
    hiddenBias = [Double](repeating: 0, count: dim)
    peepholes = Table(repeating: hiddenBias, count: 3)
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private func unit(_ x: [Double]) -> [Double] {
    let norm = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? x.map { $0 / norm } : x
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  /// Σ_e x_e · weights[e][d].
  private func product(_ x: [Double], _ weights: Table, _ d: Int) -> Double {
    var sum = 0.0
    for index in x.indices { sum += x[index] * weights[index][d] }
    return sum
  }

  /// The sentence's vector, of unit norm.
  public func sentence(_ tokens: [Int]) -> [Double] {
    var h = [Double](repeating: 0, count: dim)
    var c = h
    for token in tokens {
      let x = words[token]
      switch encoder {
      case .bow: for d in 0..<dim { h[d] += x[d] }
      case .gru: h = gatedStep(x, h)
      case .lstm: (h, c) = memoryStep(x, h, c)
      }
    }
    return unit(h)
  }

  private func gatedStep(_ x: [Double], _ h: [Double]) -> [Double] {
    (0..<dim).map { d in
      func sum(_ gate: Int) -> Double { product(x, inputWeights[gate], d) + biases[gate][d] }
      let r = sigmoid(sum(0) + product(h, recurrentWeights[0], d))
      let u = sigmoid(sum(1) + product(h, recurrentWeights[1], d))
      let candidate = tanh(sum(2) + r * (product(h, recurrentWeights[2], d) + hiddenBias[d]))
      return u * h[d] + (1 - u) * candidate
    }
  }

  private func memoryStep(_ x: [Double], _ h: [Double], _ c: [Double]) -> (h: [Double], c: [Double]) {
    var (newState, newCell) = (h, c)
    for d in 0..<dim {
      func sum(_ gate: Int) -> Double {
        product(x, inputWeights[gate], d) + biases[gate][d] + product(h, recurrentWeights[gate], d)
      }
      let i = sigmoid(sum(0) + peepholes[0][d] * c[d])
      let f = sigmoid(sum(1) + peepholes[1][d] * c[d])
      newCell[d] = f * c[d] + i * tanh(sum(3))
      let o = sigmoid(sum(2) + peepholes[2][d] * newCell[d])
      newState[d] = o * tanh(newCell[d])
    }
    return (newState, newCell)
  }

  /// The image's vector as training has it: of unit norm only where images are normalised.
  public func image(_ features: [Double]) -> [Double] {
    let vector = (0..<dim).map { product(features, imageWeights, $0) + imageBias[$0] }
    return normalizesImages ? unit(vector) : vector
  }

  /// The loss of a minibatch: a row of features and a sentence for each pair.
  public func cost(features: Table, sentences: [[Int]]) -> Double {
    let images = features.map { image($0) }
    let captions = sentences.map { sentence($0) }
    var total = 0.0
    for own in images.indices {
      let ownScore = dot(images[own], captions[own])
      let others = images.indices.filter { $0 != own }
      let row = others.map { max(0, margin - ownScore + dot(images[own], captions[$0])) }
      let column = others.map { max(0, margin - ownScore + dot(images[$0], captions[own])) }
      for hinges in [row, column] {
        total += countsHardestOnly ? hinges.max() ?? 0 : hinges.reduce(0, +)
      }
    }
    return total
  }
}
