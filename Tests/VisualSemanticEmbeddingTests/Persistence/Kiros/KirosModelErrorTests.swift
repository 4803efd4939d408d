import DataFormats
import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Files of the original's that are damaged or do not belong together.
@Suite struct KirosModelErrorTests {
  private let files: KirosModelFolder

  init() throws { files = try KirosModelFolder() }

  private func expect(_ error: KirosModelError) {
    #expect(throws: error) { try ModelFile.read(files.model) }
  }

  private func expect(_ error: WordDictionaryError) {
    #expect(throws: error) { try ModelFile.read(files.model) }
  }

  @Test func missingFiles() throws {
    try files.remove("model.npz.dictionary.pkl")
    expect(
      .missingFiles(
        path: files.model,
        alternatives: [["model.npz.dictionary.pkl"], ["model.pkl", "model.dictionary.pkl"]]))
    try files.remove("model.npz.pkl")
    let all = KirosModelError.missingFiles(
      path: files.model,
      alternatives: [["model.npz.pkl", "model.npz.dictionary.pkl"], ["model.pkl", "model.dictionary.pkl"]])
    expect(all)
    #expect(
      all.description.contains(
        "model.npz.pkl and model.npz.dictionary.pkl, or model.pkl and model.dictionary.pkl"))
    // Its arrays can still be looked at.
    guard case .archive(let archive) = try FileSummary(path: files.model) else {
      Issue.record("not an archive")
      return
    }
    #expect(archive.arrays.count == 9)
  }

  @Test func otherArchives() throws {
    try files.changeArrays { arrays in arrays.removeAll { $0.name == "Wemb" || $0.name == "ff_image_W" } }
    expect(.notAModel(path: files.model, missing: ["Wemb", "ff_image_W"]))
  }

  @Test func missingAndUnknownArrays() throws {
    try files.changeArrays { arrays in arrays.removeAll { $0.name == "encoder_Ux" } }
    expect(.missingArray(path: files.model, name: "encoder_Ux"))
    try files.changeArrays { arrays in
      arrays.append(("encoder_Ux", ArrayData([Float](repeating: 0, count: 24 * 24), shape: [24, 24])))
      arrays.append(("encoder_r_W", ArrayData([Float](repeating: 0, count: 1))))
    }
    expect(.unknownArray(path: files.model, name: "encoder_r_W"))
  }

  /// Also where the options say that the model is larger than any memory.
  @Test(arguments: ["n_words", "dim", "dim_word", "dim_image"], [2, 23, 1 << 28])
  func shapesThatTheOptionsDoNotSay(option: String, size: Int) throws {
    try files.setOptions([option: .integer(PickleInteger(Int64(size)))])
    #expect {
      try ModelFile.read(files.model)
    } throws: {
      guard case KirosModelError.wrongShape(files.model, _, let found, let expected, "model.npz.pkl") = $0
      else { return false }
      return found != expected
    }
  }

  @Test func wrongShapesAndTypes() throws {
    try files.setArray("encoder_b") { ArrayData(try $0.float32Values(), shape: [2, 24]) }
    expect(
      .wrongShape(
        path: files.model, name: "encoder_b", found: [2, 24], expected: [48], options: "model.npz.pkl"))
    try files.setArray("encoder_b") { ArrayData(try $0.float32Values().map(Double.init)) }
    expect(.wrongElementType(path: files.model, name: "encoder_b", found: "float64"))
  }

  @Test(arguments: ["Wemb", "encoder_U", "encoder_bx", "ff_image_b"], [Float.nan, -.infinity])
  func brokenNumbers(name: String, value: Float) throws {
    try files.setArray(name) { array in
      var values = try array.float32Values()
      values[values.count - 1] = value
      return ArrayData(values, shape: array.shape)
    }
    expect(.notFinite(path: files.model, name: name))
  }

  @Test(
    arguments: [
      ("encoder", .bytes(ByteString(Array("lstm".utf8)))), ("encoder", .integer(1)), ("n_words", .integer(1)),
      ("dim", .integer(0)), ("dim", .integer(-3)), ("dim", .integer(536_870_912)),
      ("dim_word", .double(12.5)),
      ("dim_image", .none), ("dim_image", .list([])),
      ("dim", .integer(PickleInteger(littleEndian: [UInt8](repeating: 1, count: 40)))),
    ] as [(String, PickleValue)])
  func unusableOptions(name: String, value: PickleValue) throws {
    try files.setOptions([name: value])
    #expect {
      try ModelFile.read(files.model)
    } throws: {
      guard case KirosModelError.unusableOption(files.options, name, _, _) = $0 else { return false }
      return true
    }
  }

  @Test func missingOptions() throws {
    for name in ["encoder", "n_words", "dim", "dim_word", "dim_image"] {
      let files = try KirosModelFolder()
      try files.setOptions([name: nil])
      #expect(throws: KirosModelError.missingOption(path: files.options, name: name)) {
        try ModelFile.read(files.model)
      }
    }
    try PickleWriter.write([.list([])], as: .text, to: files.options)
    expect(.optionsAreNoDictionary(path: files.options))
  }

  @Test func bagOfWordsNeedsEqualSizes() throws {
    let files = try KirosModelFolder("bow")
    try files.setOptions(["dim_word": .integer(12)])
    #expect {
      try ModelFile.read(files.model)
    } throws: {
      if case KirosModelError.unusableOption(files.options, "dim_word", "12", _) = $0 { true } else { false }
    }
  }

  @Test func indicesThatAreNotConsecutive() throws {
    let last = try #require(try ModelFile.read(files.model).vocabulary.words.last)
    try files.setIndex(59, ofWordAt: 56)
    expect(.hole(path: files.dictionary, index: 58, beyond: last, at: 59))
    try files.setIndex(57, ofWordAt: 56)
    #expect {
      try ModelFile.read(files.model)
    } throws: {
      if case WordDictionaryError.sharedIndex(files.dictionary, 57, _, last) = $0 { true } else { false }
    }
    for index: Int64 in [1, 0, -5, .min] {
      try files.setIndex(index, ofWordAt: 56)
      expect(.reservedIndex(path: files.dictionary, word: last, index: Int(index), firstIndex: 2))
    }
    try files.setIndex(.max, ofWordAt: 56)
    expect(.hole(path: files.dictionary, index: 58, beyond: last, at: .max))
  }

  @Test func wordsThatAreNone() throws {
    func set(_ place: Int, _ key: PickleValue, _ value: PickleValue? = nil) throws {
      try files.changeDictionary {
        $0[place] = PickleDictionary.Entry(key: key, value: value ?? $0[place].value)
      }
    }
    try set(3, .text("two\nlines"))
    expect(.unusableWord(path: files.dictionary, word: "two\nlines"))
    try set(3, .text(""))
    expect(.unusableWord(path: files.dictionary, word: ""))
    try set(3, .integer(7))
    expect(.notAWord(path: files.dictionary, position: 4))
    try set(3, .text("word"), .text("5"))
    expect(.notAnIndex(path: files.dictionary, word: "word"))
    // As bytes the word is there already.
    try set(3, .text("the"), .integer(5))
    expect(.repeatedWord(path: files.dictionary, word: "the"))
  }

  @Test func otherPicklesAsDictionary() throws {
    try PickleWriter.write([.list([])], as: .binary, to: files.dictionary)
    expect(.notADictionary(path: files.dictionary))
    let words = PickleValue.dictionary(PickleDictionary(entries: []))
    try PickleWriter.write([words, words, words], as: .binary, to: files.dictionary)
    expect(.tooManyPickles(path: files.dictionary, count: 3))
  }

  /// A dictionary of nothing has no words, but the rows of the special tokens.
  @Test func emptyDictionary() throws {
    try files.changeDictionary { $0 = [] }
    #expect(try ModelFile.read(files.model).vocabulary.wordCount == 0)
  }

  @Test(arguments: ["model.npz", "model.npz.pkl", "model.npz.dictionary.pkl"])
  func truncatedAnywhere(name: String) throws {
    let whole = try bytes(ofFile: files.folder.path(name))
    for length in Array(stride(from: 0, to: whole.count, by: 97)) + [whole.count - 1] {
      _ = try files.folder.write(whole.prefix(length), to: name)
      #expect(throws: (any Error).self, "\(length) bytes of \(name)") { try ModelFile.read(files.model) }
    }
  }

  /// Each byte of an archive counts in a checksum or says where something is.
  @Test func flippedBitsOfTheWeights() throws {
    let whole = try bytes(ofFile: files.model)
    let data = 200..<whole.count - 1200
    for place in stride(from: data.lowerBound, to: data.upperBound, by: 331) {
      var damaged = whole
      damaged[place] ^= 1 << UInt8(place % 8)
      _ = try files.folder.write(damaged, to: "model.npz")
      #expect(throws: (any Error).self, "byte \(place)") { try ModelFile.read(files.model) }
    }
  }

  @Test(arguments: [
    KirosModelError.notAModel(path: "f", missing: ["a", "b"]),
    .missingFiles(path: "f", alternatives: [["a"]]),
    .optionsAreNoDictionary(path: "f"), .missingOption(path: "f", name: "n"),
    .unusableOption(path: "f", name: "n", value: "v", expected: "e"), .missingArray(path: "f", name: "n"),
    .unknownArray(path: "f", name: "n\n"),
    .wrongShape(path: "f", name: "n", found: [1], expected: [2], options: "o"),
    .wrongElementType(path: "f", name: "n", found: "x"), .notFinite(path: "f", name: "n"),
    .cannotHold(path: "f", what: "w"), .keptPickleDiffers(path: "f", pickle: "options"),
    .keptPickleNamesClass(path: "f", pickle: "options", name: "n\n"),
  ]) func messagesAreOneLineThatNamesTheFile(error: KirosModelError) {
    #expect(error.localizedDescription == error.description)
    #expect(error.description.hasPrefix("f: ") && !error.description.contains("\n"))
  }

  @Test(arguments: [
    WordDictionaryError.notADictionary(path: "f"), .tooManyPickles(path: "f", count: 3),
    .notAWord(path: "f", position: 1), .unusableWord(path: "f", word: "a\nb"),
    .whiteSpaceInWord(path: "f", word: "a\rb"), .noWords(path: "f"),
    .repeatedWord(path: "f", word: "w"), .notAnIndex(path: "f", word: "w"),
    .reservedIndex(path: "f", word: "w", index: 1, firstIndex: 2),
    .sharedIndex(path: "f", index: 3, first: "a", second: "b"),
    .hole(path: "f", index: 3, beyond: "w", at: 4),
  ]) func messagesOfDictionariesAreOneLine(error: WordDictionaryError) {
    #expect(error.localizedDescription == error.description)
    #expect(error.description.hasPrefix("f: ") && !error.description.contains("\n"))
  }
}
