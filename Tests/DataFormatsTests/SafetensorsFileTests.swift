import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String = "x", metadata: [String: String] = ["a": "1", "b": "é\"\\\n"]) throws
    -> String
  {
    let path = folder.path(name)
    try SafetensorsFile.write(
      [
        SafetensorsTensor(name: "weights", ArrayData([1, -2, 3, 4, 5, 6.5] as [Float], shape: [2, 3])),
        SafetensorsTensor(name: "none", ArrayData([Float](), shape: [0, 4])),
        SafetensorsTensor(name: "wörter \"\u{1}", ArrayData(Array("a\nb".utf8))),
        SafetensorsTensor(name: "step", ArrayData([Int64(-9)], shape: [])),
      ], metadata: metadata, to: path)
    return path
  }

  @Test func roundTrip() throws {
    let path = try write()
    let file = try SafetensorsFile.read(path: path)
    #expect(file.isVerified)
    #expect(file.metadata == ["a": "1", "b": "é\"\\\n"])
    #expect(file.names == ["weights", "none", "wörter \"\u{1}", "step"])
    #expect(file["weights"]?.shape == [2, 3])
    #expect(try file["weights"]?.float32Values() == [1, -2, 3, 4, 5, 6.5])
    #expect(file["none"]?.shape == [0, 4])
    #expect(try file["wörter \"\u{1}"]?.values(as: UInt8.self) == Array("a\nb".utf8))
    // Not aligned for its type, as the words before it are three bytes.
    #expect(try file["step"]?.values(as: Int64.self) == [-9])
    #expect(file["other"] == nil)
    #expect(try folder.contents() == ["x"])
  }

  @Test func readsEveryTypeOfTheFormatsOwnLibrary() throws {
    let file = try SafetensorsFile.read(path: fixturePath("safetensors/all_types.safetensors"))
    #expect(file.metadata == ["format": "pt", "k": "é"] && !file.isVerified)
    for type in ArrayElementType.allCases {
      let array = try #require(file[type.rawValue])
      #expect(array.elementType == type && array.shape == [2, 3])
      #expect(try array.float32Values() == (type == .bool ? [0, 1, 0, 1, 0, 1] : [0, 1, 2, 3, 4, 5]))
    }
    #expect(try file["scalar"]?.values(as: Float.self) == [7])
    #expect(file["empty"]?.shape == [0, 3])
    #expect(try file["wörter \"\\\n"]?.values(as: UInt8.self) == [1, 2])
    #expect(file.names.count == ArrayElementType.allCases.count + 3)
    #expect(try SafetensorsFile.read(path: fixturePath("safetensors/none.safetensors")).names == [])
  }

  @Test(arguments: ArrayElementType.allCases)
  func everyElementTypeRoundTrips(type: ArrayElementType) throws {
    let path = folder.path("x")
    let array = try ArrayData(
      elementType: type, shape: [3], bytes: (0..<3 * type.byteCount).map { UInt8($0 + 1) })
    try SafetensorsFile.write([SafetensorsTensor(name: "t", array)], to: path)
    let found = try #require(try SafetensorsFile.read(path: path)["t"])
    #expect(found.elementType == type)
    #expect(found.withUnsafeBytes { Array($0) } == array.withUnsafeBytes { Array($0) })
  }

  @Test func bytesAreDeterministicAndAligned() throws {
    let bytes = try bytes(ofFile: write("x"))
    #expect(try bytes == TestSupport.bytes(ofFile: write("y")))
    #expect((8 + Int(bytes[0]) + Int(bytes[1]) << 8) % 64 == 0)
    let header = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + Int(bytes[0]) + Int(bytes[1]) << 8]))
        as? [String: [String: Any]])
    #expect(header["weights"]?["data_offsets"] as? [Int] == [0, 24])
    #expect(header["__metadata__"]?["b"] as? String == "é\"\\\n")
  }

  @Test func nothingAtAllRoundTrips() throws {
    try SafetensorsFile.write([], to: folder.path("x"))
    let file = try SafetensorsFile.read(path: folder.path("x"))
    #expect(file.names == [] && file.metadata == [:] && file.isVerified)
  }

  @Test func piecesAreWrittenInOrder() throws {
    let path = folder.path("x")
    let pieces: [[UInt8]] = [[1, 2], [], [3]]
    let tensor = SafetensorsTensor(name: "t", elementType: .uint8, shape: [3]) { consume in
      for piece in pieces { piece.withUnsafeBytes { consume($0) } }
    }
    try SafetensorsFile.write([tensor], to: path)
    #expect(try SafetensorsFile.read(path: path)["t"]?.values(as: UInt8.self) == [1, 2, 3])
  }

  @Test(arguments: [2, 4])
  func aTensorMustGiveItsBytes(count: Int) throws {
    let tensor = SafetensorsTensor(name: "t", elementType: .uint8, shape: [3]) { consume in
      [UInt8](repeating: 0, count: count).withUnsafeBytes { consume($0) }
    }
    let path = folder.path("x")
    #expect(throws: SafetensorsError.wrongByteCount(path: path, tensor: "t", expected: 3, found: count)) {
      try SafetensorsFile.write([tensor], to: path)
    }
    #expect(try folder.contents() == [])
  }

  @Test func aTensorMustNotChange() throws {
    nonisolated(unsafe) var value: UInt8 = 0
    let tensor = SafetensorsTensor(name: "t", elementType: .uint8, shape: [1]) { consume in
      value += 1
      [value].withUnsafeBytes { consume($0) }
    }
    let path = folder.path("x")
    #expect(throws: SafetensorsError.changedWhileWriting(path: path)) {
      try SafetensorsFile.write([tensor], to: path)
    }
    #expect(try folder.contents() == [])
  }

  @Test func reservedAndRepeatedNamesAreRefused() throws {
    let path = folder.path("x")
    let array = ArrayData([Float(1)])
    for names in [["__metadata__"], ["a", "a"]] {
      #expect(throws: SafetensorsError.unusableName(path: path, name: names[0])) {
        try SafetensorsFile.write(names.map { SafetensorsTensor(name: $0, array) }, to: path)
      }
    }
    #expect(throws: SafetensorsError.unusableName(path: path, name: "checksum")) {
      try SafetensorsFile.write([], metadata: ["checksum": ""], to: path)
    }
  }

  @Test func impossibleSizesAreRefused() {
    let path = folder.path("x")
    func tensor(_ name: String) -> SafetensorsTensor {
      SafetensorsTensor(name: name, elementType: .uint8, shape: [Int.max]) { _ in }
    }
    #expect(throws: SafetensorsError.impossibleShape(path: path, tensor: "b", shape: [Int.max])) {
      try SafetensorsFile.write([tensor("a"), tensor("b")], to: path)
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func writingToAFullDeviceFails() {
    #expect(throws: SafetensorsError.file(.diskFull(path: "/dev/full"))) {
      try SafetensorsFile.write([SafetensorsTensor(name: "t", ArrayData([Float(1)]))], to: "/dev/full")
    }
  }

  @Test func everyPrefixIsRefused() throws {
    let whole = try bytes(ofFile: write())
    for length in 0..<whole.count {
      let file = MappedFile(bytes: whole.prefix(length), path: "prefix")
      if (try? SafetensorsFile.read(file, verifyingChecksum: false)) != nil {
        Issue.record("\(length) bytes were read")
      }
    }
  }

  @Test func everyDamagedByteIsFound() throws {
    let whole = try bytes(ofFile: write(metadata: ["a": "1"]))
    for place in whole.indices {
      for flip in UInt8(1)...255 {
        var damaged = whole
        damaged[place] ^= flip
        if (try? SafetensorsFile.read(MappedFile(bytes: damaged, path: "x"))) != nil {
          Issue.record("byte \(place) xor \(flip)")
        }
      }
    }
    #expect(try SafetensorsFile.read(MappedFile(bytes: whole, path: "x")).isVerified)
  }
}
