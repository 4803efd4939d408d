import Foundation

/// The whole model and its loss in Double, one number after the other, straight from the formulas: what the
/// fast version is compared with.
///
/// Parameters stand under the library's names and in its layout: gates side by side, r | u | c of a gated recurrent
/// unit's input weights and bias and c | r | u of its recurrent weights, i | f | o | g of a long short-term memory.
public struct ReferenceModel {
  public typealias Table = [[Double]]

  public enum Encoder: String, Sendable { case gru, lstm, bow }
  public enum Pooling: Sendable { case last, mean, max, generalized }

  public var encoder: Encoder
  public var layers = 1
  public var bidirectional = false
  public var pooling = Pooling.last
  public var normalizesImages: Bool
  public var countsHardestOnly: Bool
  public var margin: Double
  public var parameters: [String: Table]
  /// What training multiplies by: 0 or 1 / (1 − rate) for each element, 1 where nothing is dropped.
  public var factors: [SentenceFactors]?

  /// The factors of one sentence.
  public struct SentenceFactors: Sendable {
    /// Of the vectors of its tokens, [T, E].
    public var words: Table
    /// Of the states of each layer but the topmost, for each direction, [T, D].
    public var layers: [[Table]]
    /// [D].
    public var output: [Double]

    public init(words: Table, layers: [[Table]], output: [Double]) {
      self.words = words
      self.layers = layers
      self.output = output
    }
  }

  public init(
    encoder: Encoder, normalizesImages: Bool, countsHardestOnly: Bool, margin: Double,
    parameters: [String: Table]
  ) {
    self.encoder = encoder
    self.normalizesImages = normalizesImages
    self.countsHardestOnly = countsHardestOnly
    self.margin = margin
    self.parameters = parameters
  }

  func table(_ name: String) -> Table {
    guard let table = parameters[name] else { preconditionFailure("no parameter \(name)") }
    return table
  }

  /// D.
  public var dim: Int { table("image_projection.bias")[0].count }

  private func unit(_ x: [Double]) -> [Double] {
    let norm = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? x.map { $0 / norm } : x
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  /// Σ_e x_e · weights[e][column].
  func product(_ x: [Double], _ weights: Table, _ column: Int) -> Double {
    var sum = 0.0
    for index in x.indices { sum += x[index] * weights[index][column] }
    return sum
  }

  /// The sentence's vector, of unit norm.
  public func sentence(_ tokens: [Int], factors: SentenceFactors? = nil) -> [Double] {
    var words = tokens.map { table("word_embedding")[$0] }
    if let factors { words = zip(words, factors.words).map { zip($0, $1).map { $0 * $1 } } }
    var vector = encoder == .bow ? sum(words) : pooled(words, factors: factors)
    if let factors { vector = zip(vector, factors.output).map { $0 * $1 } }
    return unit(vector)
  }

  private func sum(_ rows: Table) -> [Double] {
    rows.dropFirst().reduce(rows[0]) { zip($0, $1).map { $0 + $1 } }
  }

  /// The image's vector as training has it: of unit norm only where images are normalised.
  public func image(_ features: [Double]) -> [Double] {
    let (weights, bias) = (table("image_projection.weights"), table("image_projection.bias")[0])
    var vector = bias.indices.map { product(features, weights, $0) + bias[$0] }
    if let hiddenWeights = parameters["image_projection.hidden_weights"] {
      let hiddenBias = table("image_projection.hidden_bias")[0]
      let outputWeights = table("image_projection.hidden_output_weights")
      let hidden = hiddenBias.indices.map { max(0, product(features, hiddenWeights, $0) + hiddenBias[$0]) }
      for d in vector.indices { vector[d] += product(hidden, outputWeights, d) }
    }
    return normalizesImages ? unit(vector) : vector
  }

  /// The loss of a minibatch: a row of features and a sentence for each pair.
  public func cost(features: Table, sentences: [[Int]]) -> Double {
    let images = features.map { image($0) }
    let captions = sentences.indices.map { sentence(sentences[$0], factors: factors?[$0]) }
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
