import DataFormats
import TestSupport
import Testing

@Suite struct NumpyConversionTests {
  private func read(_ name: String) throws -> ArrayData {
    try NumpyArray.read(path: fixturePath("numpy/\(name).npy"), converting: true)
  }

  @Test(arguments: ["i2", "u2", "f2", "i4", "u4", "f4", "i8", "u8", "f8"])
  func bytesAreSwapped(kind: String) throws {
    let array = try read("big_\(kind)")
    #expect(array.elementType.numpyDescriptor?.dropFirst() == kind[...])
    #expect(array.shape == [2, 3])
    #expect(try array.float32Values() == [0, 1, 2, 3, 4, 5])
    #expect(array.mappedFile == nil)
  }

  @Test(arguments: ["b1_little", "i1_little", "u2_little", "f4_little", "i8_little", "f4_big", "f8_big"])
  func dimensionsAreReversed(name: String) throws {
    let array = try read("fortran_box_\(name)")
    #expect(array.shape == [2, 3, 4])
    let numbers = NumpyBox.values.map { Float($0 % 128) }
    #expect(try array.float32Values() == (name == "b1_little" ? numbers.map { $0 == 0 ? 0 : 1 } : numbers))
  }

  @Test(arguments: [("fortran", [2, 3]), ("fortran_four", [2, 5, 1, 4, 6]), ("fortran_empty", [3, 0, 2])])
  func otherNumbersOfDimensions(name: String, shape: [Int]) throws {
    let array = try read(name)
    #expect(array.shape == shape)
    #expect(try array.float32Values() == (0..<array.elementCount).map { Float($0) })
  }

  @Test func blocksAreJoined() throws {
    let array = try read("fortran_large")
    #expect(array.shape == [70, 45])
    #expect(try array.values(as: UInt16.self) == (0..<70 * 45).map { UInt16($0) })
  }

  @Test func whatNeedsNoConversionIsMapped() throws {
    #expect(try read("fortran_column").mappedFile != nil)
    #expect(try read("version_1").mappedFile != nil)
  }

  @Test func headersOfOtherElements() throws {
    func elements(_ name: String) throws -> NumpyElements {
      try NumpyArray.header(path: fixturePath("numpy/\(name).npy")).elements
    }
    #expect(try elements("complex") == .other(descriptor: "<c8"))
    #expect(try elements("text") == .other(descriptor: "<U3"))
    #expect(try elements("structured") == .records(offset: 20))
    #expect(try elements("records_of_arrays") == .records(offset: 20))
    #expect(try elements("object") == .objects)
    #expect(try elements("big_f4") == .numbers(.float32, isBigEndian: true))
    #expect(try NumpyArray.header(path: fixturePath("numpy/fortran.npy")).isFortranOrder)
    #expect(throws: NumpyError.structuredArray(path: fixturePath("numpy/records_of_arrays.npy"), offset: 20))
    {
      try read("records_of_arrays")
    }
  }
}
