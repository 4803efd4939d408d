internal import Tensors

extension RecurrentLayer {
  /// Runs over a minibatch.
  /// - Parameter retention: what must be left afterwards; `backward` needs `.activations`.
  func forward(
    _ input: RecurrentInput, retaining retention: Retention, parameters: ParameterSet, memory: Memory,
    workspace: Workspace
  ) -> RecurrentStates {
    let (batch, time, width) = (input.batch, input.time, cell.gateCount * stateSize)
    let inputProducts = self.inputProducts(input, parameters: parameters, workspace: workspace)
    // Of what is not retained, two steps: the current one and the one before.
    let stateSlots = retention == .lastState ? min(time, 2) : time
    let gateSlots = retention == .activations ? time : min(time, 2)
    let activations = activations(
      input, stateRows: stateSlots * batch, gateRows: gateSlots * batch, memory: memory)
    let recurrentProducts = workspace.recurrentProducts.matrix(rows: batch, columns: width)
    if time > 1 {
      workspace.packedForward.pack(
        parameters.operand(recurrentWeights, precision: input.precision), transposing: false,
        leftRows: batch, leftStride: stateSize, resultStride: width, accumulating: false)
    }
    for index in 0..<time {
      let states = stepRows(index, of: input, slots: stateSlots)
      if let previous = states.previous {
        workspace.packedForward.multiply(activations.roundedStates.rows(previous), into: recurrentProducts)
      }
      stepForward(
        inputProducts: inputProducts, inputRows: input.positions[rows(ofStep: index, of: input)],
        recurrentProducts: index == 0 ? nil : recurrentProducts, states: states,
        gates: stepRows(index, of: input, slots: gateSlots), activations: activations, parameters: parameters,
        keepsActivations: retention == .activations)
    }
    memory.kept = retention == .activations ? activations : nil
    return RecurrentStates(
      last: activations.states.rows(stepRows(time - 1, of: input, slots: stateSlots).current),
      all: activations.states, rounded: activations.roundedStates)
  }

  /// x·W of all rows, [U, G·D].
  private func inputProducts(
    _ input: RecurrentInput, parameters: ParameterSet, workspace: Workspace
  ) -> Matrix {
    let products = workspace.inputProducts.matrix(rows: input.rowCount, columns: cell.gateCount * stateSize)
    let weights = parameters.operand(inputWeights, precision: input.precision)
    for (index, (part, rows)) in zip(input.parts, partRows).enumerated() {
      multiply(part, by: weights.rows(rows), into: products, accumulating: index > 0)
    }
    return products
  }

  private func activations(
    _ input: RecurrentInput, stateRows: Int, gateRows: Int, memory: Memory
  ) -> RecurrentActivations {
    let states = memory.states.matrix(rows: stateRows, columns: stateSize)
    let roundedStates =
      input.precision == .float32
      ? Operand(states)
      : memory.roundedStates.operand(rows: stateRows, columns: stateSize, precision: input.precision)
    return RecurrentActivations(
      states: states, roundedStates: roundedStates,
      gates: memory.gates.matrix(rows: gateRows, columns: cell.gateCount * stateSize),
      extra: memory.extra.matrix(rows: gateRows, columns: stateSize))
  }

  /// The rows of the step that reads `index`-th where there is room for `slots` steps: with room for all each
  /// stands at its time, else they take turns.
  private func stepRows(_ index: Int, of input: RecurrentInput, slots: Int) -> StepRows {
    func rows(_ index: Int) -> Range<Int> {
      let slot = slots == input.time ? direction.time(at: index, of: input.time) : index % slots
      return slot * input.batch..<(slot + 1) * input.batch
    }
    return StepRows(current: rows(index), previous: index > 0 ? rows(index - 1) : nil)
  }
}
