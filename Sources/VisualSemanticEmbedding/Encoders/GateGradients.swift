internal import Tensors

/// The gradients of all gates before their nonlinearities, a row for each step and caption, in the precision
/// of products.
///
/// The reset gate of a gated recurrent unit stands between U and the candidate, so that U and W see different
/// candidate gradients, and share those of r and u. Both are contiguous: oneDNN is faster so.
struct GateGradients {
  /// What belongs to U, [T·B, G·D]: hU_c | r | u of a gated recurrent unit, i | f | o | g of a long
  /// short-term memory.
  let recurrent: Operand
  /// What belongs to the candidate of a gated recurrent unit alone, [T·B, D].
  let candidate: Operand?

  /// The rows of some steps.
  func rows(_ range: Range<Int>) -> GateGradients {
    GateGradients(recurrent: recurrent.rows(range), candidate: candidate?.rows(range))
  }

  /// Those that belong to W and b: windows, each with the columns that it has there.
  private var inputWindows: [(gradient: Operand, columns: Range<Int>)] {
    guard let candidate else { return [(recurrent, 0..<recurrent.columns)] }
    let size = candidate.columns
    return [(recurrent.columns(size..<3 * size), 0..<2 * size), (candidate, 2 * size..<3 * size)]
  }

  /// b's gradient [1, G·D]: Σ over all rows.
  func sumColumns(into bias: Matrix) {
    for (gradient, columns) in inputWindows { gradient.sumColumns(into: bias.columns(columns)) }
  }

  /// The gradient of x·W for distinct inputs [U, G·D]: row u is the sum over the rows whose position is u.
  func sumRows(at positions: [Int32], into sums: Matrix) {
    sums.fill(0)
    for (gradient, columns) in inputWindows { sums.columns(columns).addRows(of: gradient, at: positions) }
  }

  /// The gradient of x·W where each place has an input of its own, [T·B, G·D] in the gate order of W; written to
  /// `place` where it does not stand in one piece already.
  func inputSide(_ place: Operand) -> Operand {
    guard candidate != nil else { return recurrent }
    for (gradient, columns) in inputWindows { place.columns(columns).assign(gradient) }
    return place
  }
}
