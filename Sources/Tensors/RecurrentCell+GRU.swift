internal import CKernels

/// The element-wise part of one time step of a gated recurrent unit with linear-before-reset; the products
/// are the caller's. B batch, D state.
public enum GatedRecurrentUnitCell {
  /// h′ from x·W and h·U.
  ///
  /// - Parameters:
  ///   - input: x·W of distinct rows, [any, 3D], gates r | u | c.
  ///   - inputRows: the row of `input` for each row of the batch, B of them.
  ///   - recurrent: h·U [B, 3D], gates c | r | u; nil at the first step, where h = 0.
  ///   - bias: [1, 3D], gates r | u | c.
  ///   - hiddenBias: b_h [1, D], or nil.
  ///   - previous: h [B, D]; nil at the first step.
  ///   - state: receives h′ [B, D].
  ///   - roundedState: receives h′ when it is bfloat16.
  ///   - gates: receives r | u | c [B, 3D] for the backward pass, or nil.
  ///   - candidate: receives hU_x + b_h [B, D] for the backward pass, or nil.
  public static func forward(
    input: Matrix, inputRows: ArraySlice<Int32>, recurrent: Matrix?, bias: Matrix, hiddenBias: Matrix?,
    previous: Matrix?, state: Matrix, roundedState: Operand, gates: Matrix?, candidate: Matrix?
  ) {
    let batch = state.rows
    let dim = state.columns
    precondition(input.columns == 3 * dim && inputRows.count == batch && bias.count == 3 * dim)
    precondition(inputRows.allSatisfy { $0 >= 0 && Int($0) < input.rows }, "input row out of range")
    precondition(hiddenBias.map { $0.count == dim } ?? true)
    precondition((recurrent == nil) == (previous == nil) && (gates == nil) == (candidate == nil))
    requireContiguous(recurrent, batch, 3 * dim)
    requireContiguous(previous, batch, dim)
    requireContiguous(gates, batch, 3 * dim)
    requireContiguous(candidate, batch, dim)
    requireContiguous(state, batch, dim)
    requireContiguous(roundedState, batch, dim)
    inputRows.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      Parallel.forEachRange(of: batch, grain: max(1, 4096 / max(dim, 1))) { range in
        ck_gru_forward(
          input.pointer, input.stride, rows, recurrent?.pointer, bias.pointer, hiddenBias?.pointer,
          previous?.pointer, state.pointer, roundedState.bfloat16Pointer, gates?.pointer, candidate?.pointer,
          dim, range.lowerBound, range.upperBound)
      }
    }
  }

  /// The gradient of `forward`.
  ///
  /// - Parameters:
  ///   - stateGradient: with `carried` added, dL/dh′ [B, D].
  ///   - carried: receives the part of dL/dh that does not pass through U [B, D].
  ///   - gates: r | u | c [B, 3D], as `forward` left them.
  ///   - candidate: hU_x + b_h [B, D], as `forward` left it.
  ///   - previous: h [B, D]; nil at the first step.
  ///   - gateGradient: receives dL/d(hU_x + b_h) | r | u before their nonlinearities, [B, 3D].
  ///   - candidateGradient: receives dL/dc before its nonlinearity, [B, D], in the same precision.
  public static func backward(
    stateGradient: Matrix, carried: Matrix, gates: Matrix, candidate: Matrix, previous: Matrix?,
    gateGradient: Operand, candidateGradient: Operand
  ) {
    let batch = stateGradient.rows
    let dim = stateGradient.columns
    requireContiguous(stateGradient, batch, dim)
    requireContiguous(carried, batch, dim)
    requireContiguous(gates, batch, 3 * dim)
    requireContiguous(candidate, batch, dim)
    requireContiguous(previous, batch, dim)
    requireContiguous(gateGradient, batch, 3 * dim)
    requireContiguous(candidateGradient, batch, dim)
    precondition(gateGradient.precision == candidateGradient.precision, "gradients of two precisions")
    Parallel.forEachRange(of: batch, grain: max(1, 4096 / max(dim, 1))) { range in
      ck_gru_backward(
        stateGradient.pointer, carried.pointer, gates.pointer, candidate.pointer, previous?.pointer,
        gateGradient.float32Pointer, candidateGradient.float32Pointer, gateGradient.bfloat16Pointer,
        candidateGradient.bfloat16Pointer, dim, range.lowerBound, range.upperBound)
    }
  }
}

func requireContiguous(_ matrix: Matrix?, _ rows: Int, _ columns: Int) {
  guard let matrix else { return }
  precondition(
    matrix.rows == rows && matrix.columns == columns && matrix.isContiguous,
    "a contiguous [\(rows), \(columns)] is needed, not [\(matrix.rows), \(matrix.columns)]")
}

func requireContiguous(_ operand: Operand, _ rows: Int, _ columns: Int) {
  precondition(
    operand.rows == rows && operand.columns == columns && operand.stride == columns,
    "a contiguous [\(rows), \(columns)] is needed, not [\(operand.rows), \(operand.columns)]")
}
