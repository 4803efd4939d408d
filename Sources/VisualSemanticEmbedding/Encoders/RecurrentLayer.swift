internal import Tensors

/// A recurrent layer over a minibatch of sequences of one length: a gated recurrent unit with
/// linear-before-reset or a long short-term memory, from h₀ = 0. B batch, T time, E input, D state, U
/// distinct inputs, G gates.
///
/// The input side (x·W), the weight gradients and the input gradients are products over all steps at once;
/// only h·U runs step by step.
struct RecurrentLayer: Sendable {
  let cell: RecurrentCell
  let inputSize: Int
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

  init(cell: RecurrentCell, inputSize: Int, stateSize: Int, layout: inout ParameterLayout, prefix: String) {
    self.cell = cell
    self.inputSize = inputSize
    self.stateSize = stateSize
    let width = cell.gateCount * stateSize
    inputWeights = layout.add(
      "\(prefix).input_weights", rows: inputSize, columns: width, .blocks(columns: stateSize))
    recurrentWeights = layout.add(
      "\(prefix).recurrent_weights", rows: stateSize, columns: width, .blocks(columns: stateSize))
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

  /// Working memory of the layer; after a forward pass that keeps activations, also these.
  final class Memory {
    let inputProducts = ScratchMatrix()
    let recurrentProducts = ScratchMatrix()
    let states = ScratchMatrix()
    let roundedStates = ScratchMatrix()
    let gates = ScratchMatrix()
    let extra = ScratchMatrix()
    let stateGradient = ScratchMatrix()
    let carriedGradient = ScratchMatrix()
    let gateGradients = ScratchMatrix()
    let candidateGradients = ScratchMatrix()
    let inputGateGradients = ScratchMatrix()
    let roundedInputGateGradients = ScratchMatrix()
    let inputGradients = ScratchMatrix()
    let packedForward = PackedOperand()
    let packedBackward = PackedOperand()
    fileprivate(set) var kept: RecurrentActivations?
  }

  /// Runs over a minibatch and returns the last state [B, D].
  ///
  /// - Parameters:
  ///   - input: the distinct inputs [U, E].
  ///   - tokens: which of them each caption has at each time.
  ///   - keepsActivations: whether `backward` follows.
  func forward(
    input: Operand, tokens: TokenBatch, parameters: ParameterSet, memory: Memory, keepsActivations: Bool
  ) -> Matrix {
    let (batch, time, width) = (tokens.batch, tokens.time, cell.gateCount * stateSize)
    let inputProducts = memory.inputProducts.matrix(rows: input.rows, columns: width)
    multiply(input, by: parameters.operand(inputWeights), into: inputProducts)

    let slots = keepsActivations ? time : min(time, 2)
    let states = memory.states.matrix(rows: slots * batch, columns: stateSize)
    let roundedStates =
      input.precision == .float32
      ? Operand(states)
      : memory.roundedStates.operand(rows: slots * batch, columns: stateSize, precision: input.precision)
    let activations = RecurrentActivations(
      states: states, roundedStates: roundedStates,
      gates: memory.gates.matrix(rows: slots * batch, columns: width),
      extra: memory.extra.matrix(rows: slots * batch, columns: stateSize))
    let recurrentProducts = memory.recurrentProducts.matrix(rows: batch, columns: width)
    if time > 1 {
      memory.packedForward.pack(
        parameters.operand(recurrentWeights), transposing: false, leftRows: batch, leftStride: stateSize,
        resultStride: width, accumulating: false)
    }
    var last = states.rows(0..<batch)
    for step in 0..<time {
      let previous = step > 0 ? slotRows(step - 1, slots, batch) : nil
      let current = slotRows(step, slots, batch)
      if let previous {
        memory.packedForward.multiply(roundedStates.rows(previous), into: recurrentProducts)
      }
      stepForward(
        inputProducts: inputProducts, inputRows: tokens.positions[step * batch..<(step + 1) * batch],
        recurrentProducts: previous == nil ? nil : recurrentProducts, previous: previous, current: current,
        activations: activations, parameters: parameters, keepsActivations: keepsActivations)
      last = states.rows(current)
    }
    memory.kept = keepsActivations ? activations : nil
    return last
  }

  private func slotRows(_ step: Int, _ slots: Int, _ batch: Int) -> Range<Int> {
    let slot = step % slots
    return slot * batch..<(slot + 1) * batch
  }

  /// The gradients of the layer's parameters, and of the distinct inputs [U, E] (returned), from that of
  /// the last state [B, D]. Gradients of parameters are overwritten, not added to.
  func backward(
    lastStateGradient: Matrix, input: Operand, tokens: TokenBatch, parameters: ParameterSet,
    gradients: ParameterSet, memory: Memory
  ) -> Matrix {
    guard let kept = memory.kept else {
      preconditionFailure("backward needs a forward that keeps activations")
    }
    let gateGradients = stepsBackward(
      lastStateGradient: lastStateGradient, tokens: tokens, parameters: parameters, kept: kept,
      memory: memory, precision: input.precision)
    gateGradients.sumColumns(into: gradients[bias])
    recurrentGradients(gateGradients, tokens: tokens, kept: kept, gradients: gradients)

    // Σ of the gate gradients over the places where a distinct input stands, then one product each.
    let sums = memory.inputGateGradients.matrix(rows: input.rows, columns: cell.gateCount * stateSize)
    gateGradients.sumRows(at: tokens.positions, into: sums)
    let roundedSums = memory.roundedInputGateGradients.operand(for: sums, precision: input.precision)
    multiply(input, transposingLeft: true, by: roundedSums, into: gradients[inputWeights])
    let inputGradients = memory.inputGradients.matrix(rows: input.rows, columns: inputSize)
    multiply(roundedSums, by: parameters.operand(inputWeights), transposingRight: true, into: inputGradients)
    return inputGradients
  }

  /// Back through time: the gate gradients of all steps.
  private func stepsBackward(
    lastStateGradient: Matrix, tokens: TokenBatch, parameters: ParameterSet, kept: RecurrentActivations,
    memory: Memory, precision: Precision
  ) -> GateGradients {
    let (batch, time) = (tokens.batch, tokens.time)
    let stateGradient = memory.stateGradient.matrix(rows: batch, columns: stateSize)
    stateGradient.assign(lastStateGradient)
    let carried = memory.carriedGradient.matrix(rows: batch, columns: stateSize)
    carried.fill(0)
    let gateGradients = self.gateGradients(rows: time * batch, memory: memory, precision: precision)
    if time > 1 {
      memory.packedBackward.pack(
        parameters.operand(recurrentWeights), transposing: true, leftRows: batch,
        leftStride: gateGradients.recurrent.stride,
        resultStride: stateSize, accumulating: false)
    }
    for step in (0..<time).reversed() {
      let current = step * batch..<(step + 1) * batch
      let gradients = gateGradients.rows(current)
      stepBackward(
        stateGradient: stateGradient, carried: carried, gateGradients: gradients,
        previous: step > 0 ? (step - 1) * batch..<step * batch : nil, current: current, kept: kept,
        parameters: parameters)
      if step > 0 {
        memory.packedBackward.multiply(gradients.recurrent, into: stateGradient)
      }
    }
    return gateGradients
  }

  private func gateGradients(rows: Int, memory: Memory, precision: Precision) -> GateGradients {
    let recurrent = memory.gateGradients.operand(
      rows: rows, columns: cell.gateCount * stateSize, precision: precision)
    switch cell {
    case .gatedRecurrentUnit:
      let candidate = memory.candidateGradients.operand(rows: rows, columns: stateSize, precision: precision)
      return GateGradients(recurrent: recurrent, candidate: candidate)
    case .longShortTermMemory:
      return GateGradients(recurrent: recurrent, candidate: nil)
    }
  }

  /// The gradients of U, b_h and the peepholes from the gate gradients of all steps.
  private func recurrentGradients(
    _ gateGradients: GateGradients, tokens: TokenBatch, kept: RecurrentActivations, gradients: ParameterSet
  ) {
    let (batch, time) = (tokens.batch, tokens.time)
    let earlier = 0..<(time - 1) * batch
    let later = batch..<time * batch
    if time > 1 {
      multiply(
        kept.roundedStates.rows(earlier), transposingLeft: true,
        by: gateGradients.recurrent.rows(later), into: gradients[recurrentWeights])
    } else {
      gradients[recurrentWeights].fill(0)  // h₀ = 0
    }
    if let hiddenBias {
      gateGradients.recurrent.columns(0..<stateSize).sumColumns(into: gradients[hiddenBias])
    }
    if let peepholes {
      let gradient = gradients[peepholes]
      gradient.fill(0)
      if time > 1 {
        for gate in 0..<2 {  // i and f see the cell before the step
          gateGradients.recurrent.rows(later).columns(gate * stateSize..<(gate + 1) * stateSize)
            .addColumnDots(with: kept.extra.rows(earlier), to: gradient.rows(gate..<gate + 1))
        }
      }
      gateGradients.recurrent.columns(2 * stateSize..<3 * stateSize)
        .addColumnDots(with: kept.extra, to: gradient.rows(2..<3))
    }
  }
}
