internal import Tensors

/// From the states of all tokens to one vector a sentence. Where there are two directions, their mean is pooled.
struct SentencePooling: Sendable {
  let kind: ModelConfiguration.Pooling
  /// Of generalised pooling.
  private let weights: PositionWeights?

  init(_ configuration: ModelConfiguration, layout: inout ParameterLayout) {
    kind = configuration.pooling
    weights = kind == .generalized ? PositionWeights(layout: &layout, prefix: "pooling") : nil
  }

  /// Working memory, and after a forward pass that keeps activations, also these.
  final class Memory {
    let pooled = ScratchMatrix()
    let sorted = ScratchMatrix()
    let steps = StepIndices()
    let stateGradient = ScratchMatrix()
    let weights = PositionWeights.Memory()
    fileprivate var kept: (time: Int, directions: Int, weights: [Float])?
  }

  /// What must be left of the states.
  func retention(keepsActivations: Bool) -> Retention {
    keepsActivations ? .activations : kind == .last ? .lastState : .allStates
  }

  /// The vectors [B, D] of T steps.
  func forward(
    _ directions: [RecurrentStates], time: Int, parameters: ParameterSet, memory: Memory,
    keepsActivations: Bool
  ) -> Matrix {
    memory.kept = (time, directions.count, [])
    // The state after the last step of a direction; of one direction it is the vector.
    if kind == .last, directions.count == 1 { return directions[0].last }
    let last = directions[0].last
    let pooled = memory.pooled.matrix(rows: last.rows, columns: last.columns)
    switch kind {
    case .last: PoolingOverTime.mean(StatesOverTime(directions.map(\.last), time: 1), into: pooled)
    case .mean: PoolingOverTime.mean(StatesOverTime(directions.map(\.all), time: time), into: pooled)
    case .max:
      PoolingOverTime.max(
        StatesOverTime(directions.map(\.all), time: time), into: pooled, steps: memory.steps)
    case .generalized:
      let sorted = memory.sorted.matrix(rows: time * last.rows, columns: last.columns)
      PoolingOverTime.sort(
        StatesOverTime(directions.map(\.all), time: time), into: sorted, steps: memory.steps)
      let weights = positionWeights.forward(
        time: time, parameters: parameters, memory: memory.weights, keepsActivations: keepsActivations)
      PoolingOverTime.weigh(sorted, by: weights, into: pooled)
      memory.kept?.weights = weights
    }
    return pooled
  }

  /// The gradient of each direction's states from that of the vectors [B, D], which is overwritten; the gradients
  /// of the parameters are overwritten too.
  func backward(
    _ gradient: Matrix, parameters: ParameterSet, gradients: ParameterSet, memory: Memory
  ) -> StateGradient {
    guard let (time, directions, weights) = memory.kept else {
      preconditionFailure("backward follows forward")
    }
    let share = 1 / Float(directions)
    switch kind {
    case .last:
      if directions > 1 { gradient.scale(by: share) }
      return .last(gradient)
    case .mean:
      gradient.scale(by: share / Float(time))
      return .each(gradient)
    case .max:
      let states = memory.stateGradient.matrix(rows: time * gradient.rows, columns: gradient.columns)
      PoolingOverTime.maxBackward(
        gradient: gradient, steps: memory.steps, scale: share, time: time, into: states)
      return .all(states)
    case .generalized:
      let sorted = memory.sorted.matrix(rows: time * gradient.rows, columns: gradient.columns)
      positionWeights.backward(
        weightGradient: PoolingOverTime.weightGradient(sorted: sorted, gradient: gradient),
        parameters: parameters, gradients: gradients, memory: memory.weights)
      let states = memory.stateGradient.matrix(rows: time * gradient.rows, columns: gradient.columns)
      PoolingOverTime.weighBackward(
        gradient: gradient, steps: memory.steps, weights: weights, scale: share, into: states)
      return .all(states)
    }
  }

  private var positionWeights: PositionWeights {
    guard let weights else { preconditionFailure("only generalised pooling has weights") }
    return weights
  }
}
