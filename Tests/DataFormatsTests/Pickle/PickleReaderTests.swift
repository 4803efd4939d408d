import DataFormats
import Foundation
import TestSupport
import Testing

@Suite struct PickleReaderTests {
  /// Reads the pickle of opcodes of protocol 2 or of lines.
  private func read(_ bytes: [UInt8]) throws -> PickleValue {
    let values = try PickleReader.readAll(MappedFile(bytes: bytes, path: "x.pkl"))
    #expect(values.count == 1)
    return values[0]
  }

  private func read(_ text: String) throws -> PickleValue { try read(Array(text.utf8)) }

  @Test(arguments: try expectedTexts("pickles", as: [String].self))
  func readsWhatPythonReads(name: String, expected: [String]) throws {
    let path = fixturePath("pickles/\(name).pkl")
    #expect(try PickleReader.readAll(path: path).map(text) == expected)
    if expected.count == 1 { #expect(try text(PickleReader.read(path: path)) == expected[0]) }
  }

  @Test func wantsOnePickleWhereOneIsMeant() throws {
    let path = fixturePath("pickles/two_pickles.pkl")
    #expect(
      throws: PickleError.invalid(path: path, offset: 17, fault: .trailingBytes(count: 18))
    ) { try PickleReader.read(path: path) }
  }

  // MARK: - What Python 3's own reader does not take

  @Test func readsLiteralsWithSpaceBehindThem() throws {
    #expect(try read("S'x' \r\n.").string == "x")
    #expect(try read("I12\r\n.").int == 12)
    #expect(try read("F0.5 \n.").double == 0.5)
  }

  @Test func joinsSurrogatesOfNarrowPythons() throws {
    #expect(try read("V\\ud83d\\ude00\n.").string == "😀")
  }

  @Test func readsSparseMemos() throws {
    let far: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    #expect(try text(read([0x80, 2, 0x4B, 7, 0x72] + far + [0x30, 0x6A] + far + [0x2E])) == "i07")
    #expect(try text(read("I7\np18446744073709551615\n0g18446744073709551615\n.")) == "i07")
    // MEMOIZE counts what is there, whatever the numbers.
    #expect(
      try text(read([0x80, 4, 0x4B, 7, 0x71, 9, 0x4B, 8, 0x94, 0x68, 1, 0x87, 0x2E])) == "(i07,i08,i08,)")
  }

  @Test func readsAStringOutsideOfFrames() throws {
    let count = 70000
    let length = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    let bytes: [UInt8] =
      [0x80, 4, 0x95, 1, 0, 0, 0, 0, 0, 0, 0, 0x28]
      + [0x8E] + length + [UInt8](repeating: 0x78, count: count) + [0x8D] + length
      + [UInt8](repeating: 0x79, count: count) + [0x95, 2, 0, 0, 0, 0, 0, 0, 0, 0x6C, 0x2E]
    let elements = try #require(try read(bytes).elements)
    #expect(elements.map { $0.string?.utf8.count } == [count, count])
  }

  // MARK: - Values

  @Test func arraysAndStringsPointIntoTheFile() throws {
    let value = try PickleReader.read(path: fixturePath("pickles/lasagne.pkl"))
    let arrays = try #require(value["param values"]?.elements).compactMap(\.array)
    #expect(arrays.map(\.shape) == [[2, 3], [3, 2]])
    #expect(arrays[0].contiguous().mappedFile != nil)
    #expect(try arrays[0].contiguous().float32Values() == [0, 0.25, 0.5, 0.75, 1, 1.25])
    // In Fortran order, so that it must be copied.
    #expect(arrays[1].contiguous().mappedFile == nil)
    #expect(try arrays[1].contiguous().float32Values() == [0, 3, 1, 4, 2, 5])
    #expect(value["model name"]?.string == "VGG19")
  }

  @Test func findsNamesOfDictionariesAndInstances() throws {
    let vocabulary = try PickleReader.read(path: fixturePath("pickles/vocabulary.pkl"))
    #expect(vocabulary["idx"]?.int == 2)
    #expect(vocabulary["word2idx"]?["a"]?.int == 1)
    #expect(vocabulary["word2idx"]?["<pad>"]?.int == 0)
    #expect(vocabulary["none"] == nil && vocabulary["idx"]?["x"] == nil)
    let slots = try PickleReader.read(path: fixturePath("pickles/slots_protocol2.pkl"))
    #expect(slots["a"]?.int == 1)
    let ordered = try PickleReader.read(path: fixturePath("pickles/ordered_dictionary.pkl"))
    #expect(ordered.entries?.map(\.key.stringBytes) == [Array("the".utf8), Array("a".utf8)])
    #expect(ordered["the"]?.int == 2)
  }

  @Test func givesNumbersOfEveryKind() throws {
    let scalars = try #require(
      try PickleReader.read(path: fixturePath("pickles/scalars_protocol5.pkl")).elements)
    #expect(scalars.map(\.int) == [nil, -7, 1, 200, nil, nil, nil])
    #expect(scalars.map(\.double) == [1.5, -7, 1, 200, 2, 0x1p63, nil])
    #expect(scalars.map(\.boolean) == [nil, nil, true, nil, nil, nil, nil])
    #expect(try read("I01\n.").double == 1 && read("I5\n.").double == 5 && read("N.").double == nil)
    #expect(try read("I00\n.").boolean == false && read("I0\n.").boolean == false)
    #expect(try read("V1\n.").int == nil && read("F1\n.").int == nil)
  }

  @Test func descriptionsAreShort() throws {
    let value = try PickleReader.read(path: fixturePath("pickles/dictionaries_protocol2.pkl"))
    #expect(value.description == "list of 7" && value.debugDescription == value.description)
    #expect(value.elements?.map(\.typeName).first == "OrderedDict")
    #expect(try read("(lp1\n.").description == "list of 0")
    #expect(try read("V" + String(repeating: "x", count: 100_000) + "\n.").description.utf8.count < 100)
    #expect(Mirror(reflecting: value).children.isEmpty)
    let array = try PickleReader.read(path: fixturePath("pickles/old_array.pkl"))
    #expect(array.description == "ndarray float32 [2]")
  }

  @Test func recognisesPickles() throws {
    let folder = try TemporaryFolder()
    for name in try expectedTexts("pickles", as: [String].self).keys {
      // Short ones of the oldest protocols look like other things too.
      if ["inst_arguments", "python2_numbers", "python2_strings", "python2_texts"].contains(name) {
        continue
      }
      #expect(FileKind(path: fixturePath("pickles/\(name).pkl")) == .pickle, "\(name)")
    }
    for text in [
      "cat\ndog\npig\n", "(dp of words", "c++\n", "]", "}\n", "cats\n", "(i see\n", "captions\nmore\n(",
    ] {
      #expect(
        FileKind(path: try folder.write(text.utf8, to: "x")) != .pickle || text.hasSuffix("("), "\(text)")
    }
  }
}
