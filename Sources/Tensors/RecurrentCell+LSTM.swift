internal import CKernels

/// The element-wise part of one time step of a long short-term memory; the products are the caller's.
/// B batch, D state; gates in the order i | f | o | g.
public enum LongShortTermMemoryCell {
  /// c′ and h′ from x·W, h·U and c.
  ///
  /// - Parameters:
  ///   - input: x·W of distinct rows, [any, 4D].
  ///   - inputRows: the row of `input` for each row of the batch, B of them.
  ///   - recurrent: h·U [B, 4D]; nil at the first step, where h = 0.
  ///   - bias: [1, 4D].
  ///   - peepholes: [3, D] for i, f (which see c) and o (which sees c′), or nil.
  ///   - previousCell: c [B, D]; nil at the first step.
  ///   - cell: receives c′ [B, D].
  ///   - state: receives h′ [B, D].
  ///   - roundedState: receives h′ when it is bfloat16.
  ///   - gates: receives i | f | o | g [B, 4D].
  public static func forward(
    input: Matrix, inputRows: ArraySlice<Int32>, recurrent: Matrix?, bias: Matrix, peepholes: Matrix?,
    previousCell: Matrix?, cell: Matrix, state: Matrix, roundedState: Operand, gates: Matrix
  ) {
    let batch = state.rows
    let dim = state.columns
    precondition(input.columns == 4 * dim && inputRows.count == batch && bias.count == 4 * dim)
    precondition(inputRows.allSatisfy { $0 >= 0 && Int($0) < input.rows }, "input row out of range")
    requireContiguous(recurrent, batch, 4 * dim)
    requireContiguous(peepholes, 3, dim)
    requireContiguous(previousCell, batch, dim)
    requireContiguous(cell, batch, dim)
    requireContiguous(state, batch, dim)
    requireContiguous(gates, batch, 4 * dim)
    requireContiguous(roundedState, batch, dim)
    inputRows.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      Parallel.forEachRange(of: batch, grain: max(1, 4096 / max(dim, 1))) { range in
        ck_lstm_forward(
          input.pointer, input.stride, rows, recurrent?.pointer, bias.pointer, peepholes?.pointer,
          previousCell?.pointer, cell.pointer, state.pointer, roundedState.bfloat16Pointer, gates.pointer,
          dim, range.lowerBound, range.upperBound)
      }
    }
  }

  /// The gradient of `forward`.
  ///
  /// - Parameters:
  ///   - stateGradient: dL/dh′ [B, D].
  ///   - cellGradient: dL/dc′ [B, D]; receives dL/dc.
  ///   - gates: i | f | o | g [B, 4D], as `forward` left them.
  ///   - cell: c′ [B, D].
  ///   - previousCell: c [B, D]; nil at the first step.
  ///   - peepholes: p [3, D], i | f | o; nil for none.
  ///   - gateGradient: receives the gradients before the nonlinearities, [B, 4D].
  public static func backward(
    stateGradient: Matrix, cellGradient: Matrix, gates: Matrix, cell: Matrix, previousCell: Matrix?,
    peepholes: Matrix?, gateGradient: Operand
  ) {
    let batch = stateGradient.rows
    let dim = stateGradient.columns
    requireContiguous(stateGradient, batch, dim)
    requireContiguous(cellGradient, batch, dim)
    requireContiguous(gates, batch, 4 * dim)
    requireContiguous(cell, batch, dim)
    requireContiguous(previousCell, batch, dim)
    requireContiguous(peepholes, 3, dim)
    requireContiguous(gateGradient, batch, 4 * dim)
    Parallel.forEachRange(of: batch, grain: max(1, 4096 / max(dim, 1))) { range in
      ck_lstm_backward(
        stateGradient.pointer, cellGradient.pointer, gates.pointer, cell.pointer, previousCell?.pointer,
        peepholes?.pointer, gateGradient.float32Pointer, gateGradient.bfloat16Pointer, dim, range.lowerBound,
        range.upperBound)
    }
  }
}
