/// The largest |a − b| of elements in the same place; infinite when the lengths differ or a difference is NaN.
public func maximumAbsoluteDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { largest, pair in
    // Equal infinities differ by NaN, and are equal.
    let difference = pair.0 == pair.1 ? 0 : abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}

/// ‖a − b‖ / ‖b‖ in L2 norms, with `expected` as b; the plain ‖a − b‖ when b is zero, and infinite when the
/// lengths differ or a value is NaN.
public func relativeError(_ found: [Float], expected: [Float]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var difference = 0.0
  var norm = 0.0
  for (a, b) in zip(found, expected) {
    difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
    norm += Double(b) * Double(b)
  }
  let error = norm > 0 ? (difference / norm).squareRoot() : difference.squareRoot()
  return error.isNaN ? .infinity : error
}
