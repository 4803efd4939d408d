internal import DataFormats

/// What an .npy file holds, of whatever elements and in whatever order.
public struct ArraySummary: Sendable, Equatable, Encodable {
  /// The size of the file in bytes.
  public var bytes: Int
  /// The element type, such as float32, or NumPy's name of one that cannot be read, such as `<c8`.
  public var type: String
  /// The sizes of its dimensions.
  public var shape: [Int]
  /// Whether the first dimension is stored as the fastest; features must not be stored so.
  public var isFortranOrder: Bool
  /// Whether the most significant byte of a number comes first; those of features must not.
  public var isBigEndian: Bool
  /// What its rows are like, for floating-point numbers in two dimensions.
  public var rows: RowSummary?

  init(path: String) throws(NumpyError) {
    let header = try NumpyArray.header(path: path)
    bytes = fileSize(path)
    type = header.elements.name
    shape = header.shape
    isFortranOrder = header.isFortranOrder
    isBigEndian = false
    if case .numbers(_, let isBigEndian) = header.elements {
      self.isBigEndian = isBigEndian
      rows = RowSummary(try NumpyArray.read(path: path, converting: true))
    }
  }
}

/// The rows of a matrix of floating-point numbers.
public struct RowSummary: Sendable, Equatable, Encodable {
  /// The smallest L2 norm of a row without NaN and infinite numbers; nil when there is no such row.
  public var minimumNorm: Double?
  /// The largest of these norms.
  public var maximumNorm: Double?
  /// Their mean.
  public var meanNorm: Double?
  /// Whether all rows have norm 1 within 0.001 (float16 is no more exact), of which there is at least one.
  public var areUnitNorm: Bool
  /// Rows with a NaN or an infinite number.
  public var notFinite: Int
  /// The first of them; nil where there is none.
  public var firstNotFinite: Int?

  private static let tolerance = 0.001
  private static let elementsPerBlock = 1 << 20

  /// Nil for arrays of another kind.
  init?(_ array: ArrayData) {
    guard array.shape.count == 2, array.shape[1] > 0, array.float32Block(0..<0) != nil else { return nil }
    let (rows, columns) = (array.shape[0], array.shape[1])
    var sum = 0.0
    var finite = 0
    areUnitNorm = rows > 0
    notFinite = 0
    let rowsPerBlock = max(1, Self.elementsPerBlock / columns)
    for start in stride(from: 0, to: rows, by: rowsPerBlock) {
      let end = min(start + rowsPerBlock, rows)
      for (row, norm) in zip(start..<end, Self.norms(array, rows: start..<end)) {
        guard norm.isFinite else {
          notFinite += 1
          firstNotFinite = firstNotFinite ?? row
          areUnitNorm = false
          continue
        }
        minimumNorm = min(minimumNorm ?? norm, norm)
        maximumNorm = max(maximumNorm ?? norm, norm)
        sum += norm
        finite += 1
        if abs(norm - 1) > Self.tolerance { areUnitNorm = false }
      }
    }
    if finite > 0 { meanNorm = sum / Double(finite) }
  }

  private static func norms(_ array: ArrayData, rows: Range<Int>) -> [Double] {
    let columns = array.shape[1]
    guard let values = array.float32Block(rows.lowerBound * columns..<rows.upperBound * columns) else {
      return []
    }
    let numbers = values.span
    return (0..<rows.count).map { row in
      var sum = 0.0
      for index in row * columns..<(row + 1) * columns {
        let value = Double(numbers[index])
        sum += value * value
      }
      return sum.squareRoot()
    }
  }
}
