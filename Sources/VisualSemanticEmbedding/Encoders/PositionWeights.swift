internal import Foundation
internal import Tensors

/// The weights θ₁ … θ_T of generalised pooling (Chen et al. 2021, "Learning the Best Pooling Strategy for Visual
/// Semantic Embedding", https://arxiv.org/abs/2011.15037, section 3.2): that of the k-th largest of T values.
///
/// They follow from T alone: a bidirectional gated recurrent unit reads trigonometric encodings of the positions
/// 0 ..< T, and θ = softmax(s / τ) where sₖ is the product of q with the mean of both directions' states. Sizes,
/// τ and the count from 0 are those of the authors' program. All of it runs in Float32: it is small, and τ
/// enlarges what rounding does.
struct PositionWeights: Sendable {
  /// The size of a position's encoding.
  static let encodingSize = 32
  /// The size of a state.
  static let stateSize = 32
  /// τ.
  static let temperature: Float = 0.1

  private let recurrent: RecurrentStack
  /// q [32, 1].
  private let scores: ParameterSlot

  init(layout: inout ParameterLayout, prefix: String) {
    // PyTorch's default for both, which the authors leave as it is.
    let initialization = Initialization.uniform(bound: 1 / Float(Self.stateSize).squareRoot())
    let directions = [TimeDirection.forward, .backward].map { direction in
      RecurrentLayer(
        cell: .gatedRecurrentUnit(hiddenBias: true), direction: direction, inputSizes: [Self.encodingSize],
        stateSize: Self.stateSize, initialization: initialization, layout: &layout,
        prefix: "\(prefix).\(direction.rawValue)")
    }
    recurrent = RecurrentStack(layers: [directions])
    scores = layout.add("\(prefix).scores", rows: Self.stateSize, columns: 1, initialization)
  }

  final class Memory {
    let recurrent = RecurrentStack.Memory()
    let states = ScratchMatrix()
    let stateGradient = ScratchMatrix()
    fileprivate var kept: (states: Matrix, weights: [Float])?
  }

  /// The weights of `time` values; they are positive and their sum is 1.
  func forward(time: Int, parameters: ParameterSet, memory: Memory, keepsActivations: Bool) -> [Float] {
    let input = RecurrentInput(places: [Operand(Self.encodings(time))], batch: 1, time: time)
    let directions = recurrent.forward(
      input, retaining: keepsActivations ? .activations : .allStates, masks: [], parameters: parameters,
      memory: memory.recurrent)
    // Each position is a row, as if it were a place of its own: the mean over one step is that of the directions.
    let states = memory.states.matrix(rows: time, columns: Self.stateSize)
    PoolingOverTime.mean(StatesOverTime(directions.map(\.all), time: 1), into: states)
    let products = Matrix(rows: time, columns: 1)
    multiply(states, by: parameters[scores], into: products)
    let weights = Self.softmax(products.values.map { $0 / Self.temperature })
    memory.kept = keepsActivations ? (states, weights) : nil
    return weights
  }

  /// The gradients of the parameters (overwritten) from that of the weights.
  func backward(
    weightGradient: [Float], parameters: ParameterSet, gradients: ParameterSet, memory: Memory
  ) {
    guard let (states, weights) = memory.kept else {
      preconditionFailure("backward needs a forward that keeps activations")
    }
    let time = weights.count
    let mean = zip(weights, weightGradient).reduce(0) { $0 + $1.0 * $1.1 }
    let scoreGradient = Matrix(
      rows: time, columns: 1,
      values: zip(weights, weightGradient).map { $0 * ($1 - mean) / Self.temperature })
    multiply(states, transposingLeft: true, by: scoreGradient, into: gradients[scores])
    let stateGradient = memory.stateGradient.matrix(rows: time, columns: Self.stateSize)
    multiply(scoreGradient, by: parameters[scores], transposingRight: true, into: stateGradient)
    stateGradient.scale(by: 0.5)  // each direction's share of the mean
    recurrent.backward(
      .all(stateGradient), parameters: parameters, gradients: gradients, memory: memory.recurrent,
      wordGradient: nil)
  }

  /// Vaswani et al. 2017: sin(t / 10000^(2i / 32)) at 2i, the cosine at 2i + 1; [T, 32].
  private static func encodings(_ time: Int) -> Matrix {
    let result = Matrix(rows: time, columns: encodingSize)
    for column in stride(from: 0, to: encodingSize, by: 2) {
      let frequency = pow(10_000, -Double(column) / Double(encodingSize))
      for position in 0..<time {
        result[position, column] = Float(sin(Double(position) * frequency))
        result[position, column + 1] = Float(cos(Double(position) * frequency))
      }
    }
    return result
  }

  private static func softmax(_ values: [Float]) -> [Float] {
    let largest = values.max() ?? 0
    let powers = values.map { exp(Double($0 - largest)) }
    let sum = powers.reduce(0, +)
    return powers.map { Float($0 / sum) }
  }
}
