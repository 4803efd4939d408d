import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct SafetensorsErrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file with this header and as many bytes of data.
  private func file(_ header: String, dataCount: Int = 0) throws -> String {
    let length = UInt64(header.utf8.count)
    return try folder.write(
      (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + header.utf8
        + [UInt8](repeating: 7, count: dataCount), to: "x")
  }

  private func entry(
    _ name: String, _ shape: String, _ begin: Int, _ end: Int, type: String = "U8"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
  }

  private func expectError(
    _ error: SafetensorsError, _ path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: sourceLocation) { try SafetensorsFile.read(path: path) }
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    #expect(error.localizedDescription == error.description, sourceLocation: sourceLocation)
  }

  @Test func missingFile() {
    expectError(.file(.notFound(path: folder.path("none"))), folder.path("none"))
  }

  @Test(arguments: [0, 7])
  func truncatedLength(count: Int) throws {
    let path = try folder.write([UInt8](repeating: 0, count: count), to: "x")
    expectError(.truncatedHeader(path: path, missing: UInt64(8 - count)), path)
  }

  @Test func truncatedHeader() throws {
    let path = try folder.write([10, 0, 0, 0, 0, 0, 0, 0, 123], to: "x")
    expectError(.truncatedHeader(path: path, missing: 9), path)
  }

  @Test(arguments: [[1, 0xE1, 0xF5, 5, 0, 0, 0, 0], [255, 255, 255, 255, 255, 255, 255, 255]] as [[UInt8]])
  func headerTooLong(bytes: [UInt8]) throws {
    let path = try folder.write(bytes, to: "x")
    let length = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    expectError(.headerTooLong(path: path, length: length, limit: 100_000_000), path)
  }

  @Test(arguments: [
    ("", 8, "'{' as the first byte of the header"), (" {}", 8, "'{' as the first byte of the header"),
    ("{", 9, "a string"), ("{}x", 10, "only spaces after the header's last '}'"),
    ("{}\n", 10, "only spaces after the header's last '}'"), ("{\"a\" {}}", 13, "':' after a key"),
    ("{\"a\":1}", 13, "'{' of an object"), ("{\"a\":{\"dtype\":3}}", 22, "a string"),
    ("{\"a\":{\"shape\":{}}}", 22, "'[' of an array of numbers"),
    ("{\"a\":{\"shape\":[1.5]}}", 24, "',' or ']'"),
    ("{\"a\":{\"shape\":[-1]}}", 23, "a whole number from 0 to 2^63 - 1"),
    ("{\"a\":{\"shape\":[01]}}", 23, "a whole number from 0 to 2^63 - 1"),
    ("{\"a\":{\"shape\":[9223372036854775808]}}", 23, "a whole number from 0 to 2^63 - 1"),
    ("{\"a\":{\"shape\":[1,]}}", 25, "a whole number from 0 to 2^63 - 1"),
    ("{\"a\":{\"data_offsets\":[1]}}", 32, "two data offsets before this place"),
    ("{\"__metadata__\":{\"a\":1}}", 29, "a string"), ("{\"__metadata__\":{},}", 27, "a string"),
    ("{\"__metadata__\":{} \"a\"}", 27, "',' or '}'"),
    ("{\"a", 11, "a string that is closed within the header"),
    ("{\"\u{1}\"}", 10, "no control character within a string"), ("{\"\\", 11, "an escaped character"),
    ("{\"\\x\"}", 11, "an escape that JSON knows"), ("{\"\\u12G4\"}", 11, "an escape that JSON knows"),
    ("{\"\\u+123\"}", 11, "an escape that JSON knows"), ("{\"\\uD800\"}", 16, "a pair of surrogates"),
    ("{\"\\uDC00\"}", 16, "a pair of surrogates"), ("{\"\\uD800\\u0041\"}", 22, "a pair of surrogates"),
  ])
  func malformedHeader(text: String, offset: Int, expected: String) throws {
    let path = try file(text)
    expectError(.malformedHeader(path: path, offset: offset, expected: expected), path)
  }

  @Test func stringsMustBeUTF8() throws {
    let path = try folder.write([5, 0, 0, 0, 0, 0, 0, 0, 123, 34, 0xC3, 34, 125], to: "x")
    expectError(.malformedHeader(path: path, offset: 11, expected: "a string in UTF-8"), path)
  }

  @Test func dimensionsAreLimited() throws {
    func shape(_ count: Int) -> String {
      "[" + [String](repeating: "1", count: count).joined(separator: ",") + "]"
    }
    let path = try file("{\(entry("a", shape(65), 0, 1))}", dataCount: 1)
    expectError(
      .malformedHeader(path: path, offset: 8 + 28 + 2 * 64, expected: "at most 64 numbers"), path)
    let last = try file("{\(entry("a", shape(64), 0, 1))}", dataCount: 1)
    #expect(try SafetensorsFile.read(path: last)["a"]?.shape.count == 64)
    #expect(throws: SafetensorsError.self) {
      let shape = [Int](repeating: 1, count: 65)
      let tensor = SafetensorsTensor(name: "a", ArrayData([UInt8(1)], shape: shape))
      try SafetensorsFile.write([tensor], to: folder.path("y"))
    }
  }

  @Test func escapesAreUndone() throws {
    let path = try file(#"{"__metadata__":{"\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00":"\u0000"} }  "#)
    #expect(try SafetensorsFile.read(path: path).metadata == ["\"\\/\u{8}\u{C}\n\r\té😀": "\0"])
  }

  @Test func duplicateTensor() throws {
    let path = try file("{\(entry("a", "[0]", 0, 0)),\(entry("a", "[0]", 0, 0))}")
    let offset = 8 + 2 + entry("a", "[0]", 0, 0).utf8.count
    expectError(.duplicateKey(path: path, offset: offset, key: "a"), path)
  }

  @Test(arguments: [
    (#"{"__metadata__":{"a":"1","a":"1"}}"#, 33, "a"), (#"{"a":{"dtype":"U8","dtype":"U8"}}"#, 27, "dtype"),
    (#"{"a":{"shape":[],"shape":[]}}"#, 25, "shape"),
    (#"{"__metadata__":{},"__metadata__":{}}"#, 27, "__metadata__"),
  ])
  func duplicateKey(text: String, offset: Int, key: String) throws {
    let path = try file(text)
    expectError(.duplicateKey(path: path, offset: offset, key: key), path)
  }

  @Test func unknownKey() throws {
    let path = try file(#"{"a":{"color":1}}"#)
    expectError(.unknownKey(path: path, offset: 14, tensor: "a", key: "color"), path)
  }

  @Test(arguments: [
    ("dtype", #"{"a":{"shape":[1],"data_offsets":[0,1]}}"#),
    ("shape", #"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#),
    ("data_offsets", #"{"a":{"dtype":"U8","shape":[1]}}"#),
  ])
  func missingKey(key: String, text: String) throws {
    let path = try file(text, dataCount: 1)
    expectError(.missingKey(path: path, tensor: "a", key: key), path)
  }

  @Test(arguments: ["F4", "F6_E2M3", "F6_E3M2", "F8_E4M3", "F8_E5M2", "F8_E8M0", "C64", "f32", ""])
  func unknownElementType(name: String) throws {
    let path = try file("{\(entry("a", "[1]", 0, 1, type: name))}", dataCount: 1)
    expectError(.unknownElementType(path: path, tensor: "a", name: name), path)
  }

  @Test(arguments: [[Int.max, 2], [0, Int.max, 2]])
  func impossibleShape(shape: [Int]) throws {
    let path = try file("{\(entry("a", "\(shape)", 0, 0))}")
    expectError(.impossibleShape(path: path, tensor: "a", shape: shape), path)
  }

  @Test(arguments: [(2, 1), (0, 5), (Int.max, Int.max), (5, 5)])
  func offsetsOutOfRange(begin: Int, end: Int) throws {
    let path = try file("{\(entry("a", "[0]", begin, end))}", dataCount: 4)
    expectError(.offsetsOutOfRange(path: path, tensor: "a", begin: begin, end: end, limit: 4), path)
  }

  @Test func wrongByteCount() throws {
    let path = try file("{\(entry("a", "[2]", 0, 4, type: "F32"))}", dataCount: 4)
    expectError(.wrongByteCount(path: path, tensor: "a", expected: 8, found: 4), path)
  }

  @Test(arguments: [(1, 3), (3, 5)])
  func overlapOrGap(begin: Int, end: Int) throws {
    let path = try file("{\(entry("b", "[2]", begin, end)),\(entry("a", "[2]", 0, 2))}", dataCount: 5)
    expectError(.notContiguous(path: path, tensor: "b", expected: 2, found: begin), path)
  }

  @Test func trailingBytes() throws {
    let path = try file("{\(entry("a", "[2]", 0, 2))}", dataCount: 5)
    let size = try bytes(ofFile: path).count
    expectError(.trailingBytes(path: path, offset: size - 3, count: 3), path)
  }

  @Test(arguments: [
    #"{"__metadata__":{"checksum":"0123456789abcdef"}}"#, #"{"__metadata__":{"checksum_algorithm":"xxh64"}}"#,
    #"{"__metadata__":{"checksum":"0123456789abcdef","checksum_algorithm":"md5"}}"#,
    #"{"__metadata__":{"checksum":"0123456789ABCDEF","checksum_algorithm":"xxh64"}}"#,
    #"{"__metadata__":{"checksum":"123","checksum_algorithm":"xxh64"}}"#,
    #"{"__metadata__":{"checksum":"","checksum_algorithm":"xxh64"}}"#,
  ])
  func unknownChecksum(text: String) throws {
    let path = try file(text)
    expectError(.unknownChecksum(path: path), path)
    #expect(try !SafetensorsFile.read(path: path, verifyingChecksum: false).isVerified)
  }

  @Test func checksumMismatch() throws {
    let path = folder.path("y")
    try SafetensorsFile.write([SafetensorsTensor(name: "t", ArrayData([UInt8(1)]))], to: path)
    var damaged = try bytes(ofFile: path)
    damaged[damaged.count - 1] = 2
    let copy = try folder.write(damaged, to: "x")
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile.read(path: copy) }
    guard case .checksumMismatch(copy, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let file = try SafetensorsFile.read(path: copy, verifyingChecksum: false)
    #expect(try file["t"]?.values(as: UInt8.self) == [2])
    #expect(file.metadata == [:] && !file.isVerified)
  }

  @Test func tensorsComeInTheOrderOfTheirData() throws {
    let path = try file("{\(entry("b", "[2]", 1, 3)),\(entry("a", "[1]", 0, 1))}", dataCount: 3)
    #expect(try SafetensorsFile.read(path: path).names == ["a", "b"])
  }
}
