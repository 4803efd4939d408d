internal import CNeural

/// C = op(A) · op(B), or C += op(A) · op(B) when `accumulating`.
///
/// A is stored [m, k] ([k, m] when `transposingLeft`), B [k, n] ([n, k] when `transposingRight`), C is
/// [m, n] and must not share memory with A or B. Inputs have one precision; sums are Float32.
/// - Complexity: 2 · m · n · k floating-point operations.
public func multiply(
  _ left: Operand, transposingLeft: Bool = false, by right: Operand, transposingRight: Bool = false,
  into result: Matrix, accumulating: Bool = false
) {
  let depth = transposingLeft ? left.rows : left.columns
  precondition((transposingLeft ? left.columns : left.rows) == result.rows, "rows of A and C differ")
  precondition((transposingRight ? right.columns : right.rows) == depth, "inner sizes of A and B differ")
  precondition((transposingRight ? right.rows : right.columns) == result.columns, "columns of B and C differ")
  precondition(left.precision == right.precision, "precisions of A and B differ")
  guard result.count > 0 else { return }
  guard depth > 0 else {
    if !accumulating { result.fill(0) }
    return
  }
  var product = cneural_product(
    m: Int64(result.rows), n: Int64(result.columns), k: Int64(depth), a_stride: Int64(left.stride),
    b_stride: Int64(right.stride), c_stride: Int64(result.stride), input_type: left.precision.cType,
    transpose_a: transposingLeft, transpose_b: transposingRight, accumulate: accumulating, packed_b: false)
  check(cneural_multiply(&product, left.address, right.address, result.pointer), product)
}

/// C = op(A) · op(B) of Float32 matrices; see `multiply(_:transposingLeft:by:transposingRight:into:accumulating:)`.
public func multiply(
  _ left: Matrix, transposingLeft: Bool = false, by right: Matrix, transposingRight: Bool = false,
  into result: Matrix, accumulating: Bool = false
) {
  multiply(
    Operand(left), transposingLeft: transposingLeft, by: Operand(right), transposingRight: transposingRight,
    into: result, accumulating: accumulating)
}

/// The right factor of many products of one shape, rewritten once into the layout that makes them fastest.
public final class PackedOperand {
  private var product = cneural_product()
  private var buffer = AlignedBuffer(byteCount: 0)

  /// Nothing packed yet.
  public init() {}

  /// Takes in op(B) [k, n] for products C [m, n] (+)= A [m, k] · op(B), where A and C have the given strides.
  public func pack(
    _ right: Operand, transposing: Bool, leftRows: Int, leftStride: Int, resultStride: Int,
    accumulating: Bool
  ) {
    product = cneural_product(
      m: Int64(leftRows), n: Int64(transposing ? right.rows : right.columns),
      k: Int64(transposing ? right.columns : right.rows), a_stride: Int64(leftStride),
      b_stride: Int64(right.stride), c_stride: Int64(resultStride), input_type: right.precision.cType,
      transpose_a: false, transpose_b: transposing, accumulate: accumulating, packed_b: true)
    let size = cneural_packed_size(&product)
    precondition(size > 0, "a matrix of this shape cannot be packed")
    if buffer.byteCount < size { buffer = AlignedBuffer(byteCount: size) }
    check(cneural_pack(&product, right.address, buffer.base), product)
  }

  /// C (+)= A · op(B), as packed.
  public func multiply(_ left: Operand, into result: Matrix) {
    precondition(Int64(left.rows) == product.m && Int64(left.columns) == product.k, "A has another shape")
    precondition(Int64(left.stride) == product.a_stride, "A has another stride")
    precondition(left.precision.cType == product.input_type, "A has another precision")
    precondition(Int64(result.rows) == product.m && Int64(result.columns) == product.n, "C has another shape")
    precondition(Int64(result.stride) == product.c_stride, "C has another stride")
    check(cneural_multiply(&product, left.address, buffer.base, result.pointer), product)
  }
}

extension Precision {
  fileprivate var cType: cneural_type { self == .float32 ? CNEURAL_FLOAT32 : CNEURAL_BFLOAT16 }
}

/// Shapes are checked before the call, so that a failure means that memory ran out or that oneDNN cannot
/// serve this machine at all: nothing that a caller could mend.
private func check(_ status: cneural_status, _ product: cneural_product) {
  precondition(
    status == CNEURAL_OK,
    "oneDNN \(cneural_version()) failed (\(status.rawValue)) at a product of \(product.m) × \(product.k) by "
      + "\(product.k) × \(product.n)")
}
