internal import Tensors

/// A recurrent layer over a minibatch of sequences of one length, in one direction: a gated recurrent unit with
/// linear-before-reset or a long short-term memory, from h₀ = 0. B batch, T time, E input, D state, U rows of
/// input, G gates.
///
/// The input side (x·W), the weight gradients and the input gradients are products over all steps at once;
/// only h·U runs step by step.
struct RecurrentLayer: Sendable {
  let cell: RecurrentCell
  let direction: TimeDirection
  /// The widths of the input's parts, which add up to E.
  let inputSizes: [Int]
  let stateSize: Int
  /// W [E, G·D].
  let inputWeights: ParameterSlot
  /// U [D, G·D].
  let recurrentWeights: ParameterSlot
  /// b [1, G·D], in the gate order of W.
  let bias: ParameterSlot
  /// b_h [1, D] of a gated recurrent unit.
  let hiddenBias: ParameterSlot?
  /// [3, D] of a long short-term memory: i, f, o.
  let peepholes: ParameterSlot?

  /// - Parameter initialization: of W and U; blocks for each gate unless given.
  init(
    cell: RecurrentCell, direction: TimeDirection = .forward, inputSizes: [Int], stateSize: Int,
    initialization: Initialization? = nil, layout: inout ParameterLayout, prefix: String
  ) {
    self.cell = cell
    self.direction = direction
    self.inputSizes = inputSizes
    self.stateSize = stateSize
    let width = cell.gateCount * stateSize
    let initialization = initialization ?? .blocks(columns: stateSize)
    inputWeights = layout.add(
      "\(prefix).input_weights", rows: inputSizes.reduce(0, +), columns: width, initialization)
    recurrentWeights = layout.add(
      "\(prefix).recurrent_weights", rows: stateSize, columns: width, initialization)
    bias = layout.add("\(prefix).bias", rows: 1, columns: width, .zero)
    switch cell {
    case .gatedRecurrentUnit(let hasHiddenBias):
      hiddenBias =
        hasHiddenBias ? layout.add("\(prefix).hidden_bias", rows: 1, columns: stateSize, .zero) : nil
      peepholes = nil
    case .longShortTermMemory(let hasPeepholes):
      hiddenBias = nil
      peepholes =
        hasPeepholes
        ? layout.add("\(prefix).peepholes", rows: 3, columns: stateSize, .uniform(bound: 0.1)) : nil
    }
  }

  /// What a forward pass leaves behind: states, and after one that keeps activations these.
  final class Memory {
    let states = ScratchMatrix()
    let roundedStates = ScratchMatrix()
    let gates = ScratchMatrix()
    let extra = ScratchMatrix()
    var kept: RecurrentActivations?
  }

  /// Memory that is used within one pass over one layer, so that all layers can share it.
  final class Workspace {
    let inputProducts = ScratchMatrix()
    let recurrentProducts = ScratchMatrix()
    let stateGradient = ScratchMatrix()
    let carriedGradient = ScratchMatrix()
    let gateGradients = ScratchMatrix()
    let candidateGradients = ScratchMatrix()
    let inputGateGradients = ScratchMatrix()
    let roundedInputGateGradients = ScratchMatrix()
    let packedForward = PackedOperand()
    let packedBackward = PackedOperand()
  }

  /// W's rows for each part of the input.
  var partRows: [Range<Int>] {
    var start = 0
    return inputSizes.map { size in
      defer { start += size }
      return start..<start + size
    }
  }

  /// The rows of the step that reads `index`-th of T, in matrices of all steps.
  func rows(ofStep index: Int, of input: RecurrentInput) -> Range<Int> {
    let time = direction.time(at: index, of: input.time)
    return time * input.batch..<(time + 1) * input.batch
  }
}

/// The rows of a step, and of the one before it in the layer's direction, nil at the first.
struct StepRows {
  let current: Range<Int>
  let previous: Range<Int>?
}
