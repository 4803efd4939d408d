import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct KirosConversionTests {
  private let folder: TemporaryFolder
  private var ours: String { folder.path("model.safetensors") }
  private var theirs: String { folder.path("again.npz") }

  init() throws { folder = try TemporaryFolder() }

  @discardableResult
  private func convert(_ from: String, _ to: String) throws -> ModelConversion.Report {
    var conversion = ModelConversion(from: from, to: to)
    conversion.overwrites = true
    return try conversion.run()
  }

  @Test(arguments: KirosModelFolder.names) func thereAndBackLosesNothing(name: String) throws {
    let original = fixturePath("kiros/\(name)/model.npz")
    let report = try convert(original, ours)
    #expect(report.from == .kiros && report.to == .vse && report.files == [ours] && report.words == 57)
    try convert(ours, theirs)
    #expect(try arrayBytes(ofArchive: theirs) == arrayBytes(ofArchive: original))
    for suffix in [".pkl", ".dictionary.pkl"] {
      #expect(try bytes(ofFile: theirs + suffix) == bytes(ofFile: original + suffix), "\(suffix)")
    }
    // The same model, the same bytes.
    let first = try bytes(ofFile: ours)
    try convert(theirs, ours)
    #expect(try bytes(ofFile: ours) == first)
  }

  @Test func picklesOfEveryFormAreKept() throws {
    let files = try KirosModelFolder()
    let other = PickleValue.tuple([
      .text("\u{e9}"), .double(.nan), .list([.none]), .integer(1_099_511_627_776),
    ])
    try files.setOptions(["extra": other, "vse": .text("not ours")])
    try files.changeDictionary { $0.reverse() }
    let pickle = try bytes(ofFile: files.dictionary)
    _ = try files.folder.write(pickle + pickle, to: "model.npz.dictionary.pkl")
    try convert(files.model, ours)
    #expect(try ModelFile.read(ours).originalOptions?["extra"] == .text("tuple of 4"))
    try convert(ours, theirs)
    #expect(try bytes(ofFile: theirs + ".pkl") == bytes(ofFile: files.options))
    #expect(try bytes(ofFile: theirs + ".dictionary.pkl") == bytes(ofFile: files.dictionary))
  }

  /// What the original's options have no place for is kept in them too.
  @Test(arguments: [ModelConfiguration.Encoder.gru, .bow], [nil, 6, 50])
  func modelsOfOurs(encoder: ModelConfiguration.Encoder, rows: Int?) throws {
    let model = try toyModel(encoder, rows: rows)
    try ModelFile.write(model, to: ours)
    let first = try bytes(ofFile: ours)
    let report = try convert(ours, theirs)
    #expect(report.files == [theirs, theirs + ".pkl", theirs + ".dictionary.pkl"])
    let read = try ModelFile.read(theirs)
    #expect(read.configuration == model.configuration && read.vocabulary == model.vocabulary)
    #expect(read.training == model.training && read.originalOptions == nil && read.kirosPickles == nil)
    #expect(read.network.parameters.everything.values == model.network.parameters.everything.values)
    try convert(theirs, ours)
    #expect(try bytes(ofFile: ours) == first)
  }

  /// The options that the original's code reads, as Python 2's own types.
  @Test func optionsOfModelsOfOurs() throws {
    try KirosModelFile.write(toyModel(), to: theirs)
    let options = try PickleReader.read(path: theirs + ".pkl")
    let expected = [
      "dim": 5, "dim_word": 3, "dim_image": 4, "n_words": 8, "batch_size": 128,
      "max_epochs": Recipe.vsepp.options.epochs,
    ]
    for (name, value) in expected { #expect(options[name]?.int == value, "\(name)") }
    #expect(options["encoder"]?.string == "gru" && options["margin"]?.double == 0.2)
    for entry in try #require(options.entries) {
      if case .text = entry.key { Issue.record("a name is text") }
      if case .text = entry.value { Issue.record("a value is text") }
    }
    let words = try #require(try PickleReader.read(path: theirs + ".dictionary.pkl").entries)
    #expect(words.map(\.value.int) == Array(2..<8))
    #expect(words.map(\.key.stringBytes) == (try toyModel().vocabulary.words.map(\.bytes)))
  }

  @Test func modelsThatTheOriginalCannotHold() throws {
    let models: [(EmbeddingModel, String)] = [
      (try toyModel(.lstm), "LSTM"), (try toyModel(.lstm, extra: true), "LSTM"),
      (try toyModel(.gru, extra: true), "hidden bias"), (try toyModel(.bow, extra: true), "normalised"),
      (try toyModel(.gru, scheme: .vsepp), "special tokens"),
    ]
    for (model, reason) in models {
      #expect {
        try KirosModelFile.write(model, to: theirs)
      } throws: {
        guard case KirosModelError.cannotHold(theirs, let what) = $0 else { return false }
        return what.contains(reason)
      }
    }
    #expect(try folder.contents().isEmpty)
  }

  /// A file of ours whose kept pickles were replaced must not become pickles that Python runs.
  @Test(arguments: [
    ("kiros.options", Array("(dp1\n.".utf8)), ("kiros.options", Array("cos\nsystem\n(S'true'\ntR.".utf8)),
    ("kiros.options", []), ("kiros.options", [0xFF]),
    ("kiros.dictionary", Array("(dp1\nS'other'\nI2\ns.".utf8)), ("kiros.dictionary", Array("(lp1\n.".utf8)),
  ]) func keptPicklesThatWereReplaced(name: String, pickle: [UInt8]) throws {
    try convert(fixturePath("kiros/gru/model.npz"), ours)
    try replace(name, by: pickle)
    let kind = name.replacing("kiros.", with: "")
    #expect(throws: KirosModelError.keptPickleDiffers(path: theirs, pickle: kind)) {
      try convert(ours, theirs)
    }
    #expect(try folder.contents() == ["model.safetensors"])
  }

  /// An option that is an instance of an unknown class is read, and told at once that it cannot be written.
  @Test func optionsWithAnInstance() throws {
    let files = try KirosModelFolder()
    let pickle = try bytes(ofFile: files.options).dropLast()
    let instance = Array("S'extra'\n(i__main__\nFoo\n(dp99\nbs.".utf8)
    _ = try files.folder.write(pickle + instance, to: "model.npz.pkl")
    let report = try convert(files.model, ours)
    #expect(report.remarks == [.cannotBeWrittenBack(pickle: "options", name: "__main__.Foo")])
    #expect(
      throws: KirosModelError.keptPickleNamesClass(path: theirs, pickle: "options", name: "__main__.Foo")
    ) {
      try convert(ours, theirs)
    }
    #expect(try folder.contents() == ["model.safetensors"])
  }

  /// Words that captions cannot hold are a model's all the same.
  @Test func wordsWithWhiteSpaceAreKept() throws {
    let files = try KirosModelFolder()
    try files.changeDictionary { $0[5] = PickleDictionary.Entry(key: .text("a b\r"), value: $0[5].value) }
    try convert(files.model, ours)
    try convert(ours, theirs)
    #expect(try bytes(ofFile: theirs + ".dictionary.pkl") == bytes(ofFile: files.dictionary))
    #expect(try ModelFile.read(theirs).vocabulary.words.contains("a b\r"))
  }

  /// An instance that the pickle makes and throws away is not in its value, and Python would have made it.
  @Test func keptPicklesThatHideAnInstance() throws {
    try convert(fixturePath("kiros/gru/model.npz"), ours)
    let original = try bytes(ofFile: fixturePath("kiros/gru/model.npz.pkl"))
    try replace("kiros.options", by: Array("(S'true'\nios\nsystem\n0".utf8) + original)
    #expect(
      throws: KirosModelError.keptPickleNamesClass(path: theirs, pickle: "options", name: "os.system")
    ) {
      try convert(ours, theirs)
    }
    #expect(try folder.contents() == ["model.safetensors"])
  }

  private func replace(_ name: String, by bytes: [UInt8]) throws {
    let file = try SafetensorsFile.read(path: ours)
    var tensors = file.names.compactMap { name in
      file[name].map { SafetensorsTensor(name: name, $0) }
    }
    tensors.removeAll { $0.name == name }
    tensors.append(SafetensorsTensor(name: name, ArrayData(bytes)))
    try SafetensorsFile.write(tensors, metadata: file.metadata, to: ours)
  }

  @Test func destinations() throws {
    let original = fixturePath("kiros/bow/model.npz")
    try convert(original, ours)
    let before = try bytes(ofFile: ours)
    #expect(throws: ModelConversionError.destinationExists(path: ours)) {
      try ModelConversion(from: original, to: ours).run()
    }
    #expect(throws: ModelConversionError.sameFormat(path: ours, destination: "x.safetensors")) {
      try convert(ours, "x.safetensors")
    }
    #expect(throws: ModelConversionError.unknownSuffix(path: "x.pkl")) { try convert(ours, "x.pkl") }
    #expect(throws: ModelConversionError.notAModel(path: original + ".pkl")) {
      try convert(original + ".pkl", ours)
    }
    var conversion = ModelConversion(from: original, to: folder.path("new.safetensors"))
    conversion.vocabularyFile = original + ".dictionary.pkl"
    #expect(throws: ModelConversionError.vocabularyNotNeeded(path: original)) { try conversion.run() }
    #expect(try bytes(ofFile: ours) == before)

    // One of the three files is something else.
    let text = try folder.write(Array("precious".utf8), to: "again.npz.dictionary.pkl")
    #expect(throws: ModelConversionError.destinationIsNoModel(path: text)) { try convert(ours, theirs) }
    let array = folder.path("array.safetensors")
    try SafetensorsFile.write([SafetensorsTensor(name: "a", ArrayData([1] as [Float]))], to: array)
    #expect(throws: ModelConversionError.destinationIsNoModel(path: array)) { try convert(original, array) }
    try NumpyArchive.write([("a", ArrayData([1] as [Float]))], to: theirs)
    #expect(throws: ModelConversionError.destinationIsNoModel(path: theirs)) { try convert(ours, theirs) }
  }

  /// Even when a model may be replaced, a pickle is only where it is the one that belongs there.
  @Test func picklesThatAreNoModelsAreLeftAlone() throws {
    let original = fixturePath("kiros/bow/model.npz")
    let (options, words) = (original + ".pkl", original + ".dictionary.pkl")
    try convert(original, ours)
    func expectRefusal(_ pickle: [UInt8], at name: String, from source: String) throws {
      let path = try folder.write(pickle, to: name)
      #expect(throws: ModelConversionError.destinationIsNoModel(path: path)) { try convert(source, path) }
      #expect(try bytes(ofFile: path) == pickle)
      try FileManager.default.removeItem(atPath: path)
    }
    for pickle in try [bytes(ofFile: options), bytes(ofFile: words)] {
      try expectRefusal(pickle, at: "again.npz", from: ours)
      try expectRefusal(pickle, at: "x.safetensors", from: original)
    }
    let others = Array("(lp0\nI1\na.".utf8)
    for (suffix, pickles) in [
      (".pkl", [try bytes(ofFile: words), others]),
      (".dictionary.pkl", [try bytes(ofFile: options), others]),
    ] {
      for pickle in pickles {
        let file = try folder.write(pickle, to: "again.npz" + suffix)
        #expect(throws: ModelConversionError.destinationIsNoModel(path: file)) { try convert(ours, theirs) }
        #expect(try bytes(ofFile: file) == pickle)
        try FileManager.default.removeItem(atPath: file)
      }
    }
    // Another model's may be replaced.
    for (suffix, file) in [(".pkl", options), (".dictionary.pkl", words)] {
      _ = try folder.write(bytes(ofFile: file), to: "again.npz" + suffix)
    }
    try convert(ours, theirs)
  }

  /// Where one of the three files cannot be written, all stay as they were.
  @Test func writingFailsWhole() throws {
    let original = fixturePath("kiros/bow/model.npz")
    try convert(original, ours)
    let nowhere = folder.path("nowhere/model.npz")
    #expect(throws: (any Error).self) { try convert(ours, nowhere) }
    try FileManager.default.createDirectory(
      atPath: theirs + ".dictionary.pkl", withIntermediateDirectories: false)
    #expect(throws: FileError.isFolder(path: theirs + ".dictionary.pkl")) {
      try KirosModelFile.write(ModelFile.read(ours), to: theirs)
    }
    #expect(try folder.contents() == ["again.npz.dictionary.pkl", "model.safetensors"])
  }

  @Test(arguments: [
    ModelConversionError.notAModel(path: "f"), .unknownSuffix(path: "f"),
    .sameFormat(path: "f", destination: "g"), .vocabularyNotNeeded(path: "f"), .destinationExists(path: "f"),
    .destinationIsNoModel(path: "f"),
  ]) func messagesAreOneLineThatNamesTheFile(error: ModelConversionError) {
    #expect(error.localizedDescription == error.description)
    #expect(error.description.hasPrefix("'f'") && !error.description.contains("\n"))
  }
}
