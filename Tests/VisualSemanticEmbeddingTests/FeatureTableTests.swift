import DataFormats
import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct FeatureTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ array: ArrayData) throws -> String {
    let path = folder.path("features.npy")
    try NumpyArray.write(array, to: path)
    return path
  }

  /// float16 bits of whole numbers from 0 to 1024 and of the three special values.
  private func half(_ value: Float) -> [UInt8] {
    let bits: UInt16
    if value.isNaN {
      bits = 0x7E01
    } else if value.isInfinite {
      bits = value < 0 ? 0xFC00 : 0x7C00
    } else if value == 0 {
      bits = 0
    } else {
      bits = UInt16(value.exponent + 15) << 10 | UInt16(value.significandBitPattern >> 13)
    }
    return [UInt8(bits & 255), UInt8(bits >> 8)]
  }

  private func table(_ values: [Float], shape: [Int], type: ArrayElementType) throws -> FeatureTable {
    let array =
      type == .float16
      ? try ArrayData(elementType: .float16, shape: shape, bytes: values.flatMap(half))
      : ArrayData(values, shape: shape)
    return try FeatureTable(path: write(array))
  }

  private func gather(_ table: FeatureTable, _ rows: [Int]) throws -> [Float] {
    var result = [Float](repeating: -1, count: rows.count * table.columnCount)
    try result.withUnsafeMutableBufferPointer { try table.gather(rows: rows, into: $0) }
    return result
  }

  @Test(arguments: [ArrayElementType.float16, .float32], [1, 7, 37])
  func gathersRows(type: ArrayElementType, columns: Int) throws {
    let values = (0..<5 * columns).map(Float.init)
    let table = try table(values, shape: [5, columns], type: type)
    #expect(table.rowCount == 5 && table.columnCount == columns && table.elementType == type)
    let rows = [4, 0, 0, 3]
    #expect(try gather(table, rows) == rows.flatMap { values[$0 * columns..<($0 + 1) * columns] })
    #expect(try gather(table, []) == [])
    try table.validate()
  }

  @Test(arguments: [ArrayElementType.float16, .float32], [Float.nan, .infinity, -.infinity])
  func namesWhatIsNotFinite(type: ArrayElementType, bad: Float) throws {
    let columns = 19
    for column in [0, 8, 18] {
      var values = [Float](repeating: 1, count: 4 * columns)
      values[2 * columns + column] = bad
      let table = try table(values, shape: [4, columns], type: type)
      let expected = FeatureTableError.notFinite(
        path: table.path, row: 2, column: column, value: bad.isNaN ? "NaN" : "\(bad)")
      #expect(throws: expected) { try table.validate() }
      #expect(throws: expected) { _ = try gather(table, [0, 2]) }
      #expect(try gather(table, [3, 1]) == [Float](repeating: 1, count: 2 * columns))
    }
  }

  @Test func theLargestFiniteNumbersPass() throws {
    let single = try FeatureTable(
      path: write(
        ArrayData(
          [Float.greatestFiniteMagnitude, -.greatestFiniteMagnitude, Float.leastNonzeroMagnitude],
          shape: [1, 3])))
    try single.validate()
    let half = try FeatureTable(
      path: write(ArrayData(elementType: .float16, shape: [1, 3], bytes: [0xFF, 0x7B, 0xFF, 0xFB, 1, 0])))
    try half.validate()
    #expect(try gather(half, [0]) == [65504, -65504, 0x1p-24])
  }

  @Test func validationReportsEveryBlock() throws {
    // Rows of 3 MiB: a block holds one of them.
    let columns = 3 << 18
    let table = try table([Float](repeating: 0, count: 3 * columns), shape: [3, columns], type: .float32)
    var reports: [Int] = []
    try table.validate { reports.append($0) }
    #expect(reports == [1, 2, 3])
  }

  @Test func noRowsAreATable() throws {
    let table = try table([], shape: [0, 4], type: .float32)
    #expect(table.rowCount == 0)
    try table.validate()
    #expect(try gather(table, []) == [])
  }

  @Test func otherElementType() throws {
    let path = try write(ArrayData([Double(1)], shape: [1, 1]))
    let error = FeatureTableError.wrongElementType(path: path, found: .float64)
    #expect(throws: error) { try FeatureTable(path: path) }
    #expect(error.description.contains("float64") && error.description.contains("astype"))
  }

  @Test(arguments: [[6], [1, 2, 3], []])
  func otherShape(shape: [Int]) throws {
    let path = try write(ArrayData([Float](repeating: 0, count: shape.reduce(1, *)), shape: shape))
    #expect(throws: FeatureTableError.wrongShape(path: path, shape: shape)) { try FeatureTable(path: path) }
  }

  @Test(arguments: [0, 3])
  func noColumns(rows: Int) throws {
    let path = try write(ArrayData([Float](), shape: [rows, 0]))
    #expect(throws: FeatureTableError.noColumns(path: path, rowCount: rows)) { try FeatureTable(path: path) }
  }

  @Test func fortranOrder() {
    let path = fixturePath("numpy/fortran.npy")
    #expect(throws: FeatureTableError.array(.fortranOrder(path: path, shape: [2, 3]))) {
      try FeatureTable(path: path)
    }
  }

  @Test(
    arguments: [
      .array(.file(.notFound(path: "a"))), .wrongElementType(path: "a", found: .int8),
      .wrongShape(path: "a", shape: [1]), .noColumns(path: "a", rowCount: 1),
      .notFinite(path: "a", row: 1, column: 2, value: "NaN"),
    ] as [FeatureTableError])
  func messagesAreOneLineThatNamesTheFile(error: FeatureTableError) {
    #expect(error.description.contains("'a'") && error.description.contains(";"))
    #expect(!error.description.contains("\n"))
    #expect(error.localizedDescription == error.description)
  }
}
