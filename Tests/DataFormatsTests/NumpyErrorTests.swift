import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct NumpyErrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file of version 1.0 with this header text and data.
  private func file(_ text: String, data: [UInt8] = []) throws -> String {
    let length = text.utf8.count
    let start: [UInt8] = [0x93] + "NUMPY".utf8 + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
    return try folder.write(start + text.utf8 + data, to: "x.npy")
  }

  private func dictionary(
    descr: String = "'|u1'", order: String = "False", shape: String = "(2,)"
  ) -> String { "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }\n" }

  private func expectError(
    _ error: NumpyError, _ path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: error, sourceLocation: sourceLocation) { try NumpyArray.read(path: path) }
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    #expect(error.localizedDescription == error.description, sourceLocation: sourceLocation)
  }

  @Test func missingFile() {
    expectError(.file(.notFound(path: folder.path("none"))), folder.path("none"))
  }

  @Test(arguments: [[], Array("NUMPY".utf8), Array("PK\u{3}\u{4}and more bytes".utf8)] as [[UInt8]])
  func otherMagic(bytes: [UInt8]) throws {
    let path = try folder.write(bytes, to: "x.npy")
    expectError(.notNumpy(path: path), path)
  }

  @Test(arguments: [(0, 0), (1, 1), (4, 0)] as [(UInt8, UInt8)])
  func otherVersion(major: UInt8, minor: UInt8) throws {
    let path = try folder.write([0x93] + "NUMPY".utf8 + [major, minor, 0, 0, 0, 0], to: "x.npy")
    expectError(.unsupportedVersion(path: path, major: Int(major), minor: Int(minor)), path)
  }

  @Test func headerTooLong() throws {
    let path = try folder.write([0x93] + "NUMPY".utf8 + [2, 0, 255, 255, 255, 255], to: "x.npy")
    expectError(.headerTooLong(path: path, length: 0xFFFF_FFFF, limit: 10_000), path)
  }

  @Test func truncatedHeader() throws {
    let path = try folder.write([0x93] + "NUMPY".utf8 + [1, 0, 100, 0, 123], to: "x.npy")
    expectError(.truncatedHeader(path: path, missing: 99), path)
  }

  @Test(arguments: [
    ("", 10, "the '{' of a Python dictionary"), ("[1]", 10, "the '{' of a Python dictionary"),
    ("{3: 4}", 11, "a key in quotation marks or '}'"),
    ("{'a", 11, "a string that is closed within the header"),
    ("{'\\x41': 1}", 12, "a string of plain ASCII characters"), ("{'shape' 1}", 19, "':' after the key"),
    ("{'shape': 1}", 20, "a tuple such as (3, 4)"),
    ("{'shape': (1 2)}", 23, "',' after the only number of a tuple"),
    ("{'shape': (3)}", 22, "',' after the only number of a tuple"),
    ("{'shape': (3, 4 5)}", 26, "',' or ')' after the number"),
    ("{'shape': (-3,)}", 21, "a number that is not negative"),
    ("{'shape': (03,)}", 21, "a number without leading zeros"),
    ("{'shape': (9223372036854775808,)}", 21, "a number below 2^63"),
    ("{'shape': (", 21, "a number that is not negative"),
    ("{'fortran_order': 0}", 28, "True or False"), ("{'descr': <f4}", 20, "an element type such as '<f4'"),
    ("{'shape': () 'descr': '<f4'}", 23, "',' or '}' after the value"),
    ("{} x", 13, "spaces and a line feed after the dictionary"),
  ])
  func malformedHeader(text: String, offset: Int, expected: String) throws {
    let path = try file(text)
    expectError(.malformedHeader(path: path, offset: offset, expected: expected), path)
  }

  @Test func duplicateKey() throws {
    let path = try file("{'shape': (), 'shape': ()}")
    expectError(.duplicateKey(path: path, offset: 24, key: "shape"), path)
  }

  @Test func unknownKey() throws {
    let path = try file("{'shape': (), 'color': ()}")
    expectError(.unknownKey(path: path, offset: 24, key: "color"), path)
  }

  @Test(arguments: [
    ("descr", "{'fortran_order': False, 'shape': ()}"), ("fortran_order", "{'descr': '<f4', 'shape': ()}"),
    ("shape", "{'descr': '<f4', 'fortran_order': False}"),
  ])
  func missingKey(key: String, text: String) throws {
    let path = try file(text)
    expectError(.missingKey(path: path, key: key), path)
  }

  @Test func objectsAreNeverUnpickled() {
    expectError(.objectArray(path: fixturePath("numpy/object.npy")), fixturePath("numpy/object.npy"))
  }

  @Test func structuredElements() {
    let path = fixturePath("numpy/structured.npy")
    expectError(.structuredArray(path: path, offset: 20), path)
  }

  @Test func bigEndian() {
    let path = fixturePath("numpy/big_endian.npy")
    expectError(.bigEndian(path: path, descriptor: ">f4"), path)
  }

  @Test(arguments: ["<c8", "f4", "", "<", "|f4", "<U3", "<f3", "?f4"])
  func otherElementType(descriptor: String) throws {
    let path = try file(dictionary(descr: "'\(descriptor)'"))
    expectError(.unsupportedElementType(path: path, descriptor: descriptor), path)
  }

  @Test(arguments: [[Int.max, 2], [Int.max, 0, 2], [1 << 32, 1 << 31]])
  func impossibleShape(shape: [Int]) throws {
    let path = try file(dictionary(shape: "(" + shape.map(String.init).joined(separator: ", ") + ")"))
    expectError(.impossibleShape(path: path, shape: shape), path)
  }

  @Test func fortranOrder() {
    let path = fixturePath("numpy/fortran.npy")
    expectError(.fortranOrder(path: path, shape: [2, 3]), path)
  }

  @Test func truncatedData() throws {
    let text = dictionary(shape: "(3, 2)")
    let path = try file(text, data: [1, 2])
    expectError(.truncatedData(path: path, offset: 10 + text.utf8.count, expected: 6, found: 2), path)
  }

  @Test func moreDimensionsThanNumPyHas() throws {
    let path = try file(dictionary(shape: "(" + String(repeating: "1,", count: 65) + ")"), data: [1])
    let offset = 10 + dictionary(shape: "(").utf8.count - 4 + 2 * 64
    expectError(.malformedHeader(path: path, offset: offset, expected: "at most 64 dimensions"), path)
    let last = try file(dictionary(shape: "(" + String(repeating: "1,", count: 64) + ")"), data: [1])
    #expect(try NumpyArray.read(path: last).shape.count == 64)
  }

  @Test func moreElementsThanAnyMemoryHas() throws {
    let text = dictionary(shape: "(1152921504606846976,)")
    let path = try file(text)
    expectError(.truncatedData(path: path, offset: 10 + text.utf8.count, expected: 1 << 60, found: 0), path)
    #expect(throws: NumpyError.self) { try NumpyArray.read(path: path, converting: true) }
  }

  @Test func trailingBytes() throws {
    let text = dictionary()
    let path = try file(text, data: [1, 2, 3])
    expectError(.trailingBytes(path: path, offset: 12 + text.utf8.count, count: 1), path)
  }

  @Test(arguments: [
    "{\"shape\": (2L, 1L), 'descr':'>u1','fortran_order':True}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1,), }      ",
    "{'shape': (2, 1), 'fortran_order': False, 'descr': '<u1'}\n",
  ])
  func otherSpellingsAreRead(text: String) throws {
    let array = try NumpyArray.read(path: file(text, data: [7, 8]))
    #expect(array.shape == [2, 1])
    #expect(try array.values(as: UInt8.self) == [7, 8])
  }

  @Test func everyPrefixIsRefused() throws {
    let whole = try bytes(ofFile: fixturePath("numpy/version_1.npy"))
    for length in 0..<whole.count {
      let file = MappedFile(bytes: whole.prefix(length), path: "x.npy")
      if (try? NumpyArray.read(file)) != nil { Issue.record("\(length) bytes were read") }
    }
  }
}
