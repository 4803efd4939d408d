import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct NumpyArrayTests {
  @Test(arguments: ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])
  func readsIntegersOfNumPy(kind: String) throws {
    let array = try NumpyArray.read(path: fixturePath("numpy/counting_\(kind).npy"))
    #expect(array.shape == [2, 3])
    #expect(array.elementType.numpyDescriptor?.dropFirst() == kind[...])
    #expect(try array.float32Values() == [0, 1, 2, 3, 4, 5])
  }

  @Test(arguments: [("f2", Float(0.099975586)), ("f4", 0.1), ("f8", 0.1)])
  func readsFloatsOfNumPy(kind: String, tenth: Float) throws {
    let values = try NumpyArray.read(path: fixturePath("numpy/numbers_\(kind).npy")).float32Values()
    let tiny: Float = kind == "f2" ? 0x1p-24 : 6e-8
    #expect(values == [0.5, -1.5, tenth, 65504, tiny, 0])
    #expect(values.last?.sign == .minus)
  }

  @Test func readsBooleansOfNumPy() throws {
    let array = try NumpyArray.read(path: fixturePath("numpy/counting_bool.npy"))
    #expect(array.elementType == .bool)
    #expect(try array.float32Values() == [0, 1, 0, 1, 0, 1])
  }

  @Test(arguments: 1...3)
  func readsEveryVersion(version: Int) throws {
    let array = try NumpyArray.read(path: fixturePath("numpy/version_\(version).npy"))
    #expect(array.shape == [2, 3])
    #expect(try array.values(as: Float.self) == [0, 1, 2, 3, 4, 5])
    #expect(array.mappedFile != nil)
  }

  @Test(
    arguments: [
      ("scalar", [], [7]), ("vector", [3], [0, 1, 2]), ("empty", [0, 3], []),
      ("fortran_column", [3, 1], [0, 1, 2]),
    ] as [(String, [Int], [Float])])
  func readsEveryShape(name: String, shape: [Int], values: [Float]) throws {
    let array = try NumpyArray.read(path: fixturePath("numpy/\(name).npy"))
    #expect(array.shape == shape)
    #expect(try array.float32Values() == values)
  }

  @Test(arguments: [
    "numbers_f2", "numbers_f4", "numbers_f8", "counting_bool", "counting_i1", "counting_i2", "counting_i4",
    "counting_i8", "counting_u1", "counting_u2", "counting_u4", "counting_u8", "version_1", "scalar",
    "vector",
    "empty",
  ])
  func writesTheBytesOfNumPy(name: String) throws {
    let folder = try TemporaryFolder()
    let fixture = fixturePath("numpy/\(name).npy")
    let copy = folder.path("copy.npy")
    try NumpyArray.write(try NumpyArray.read(path: fixture), to: copy)
    #expect(try bytes(ofFile: copy) == bytes(ofFile: fixture))
    #expect(try folder.contents() == ["copy.npy"])
  }

  @Test func refusesToWriteBFloat16() throws {
    let folder = try TemporaryFolder()
    let array = try ArrayData(elementType: .bfloat16, shape: [1], bytes: [0, 0])
    #expect(throws: NumpyError.noDescriptor(path: folder.path("x"), elementType: .bfloat16)) {
      try NumpyArray.write(array, to: folder.path("x"))
    }
  }

  @Test func refusesToWriteMoreDimensionsThanNumPyHas() throws {
    let path = try TemporaryFolder().path("x")
    let shape = [Int](repeating: 1, count: 65)
    #expect(throws: NumpyError.impossibleShape(path: path, shape: shape)) {
      try NumpyArray.write(ArrayData([Float(1)], shape: shape), to: path)
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func writingToAFullDeviceFails() {
    #expect(throws: NumpyError.file(.diskFull(path: "/dev/full"))) {
      try NumpyArray.write(ArrayData([Float(1)]), to: "/dev/full")
    }
  }

  @Test func rowWriterWritesTheBytesOfNumPy() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("rows.npy")
    let writer = try NumpyRowWriter(path: path, rowCount: 2, columnCount: 3)
    try writer.append([0, 1, 2])
    try writer.append([])
    #expect(!FileManager.default.fileExists(atPath: path))
    try writer.append([3, 4, 5])
    try writer.finish()
    #expect(try bytes(ofFile: path) == bytes(ofFile: fixturePath("numpy/version_1.npy")))
    #expect(try folder.contents() == ["rows.npy"])
  }

  @Test func rowWriterWantsAsManyRowsAsAnnounced() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("rows.npy")
    let writer = try NumpyRowWriter(path: path, rowCount: 2, columnCount: 1)
    #expect(throws: NumpyError.wrongRowCount(path: path, expected: 2, found: 3)) {
      try writer.append([1, 2, 3])
    }
    try writer.append([1])
    #expect(throws: NumpyError.wrongRowCount(path: path, expected: 2, found: 1)) { try writer.finish() }
    #expect(try folder.contents() == [])
  }

  @Test func rowWriterRefusesImpossibleShapes() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("rows.npy")
    for (rows, columns) in [(-1, 3), (3, -1), (Int.max, 2)] {
      #expect(throws: NumpyError.impossibleShape(path: path, shape: [rows, columns])) {
        _ = try NumpyRowWriter(path: path, rowCount: rows, columnCount: columns)
      }
    }
  }
}
