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

  // A gated recurrent unit's gate gradients are [hU_c | r | u | c]: the reset gate stands between U and the
  // candidate, so that U and W see different candidate gradients, and share r and u.

  /// The columns of the gate gradients [B, 4D] that belong to U.
  func recurrentGateColumns(_ stateSize: Int) -> Range<Int> { 0..<gateCount * stateSize }

  /// The columns of the gate gradients [B, 4D] that belong to W and b.
  func inputGateColumns(_ stateSize: Int) -> Range<Int> { (4 - gateCount) * stateSize..<4 * stateSize }

  /// Whether a part of dL/dh′ reaches dL/dh past U (u ⊙ h).
  var carriesStateGradient: Bool {
    switch self {
    case .gatedRecurrentUnit: true
    case .longShortTermMemory: false
    }
  }
}

/// What a forward pass leaves for the backward pass; a row for each step and caption, [T·B, …].
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
  /// One step of the cell over rows `current`, from rows `previous` (nil at the first step).
  func stepForward(
    inputProducts: Matrix, inputRows: ArraySlice<Int32>, recurrentProducts: Matrix?, previous: Range<Int>?,
    current: Range<Int>, activations: RecurrentActivations, parameters: ParameterSet, keepsActivations: Bool
  ) {
    let state = activations.states.rows(current)
    let roundedState = activations.roundedStates.rows(current)
    switch cell {
    case .gatedRecurrentUnit:
      GatedRecurrentUnitCell.forward(
        input: inputProducts, inputRows: inputRows, recurrent: recurrentProducts, bias: parameters[bias],
        hiddenBias: hiddenBias.map { parameters[$0] }, previous: previous.map { activations.states.rows($0) },
        state: state, roundedState: roundedState,
        gates: keepsActivations ? activations.gates.rows(current) : nil,
        candidate: keepsActivations ? activations.extra.rows(current) : nil)
    case .longShortTermMemory:
      LongShortTermMemoryCell.forward(
        input: inputProducts, inputRows: inputRows, recurrent: recurrentProducts, bias: parameters[bias],
        peepholes: peepholes.map { parameters[$0] },
        previousCell: previous.map { activations.extra.rows($0) }, cell: activations.extra.rows(current),
        state: state, roundedState: roundedState, gates: activations.gates.rows(current))
    }
  }

  /// The gradient of one step; see the cells' `backward`.
  func stepBackward(
    stateGradient: Matrix, cellGradient: Matrix, gateGradient: Operand, previous: Range<Int>?,
    current: Range<Int>, kept: RecurrentActivations, parameters: ParameterSet
  ) {
    switch cell {
    case .gatedRecurrentUnit:
      GatedRecurrentUnitCell.backward(
        stateGradient: stateGradient, gates: kept.gates.rows(current), candidate: kept.extra.rows(current),
        previous: previous.map { kept.states.rows($0) }, gateGradient: gateGradient)
    case .longShortTermMemory:
      LongShortTermMemoryCell.backward(
        stateGradient: stateGradient, cellGradient: cellGradient, gates: kept.gates.rows(current),
        cell: kept.extra.rows(current), previousCell: previous.map { kept.extra.rows($0) },
        peepholes: peepholes.map { parameters[$0] }, gateGradient: gateGradient)
    }
  }
}
