import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct PickleWriterTests {
  private func pickle(_ value: PickleValue, _ format: PickleWriter.Format) throws -> String {
    String(decoding: try PickleWriter.pickle(value, as: format), as: UTF8.self)
  }

  private func read(_ bytes: [UInt8]) throws -> String {
    try text(#require(try PickleReader.readAll(MappedFile(bytes: bytes, path: "x")).first))
  }

  private static let names = ["bow", "gru", "gru-unclipped", "gru-weight-decay"]

  // MARK: - The original's files

  @Test(arguments: names, ["model.npz.pkl", "model.npz.dictionary.pkl"])
  func writesTheOriginalsFilesToTheByte(model: String, file: String) throws {
    let path = fixturePath("kiros/\(model)/\(file)")
    let folder = try TemporaryFolder()
    try PickleWriter.write(try PickleReader.readAll(path: path), as: .text, to: folder.path("copy"))
    #expect(try bytes(ofFile: folder.path("copy")) == bytes(ofFile: path))
    #expect(try folder.contents() == ["copy"])
  }

  @Test(arguments: names)
  func readsTheOriginalsFiles(model: String) throws {
    let folder = fixturePath("kiros/\(model)")
    let dictionary = try PickleReader.read(path: folder + "/model.npz.dictionary.pkl")
    let words = try bytes(ofFile: folder + "/words.txt").split(separator: 0x0A)
    #expect(dictionary.entries?.map(\.key.stringBytes) == words.map { Array($0) })
    #expect(dictionary.entries?.map(\.value.int) == words.indices.map { $0 + 2 })
    let options = try PickleReader.read(path: folder + "/model.npz.pkl")
    let json = try JSONSerialization.jsonObject(with: Data(bytes(ofFile: folder + "/options.json")))
    let expected = try #require(json as? [String: Any])
    #expect(options.entries?.count == expected.count)
    for (name, value) in expected {
      if let string = value as? String {
        #expect(options[name]?.string == string)
      } else {
        #expect(options[name]?.double == value as? Double, "\(name)")
      }
    }
  }

  // MARK: - Every kind of value

  @Test(
    arguments: ["constants", "integers", "floats", "strings", "containers", "shared"]
      .flatMap { name in (0...5).map { "\(name)_protocol\($0)" } }
      + ["python2_strings", "python2_texts", "python2_numbers", "ordered_dictionary", "repeated_keys"])
  func whatIsWrittenReadsTheSame(name: String) throws {
    let value = try PickleReader.read(path: fixturePath("pickles/\(name).pkl"))
    for format in [PickleWriter.Format.text, .binary] {
      #expect(try read(PickleWriter.pickle(value, as: format)) == text(value))
    }
  }

  @Test func writesOpcodesOfPython2() throws {
    let list = PickleValue.list([.tuple([]), .integer(1), .tuple([.boolean(true), .none])])
    #expect(try pickle(list, .text) == "(lp1\n(taI1\na(I01\nNtp2\na.")
    #expect(
      try PickleWriter.pickle(list, as: .binary) == [
        0x80, 2, 0x5D, 0x71, 1, 0x28, 0x29, 0x4B, 1, 0x88, 0x4E, 0x86, 0x71, 2, 0x65, 0x2E,
      ])
    let one = PickleDictionary(entries: [.init(key: .text("k"), value: .integer(70000))])
    #expect(try pickle(.dictionary(one), .text) == "(dp1\nVk\np2\nI70000\ns.")
    #expect(
      try PickleWriter.pickle(.dictionary(one), as: .binary) == [
        0x80, 2, 0x7D, 0x71, 1, 0x58, 1, 0, 0, 0, 0x6B, 0x71, 2, 0x4A, 0x70, 0x11, 1, 0, 0x73, 0x2E,
      ])
    let ordered = PickleDictionary(kind: .ordered, entries: [])
    #expect(try pickle(.dictionary(ordered), .text) == "ccollections\nOrderedDict\np1\n((lp2\ntRp3\n.")
    #expect(
      try pickle(.list([.dictionary(ordered), .dictionary(ordered)]), .text)
        == "(lp1\nccollections\nOrderedDict\np2\n((lp3\ntRp4\nag2\n((lp5\ntRp6\na.")
  }

  @Test func writesEqualStringsOnce() throws {
    let word = ByteString(Array("gru".utf8))
    let list = PickleValue.list([.bytes(word), .text("gru"), .bytes(ByteString(Array(word))), .text("gru")])
    #expect(try pickle(list, .text) == "(lp1\nS'gru'\np2\naVgru\np3\nag2\nag3\na.")
  }

  @Test(arguments: [
    (0.2, "0.2"), (5, "5"), (-0.0, "-0"), (0.0002, "0.0002"), (0.0001, "0.0001"), (0.00001, "1e-05"),
    (1.5e-7, "1.5e-07"),
    (1e15, "1000000000000000"), (1e16, "1e+16"), (9_007_199_254_740_992, "9007199254740992"),
    (1.5e300, "1.5e+300"),
    (.leastNonzeroMagnitude, "5e-324"), (123456.789, "123456.789"),
    (1.2345678901234567e19, "1.2345678901234567e+19"),
    (100, "100"),
    (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"), (0, "0"), (0.1 + 0.2, "0.30000000000000004"),
  ])
  func writesFloatsAsPythonDoes(value: Double, text: String) throws {
    #expect(try pickle(.double(value), .text) == "F\(text)\n.")
  }

  @Test(arguments: [
    ("it's", "\"it's\""), ("a\"b", "'a\"b'"), ("'\"", "'\\'\"'"),
    ("\\\t\n\r\u{0}\u{7F}", "'\\\\\\t\\n\\r\\x00\\x7f'"),
    ("é", "'\\xc3\\xa9'"), ("", "''"),
  ])
  func writesLiteralsOfPython2(string: String, literal: String) throws {
    #expect(try pickle(.bytes(ByteString(Array(string.utf8))), .text) == "S\(literal)\np1\n.")
  }

  @Test func writesTextInOneLine() throws {
    let bytes = try PickleWriter.pickle(.text("é\n\\\r\u{0}\u{1A}ሴ😀"), as: .text)
    #expect(
      bytes == [0x56, 0xE9] + Array("\\u000a\\u005c\\u000d\\u0000\\u001a\\u1234\\U0001f600\np1\n.".utf8))
  }

  @Test func writesManyValuesInBatches() throws {
    for count in [999, 1000, 1001, 1002, 2001] {
      let numbers = (0..<count).map { PickleValue.integer(PickleInteger(Int64($0))) }
      let entries = numbers.map { PickleDictionary.Entry(key: $0, value: .text("word \($0)")) }
      let value = PickleValue.tuple([.list(numbers), .dictionary(.init(entries: entries))])
      for format in [PickleWriter.Format.text, .binary] {
        #expect(try read(PickleWriter.pickle(value, as: format)) == text(value))
      }
    }
  }

  // MARK: - What is not written

  @Test func refusesOtherValues() throws {
    let path = fixturePath("pickles/types_protocol2.pkl")
    let type = try #require(try PickleReader.read(path: path).elements?.last)
    let attributed = PickleDictionary(
      kind: .ordered, entries: [], attributes: [.init(key: .text("a"), value: .none)])
    for value in [
      .set([]), .frozenSet([]), .elementType("f4"), type, .dictionary(attributed),
      .dictionary(.init(kind: .defaulting(nil), entries: [])), .list([.set([])]),
    ] as [PickleValue] {
      for format in [PickleWriter.Format.text, .binary] {
        #expect(throws: PickleError.self) { try PickleWriter.pickle(value, as: format) }
      }
    }
    #expect(
      throws: PickleError.cannotWrite(
        path: "y",
        what:
          "a value of type set; only None, bool, int, float, bytes, str, tuple, list, dict and OrderedDict "
          + "can be written")
    ) { try PickleWriter.write([.set([])], as: .text, to: "y") }
  }

  @Test func refusesDeepValuesAndHugeDecimals() throws {
    var value = PickleValue.list([])
    for _ in 0..<PickleReader.depthLimit { value = .list([value]) }
    #expect(try read(PickleWriter.pickle(value, as: .binary)) == text(value))
    #expect(throws: PickleError.self) { try PickleWriter.pickle(.list([value]), as: .binary) }
    let huge = PickleValue.integer(PickleInteger(littleEndian: [UInt8](repeating: 1, count: 50_000)))
    #expect(try read(PickleWriter.pickle(huge, as: .binary)) == text(huge))
    #expect(throws: PickleError.self) { try PickleWriter.pickle(huge, as: .text) }
  }

  @Test func leavesNothingBehindAfterAnError() throws {
    let folder = try TemporaryFolder()
    #expect(throws: PickleError.self) {
      try PickleWriter.write([.none, .set([])], as: .text, to: folder.path("x"))
    }
    #expect(
      throws: PickleError.file(.missingFolder(folder: folder.path("none"), path: folder.path("none/x")))
    ) { try PickleWriter.write([.none], as: .text, to: folder.path("none/x")) }
    #expect(try folder.contents() == [])
  }
}
