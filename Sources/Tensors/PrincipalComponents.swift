/// The directions in which rows differ most: the first eigenvectors of their covariance, by power iteration.
///
/// A direction's sign is chosen so that its largest number, by size, is positive.
public struct PrincipalComponents {
  /// [count, D], of unit norm; zeros where the rows do not differ any more.
  public let directions: Matrix
  /// Which part of the total variance each direction has, 0 to 1.
  public private(set) var explained: [Double]
  /// The mean of the rows, [1, D].
  private let mean: Matrix

  /// Power iteration gains the ratio of two eigenvalues a step; where they are equal any mixture will do.
  private static let mostSteps = 1000

  /// The first `count` components of rows [N, D].
  ///
  /// - Complexity: 2 · N · D² operations for the covariance, and at most 2,000 · D² for each component.
  public init(of rows: Matrix, count: Int) {
    let width = rows.columns
    mean = Matrix(rows: 1, columns: width)
    directions = Matrix(rows: count, columns: width)
    explained = [Double](repeating: 0, count: count)
    guard rows.rows > 1 else { return }
    rows.sumColumns(into: mean)
    mean.scale(by: 1 / Float(rows.rows))
    let centred = Self.centred(rows, mean: mean)
    let covariance = Matrix(rows: width, columns: width)
    multiply(centred, transposingLeft: true, by: centred, into: covariance)
    let total = (0..<width).reduce(0.0) { $0 + Double(covariance[$1, $1]) }
    guard total > 0, total.isFinite else { return }
    var generator = SeededRandomNumberGenerator(seed: 1)
    for number in 0..<count {
      let direction = directions.rows(number..<number + 1)
      let value = Self.largestEigenvector(of: covariance, into: direction, using: &generator)
      // What is left once a direction with rounding's share was found is rounding.
      guard value > 1e-6 * total else {
        direction.fill(0)
        return
      }
      explained[number] = value / total
      // C ← C − λ v vᵀ
      let scaled = direction.copy()
      scaled.scale(by: -Float(value))
      multiply(scaled, transposingLeft: true, by: direction, into: covariance, accumulating: true)
    }
  }

  /// Where rows [N, D] lie along the directions, seen from the mean: [N, count].
  public func coordinates(of rows: Matrix) -> Matrix {
    let result = Matrix(rows: rows.rows, columns: directions.rows)
    multiply(Self.centred(rows, mean: mean), by: directions, transposingRight: true, into: result)
    return result
  }

  private static func centred(_ rows: Matrix, mean: Matrix) -> Matrix {
    let centred = rows.copy()
    let negative = mean.copy()
    negative.scale(by: -1)
    centred.addToRows(negative)
    return centred
  }

  /// v ← C v / ‖C v‖ until v stands still; returns ‖C v‖.
  private static func largestEigenvector(
    of matrix: Matrix, into vector: Matrix, using generator: inout SeededRandomNumberGenerator
  ) -> Double {
    vector.fillUniform(bound: 1, using: &generator)
    vector.normalizeRows()
    let product = Matrix(rows: 1, columns: vector.columns)
    var value = 0.0
    for _ in 0..<mostSteps {
      multiply(vector, by: matrix, into: product)
      let numbers = product.values
      value = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      guard value > 0, value.isFinite else { return 0 }
      product.normalizeRows()
      let change = zip(product.values, vector.values).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      vector.assign(product)
      if change < 1e-6 { break }
    }
    let largest = vector.values.max { abs($0) < abs($1) } ?? 0
    if largest < 0 { vector.scale(by: -1) }
    return value
  }
}
