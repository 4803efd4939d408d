import DataFormats
import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Several rows of features for each image.
@Suite struct CropTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(_ array: ArrayData, crops: Int) throws -> FeatureTable {
    let path = folder.path("features.npy")
    try NumpyArray.write(array, to: path)
    return try FeatureTable(path: path, crops: crops)
  }

  private func gather(_ table: FeatureTable, _ rows: [Int], crops: [Int]? = nil) throws -> [Float] {
    var result = [Float](repeating: -1, count: rows.count * table.columnCount)
    try result.withUnsafeMutableBufferPointer { try table.gather(rows: rows, crops: crops, into: $0) }
    return result
  }

  private let values: [Float] = [1, 2, 3, 6, 5, 10, 20, 40, 60, 80, 100, 120]

  @Test func theMeanOrOneOfThem() throws {
    let table = try table(ArrayData(values, shape: [6, 2]), crops: 3)
    #expect(table.rowCount == 2 && table.columnCount == 2 && table.cropCount == 3)
    let mean = try gather(table, [1, 0, 1])
    #expect(maximumAbsoluteDifference(mean, [60, 80, 3, 6, 60, 80]) < 1e-5)
    #expect(try gather(table, [1, 0, 0], crops: [2, 0, 1]) == [100, 120, 1, 2, 3, 6])
    #expect(try gather(table, []) == [])
    try table.validate()
  }

  @Test func halfPrecision() throws {
    // 1, 2, 3, 4 in float16.
    let bytes: [UInt8] = [0, 0x3C, 0, 0x40, 0, 0x42, 0, 0x44]
    let table = try table(ArrayData(elementType: .float16, shape: [4, 1], bytes: bytes), crops: 2)
    #expect(try gather(table, [0, 1]) == [1.5, 3.5])
    #expect(try gather(table, [0, 1], crops: [1, 1]) == [2, 4])
  }

  @Test func largeNumbersHaveAMean() throws {
    let largest = Float.greatestFiniteMagnitude
    let table = try table(ArrayData([largest, largest, largest, largest], shape: [4, 1]), crops: 4)
    #expect(try gather(table, [0]) == [largest])
  }

  @Test func aBrokenNumberIsNamedByItsRowInTheFile() throws {
    var broken = values
    broken[9] = .nan
    let table = try table(ArrayData(broken, shape: [6, 2]), crops: 3)
    let error = FeatureTableError.notFinite(path: table.path, row: 4, column: 1, value: "NaN")
    #expect(throws: error) { try table.validate() }
    #expect(throws: error) { _ = try gather(table, [1]) }
    #expect(throws: error) { _ = try gather(table, [0, 1], crops: [0, 1]) }
    #expect(try gather(table, [0, 1], crops: [0, 2]) == [1, 2, 100, 120])
  }

  @Test func rowsThatAreNoMultiple() throws {
    let path = folder.path("features.npy")
    let error = FeatureTableError.rowsAreNoMultiple(path: path, rowCount: 6, crops: 4)
    #expect(throws: error) { try table(ArrayData(values, shape: [6, 2]), crops: 4) }
    #expect(error.description.contains("--crops") && !error.description.contains("\n"))
  }

  /// Captions are grouped by whole images: a row for each image, or for each caption.
  @Test func groupsOfDatasets() throws {
    let dataset = try DatasetFolder()
    let features: [[Float]] = [[1], [2], [3], [4]]
    try dataset.write("dev", captions: ["a", "b", "c", "d"], features: features)
    let split = try Dataset(folder: dataset.path, crops: 2).open(.dev)
    #expect(split.features.rowCount == 2 && !split.hasRowForEachCaption)
    #expect(split.grouping.imageOfCaption == [0, 0, 1, 1])

    let repeated = features[0...1] + features[0...1] + features[2...3]
    try dataset.write("dev", captions: ["a", "b", "c"], features: Array(repeated))
    let byCaption = try Dataset(folder: dataset.path, crops: 2).open(.dev)
    #expect(byCaption.hasRowForEachCaption && byCaption.grouping.imageOfCaption == [0, 0, 1])

    #expect {
      try Dataset(folder: dataset.path, crops: 4).open(.dev)
    } throws: {
      if case FeatureTableError.rowsAreNoMultiple = $0 { true } else { false }
    }
  }
}
