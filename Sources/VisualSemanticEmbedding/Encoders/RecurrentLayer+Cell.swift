internal import Tensors

/// The kind of a recurrent layer.
enum RecurrentCell: Sendable, Equatable {
  case gatedRecurrentUnit(hiddenBias: Bool)
  case longShortTermMemory(peepholes: Bool)

  /// Gates of W, U and b: r | u | c in W and b and c | r | u in U of a gated recurrent unit; i | f | o | g
  /// in all of a long short-term memory.
  var gateCount: Int {
    switch self {
    case .gatedRecurrentUnit: 3
    case .longShortTermMemory: 4
    }
  }
}

/// What a forward pass leaves for the backward pass; a row for each step and caption, [T·B, …], each step at its
/// time.
struct RecurrentActivations {
  /// h after each step.
  let states: Matrix
  /// The same in the precision of products.
  let roundedStates: Operand
  /// The gates after their nonlinearities.
  let gates: Matrix
  /// hU_x + b_h of a gated recurrent unit; c after each step of a long short-term memory.
  let extra: Matrix
}

extension RecurrentLayer {
  /// One step of the cell: from the rows of the previous step to those of the current one, of the states and of
  /// the gates and cells.
  func stepForward(
    inputProducts: Matrix, inputRows: ArraySlice<Int32>, recurrentProducts: Matrix?, states: StepRows,
    gates: StepRows, activations: RecurrentActivations, parameters: ParameterSet, keepsActivations: Bool
  ) {
    let state = activations.states.rows(states.current)
    let roundedState = activations.roundedStates.rows(states.current)
    switch cell {
    case .gatedRecurrentUnit:
      GatedRecurrentUnitCell.forward(
        input: inputProducts, inputRows: inputRows, recurrent: recurrentProducts, bias: parameters[bias],
        hiddenBias: hiddenBias.map { parameters[$0] },
        previous: states.previous.map { activations.states.rows($0) }, state: state,
        roundedState: roundedState, gates: keepsActivations ? activations.gates.rows(gates.current) : nil,
        candidate: keepsActivations ? activations.extra.rows(gates.current) : nil)
    case .longShortTermMemory:
      LongShortTermMemoryCell.forward(
        input: inputProducts, inputRows: inputRows, recurrent: recurrentProducts, bias: parameters[bias],
        peepholes: peepholes.map { parameters[$0] },
        previousCell: gates.previous.map { activations.extra.rows($0) },
        cell: activations.extra.rows(gates.current), state: state, roundedState: roundedState,
        gates: activations.gates.rows(gates.current))
    }
  }

  /// The gradient of one step; see the cells' `backward`.
  ///
  /// `carried` [B, D] is what goes from step to step past U: a part of dL/dh of a gated recurrent unit, dL/dc
  /// of a long short-term memory.
  func stepBackward(
    stateGradient: Matrix, carried: Matrix, gateGradients: GateGradients, rows: StepRows,
    kept: RecurrentActivations, parameters: ParameterSet
  ) {
    switch cell {
    case .gatedRecurrentUnit:
      guard let candidateGradient = gateGradients.candidate else {
        preconditionFailure("a gated recurrent unit has a gradient of its candidate")
      }
      GatedRecurrentUnitCell.backward(
        stateGradient: stateGradient, carried: carried, gates: kept.gates.rows(rows.current),
        candidate: kept.extra.rows(rows.current), previous: rows.previous.map { kept.states.rows($0) },
        gateGradient: gateGradients.recurrent, candidateGradient: candidateGradient)
    case .longShortTermMemory:
      LongShortTermMemoryCell.backward(
        stateGradient: stateGradient, cellGradient: carried, gates: kept.gates.rows(rows.current),
        cell: kept.extra.rows(rows.current), previousCell: rows.previous.map { kept.extra.rows($0) },
        peepholes: peepholes.map { parameters[$0] }, gateGradient: gateGradients.recurrent)
    }
  }
}
