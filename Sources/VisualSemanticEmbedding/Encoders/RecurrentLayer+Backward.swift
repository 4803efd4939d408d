internal import Tensors

extension RecurrentLayer {
  /// The gradients of the layer's parameters and of its input, from that of its states.
  ///
  /// Gradients of parameters are overwritten, not added to.
  /// - Parameters:
  ///   - stateGradient: is only read.
  ///   - inputGradients: receive the gradient of each part of the input [U, …]; none where nobody asks.
  ///   - accumulating: whether they are added to instead.
  func backward(
    _ stateGradient: StateGradient, input: RecurrentInput, parameters: ParameterSet, gradients: ParameterSet,
    memory: Memory, workspace: Workspace, inputGradients: [Matrix], accumulating: Bool
  ) {
    guard let kept = memory.kept else {
      preconditionFailure("backward needs a forward that keeps activations")
    }
    let gateGradients = stepsBackward(
      stateGradient, input: input, parameters: parameters, kept: kept, workspace: workspace)
    gateGradients.sumColumns(into: gradients[bias])
    recurrentGradients(gateGradients, input: input, kept: kept, gradients: gradients)

    let inputSide = inputSide(of: gateGradients, input: input, workspace: workspace)
    let weights = parameters.operand(inputWeights, precision: input.precision)
    for (part, rows) in zip(input.parts, partRows) {
      multiply(part, transposingLeft: true, by: inputSide, into: gradients[inputWeights].rows(rows))
    }
    for (gradient, rows) in zip(inputGradients, partRows) {
      multiply(
        inputSide, by: weights.rows(rows), transposingRight: true, into: gradient, accumulating: accumulating)
    }
  }

  /// Back through time: the gate gradients of all steps.
  private func stepsBackward(
    _ stateGradient: StateGradient, input: RecurrentInput, parameters: ParameterSet,
    kept: RecurrentActivations, workspace: Workspace
  ) -> GateGradients {
    let (batch, time) = (input.batch, input.time)
    let current = workspace.stateGradient.matrix(rows: batch, columns: stateSize)
    let carried = workspace.carriedGradient.matrix(rows: batch, columns: stateSize)
    carried.fill(0)
    let gateGradients = self.gateGradients(
      rows: time * batch, workspace: workspace, precision: input.precision)
    // Where every step has a gradient of its own, what comes through U is added to it.
    let accumulates = if case .last = stateGradient { false } else { true }
    if time > 1 {
      workspace.packedBackward.pack(
        parameters.operand(recurrentWeights, precision: input.precision), transposing: true,
        leftRows: batch, leftStride: gateGradients.recurrent.stride, resultStride: stateSize,
        accumulating: accumulates)
    }
    for index in (0..<time).reversed() {
      let rows = rows(ofStep: index, of: input)
      if let own = own(stateGradient, rows: rows, isLast: index == time - 1) {
        Operand(current).assign(own)
      }
      if index < time - 1 {
        let later = gateGradients.rows(self.rows(ofStep: index + 1, of: input))
        workspace.packedBackward.multiply(later.recurrent, into: current)
      }
      stepBackward(
        stateGradient: current, carried: carried, gateGradients: gateGradients.rows(rows),
        rows: StepRows(current: rows, previous: index > 0 ? self.rows(ofStep: index - 1, of: input) : nil),
        kept: kept, parameters: parameters)
    }
    return gateGradients
  }

  /// The part of a step's gradient that does not come from the step after it.
  private func own(_ gradient: StateGradient, rows: Range<Int>, isLast: Bool) -> Matrix? {
    switch gradient {
    case .last(let matrix): isLast ? matrix : nil
    case .each(let matrix): matrix
    case .all(let matrix): matrix.rows(rows)
    }
  }

  private func gateGradients(rows: Int, workspace: Workspace, precision: Precision) -> GateGradients {
    let recurrent = workspace.gateGradients.operand(
      rows: rows, columns: cell.gateCount * stateSize, precision: precision)
    switch cell {
    case .gatedRecurrentUnit:
      let candidate = workspace.candidateGradients.operand(
        rows: rows, columns: stateSize, precision: precision)
      return GateGradients(recurrent: recurrent, candidate: candidate)
    case .longShortTermMemory:
      return GateGradients(recurrent: recurrent, candidate: nil)
    }
  }

  /// The gradient of x·W [U, G·D] in the precision of products: for distinct rows, the sum over the places where
  /// each stands.
  private func inputSide(
    of gateGradients: GateGradients, input: RecurrentInput, workspace: Workspace
  ) -> Operand {
    let width = cell.gateCount * stateSize
    if input.hasRowForEachPlace {
      return gateGradients.inputSide(
        workspace.roundedInputGateGradients.operand(
          rows: input.rowCount, columns: width, precision: input.precision))
    }
    let sums = workspace.inputGateGradients.matrix(rows: input.rowCount, columns: width)
    gateGradients.sumRows(at: input.positions, into: sums)
    return workspace.roundedInputGateGradients.operand(for: sums, precision: input.precision)
  }

  /// The gradients of U, b_h and the peepholes from the gate gradients of all steps.
  private func recurrentGradients(
    _ gateGradients: GateGradients, input: RecurrentInput, kept: RecurrentActivations, gradients: ParameterSet
  ) {
    let (batch, time) = (input.batch, input.time)
    // All steps but the first that is computed, and the states that they start from.
    let (early, late) = (0..<(time - 1) * batch, batch..<time * batch)
    let (before, after) = direction == .forward ? (early, late) : (late, early)
    if time > 1 {
      multiply(
        kept.roundedStates.rows(before), transposingLeft: true,
        by: gateGradients.recurrent.rows(after), into: gradients[recurrentWeights])
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
          gateGradients.recurrent.rows(after).columns(gate * stateSize..<(gate + 1) * stateSize)
            .addColumnDots(with: kept.extra.rows(before), to: gradient.rows(gate..<gate + 1))
        }
      }
      gateGradients.recurrent.columns(2 * stateSize..<3 * stateSize)
        .addColumnDots(with: kept.extra, to: gradient.rows(2..<3))
    }
  }
}
