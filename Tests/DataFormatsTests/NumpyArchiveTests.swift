import DataFormats
import TestSupport
import Testing

/// The array `box` of the fixtures, [2, 3, 4].
enum NumpyBox {
  static let values: [Int32] = {
    var values: [Int32] = []
    for i in 0..<2 as Range<Int32> {
      for j in 0..<3 as Range<Int32> {
        for k in 0..<4 as Range<Int32> { values.append(100 * i + 10 * j + k) }
      }
    }
    return values
  }()
}

@Suite struct NumpyArchiveTests {
  private let names = [
    "counting", "half", "scalar", "empty", "swapped", "transposed", "flags", "folder/inner",
  ]

  private func archive(_ name: String) throws -> NumpyArchive {
    try NumpyArchive(path: fixturePath("numpy/\(name).npz"))
  }

  @Test(arguments: ["stored", "deflated"])
  func readsArchivesOfNumPy(name: String) throws {
    let archive = try archive(name)
    #expect(archive.members.map(\.name) == names)
    #expect(archive.otherEntries.isEmpty)
    let shapes = archive.members.map(\.header.shape)
    #expect(shapes == [[2, 3], [2, 3], [], [0, 3], [2, 3], [2, 3, 4], [2, 3], [300]])
    let counting: [Float] = [0, 1, 2, 3, 4, 5]
    #expect(try archive.array("counting").values(as: Float.self) == counting)
    #expect(try archive.array("half").elementType == .float16)
    #expect(try archive.array("scalar").values(as: Int64.self) == [7])
    #expect(try archive.array("empty").elementCount == 0)
    #expect(try archive.array("swapped").values(as: Double.self) == counting.map { Double($0) })
    #expect(try archive.array("transposed").values(as: Int32.self) == NumpyBox.values)
    #expect(try archive.array("flags").float32Values() == [0, 1, 0, 1, 0, 1])
    #expect(try archive.array("folder/inner").values(as: UInt16.self) == (0..<300).map { UInt16($0) })
  }

  @Test func storedArraysAreMapped() throws {
    let stored = try archive("stored")
    #expect(try stored.array("counting").mappedFile?.path == stored.path)
    #expect(try stored.array("folder/inner", verifyingChecksum: false).mappedFile != nil)
    #expect(try stored.array("swapped").mappedFile == nil)
    #expect(try archive("deflated").array("counting").mappedFile == nil)
  }

  @Test func archivesWithoutNames() throws {
    #expect(try archive("unnamed").members.map(\.name) == ["arr_0", "arr_1"])
    #expect(try archive("none").members.isEmpty)
  }

  @Test func objectsAreNamedAndRefused() throws {
    let archive = try archive("objects")
    #expect(archive.members.map(\.header.elements.name) == ["objects", "int64"])
    #expect(archive.otherEntries.map(\.name) == ["README"])
    #expect(try archive.array("counting").shape == [2, 3])
    let error = NumpyArchiveError.array(.objectArray(path: archive.path + "/options.npy"))
    #expect(throws: error) { try archive.array("options") }
    #expect(error.description.contains("/options.npy' holds Python objects"))
    #expect(throws: NumpyArchiveError.noArray(path: archive.path, name: "README")) {
      try archive.array("README")
    }
  }

  @Test(arguments: [false, true])
  func readsWhatIsWritten(compressed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("x.npz")
    let arrays: [(name: String, array: ArrayData)] = try names.map { name in
      (name, try archive("stored").array(name))
    }
    try NumpyArchive.write(arrays, to: path, compressed: compressed)
    let written = try NumpyArchive(path: path)
    #expect(written.members.map(\.name) == names)
    for (name, array) in arrays {
      let copy = try written.array(name)
      #expect(copy.elementType == array.elementType && copy.shape == array.shape)
      #expect(copy.withUnsafeBytes { Array($0) } == array.withUnsafeBytes { Array($0) })
      #expect((copy.mappedFile != nil) == !compressed)
    }
  }

  @Test func writingWhatNumPyDoesNotHave() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("x.npz")
    let array = try ArrayData(elementType: .bfloat16, shape: [1], bytes: [0, 0])
    #expect(
      throws: NumpyArchiveError.array(.noDescriptor(path: path + "/a.npy", elementType: .bfloat16))
    ) { try NumpyArchive.write([("a", array)], to: path) }
    #expect(throws: NumpyArchiveError.zip(.unusableName(path: path, entry: "a.npy"))) {
      try NumpyArchive.write([("a", ArrayData([1 as Float])), ("a", ArrayData([1 as Float]))], to: path)
    }
    #expect(try folder.contents().isEmpty)
  }

  /// An archive with one member of these bytes.
  private func archive(member: [UInt8], deflated: Bool) throws -> NumpyArchive {
    let entry =
      deflated
      ? ZipBuilder.Entry.deflated("a.npy", ZipBuilder.storedBlocks(member), giving: member)
      : ZipBuilder.Entry("a.npy", member)
    return try NumpyArchive(MappedFile(bytes: ZipBuilder([entry]).bytes(), path: "x.npz"))
  }

  @Test(arguments: [false, true])
  func damagedMembers(deflated: Bool) throws {
    let whole = try bytes(ofFile: fixturePath("numpy/vector.npy"))
    #expect(try archive(member: whole, deflated: deflated).array("a").float32Values() == [0, 1, 2])
    for length in 0..<whole.count {
      #expect(throws: NumpyArchiveError.self) {
        try archive(member: Array(whole.prefix(length)), deflated: deflated)
      }
    }
    #expect(
      throws: NumpyArchiveError.array(.trailingBytes(path: "x.npz/a.npy", offset: whole.count, count: 1))
    ) { try archive(member: whole + [0], deflated: deflated) }
    let text = "{'descr': '<f8', 'fortran_order': True, 'shape': (1152921504606846976, 2), }\n"
    let large: [UInt8] = [0x93] + "NUMPY".utf8 + [1, 0, UInt8(text.utf8.count), 0] + text.utf8
    #expect(
      throws: NumpyArchiveError.array(.impossibleShape(path: "x.npz/a.npy", shape: [1 << 60, 2]))
    ) { try archive(member: large, deflated: deflated) }
  }

  @Test func wrongChecksum() throws {
    let member = try bytes(ofFile: fixturePath("numpy/vector.npy"))
    var entry = ZipBuilder.Entry("a.npy", member)
    entry.data[member.count - 1] ^= 1
    let archive = try NumpyArchive(MappedFile(bytes: ZipBuilder([entry]).bytes(), path: "x.npz"))
    #expect(throws: NumpyArchiveError.zip(.wrongChecksum(path: "x.npz", entry: "a.npy"))) {
      try archive.array("a")
    }
    #expect(try archive.array("a", verifyingChecksum: false).shape == [3])
  }
}
