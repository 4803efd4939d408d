import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// The reference models through the files that the original's trainer wrote.
@Suite struct KirosModelTests {
  @Test(arguments: KirosModelFolder.names) func vectors(name: String) throws {
    let reference = try KirosReference(name)
    let model = try ModelFile.read(fixturePath("kiros/\(name)/model.npz"))
    #expect(model.configuration == reference.network.configuration)
    #expect(model.vocabulary == reference.vocabulary)
    for entry in model.network.parameters.layout.entries {
      let found = try #require(model.network.parameters[entry.name])
      #expect(found.values == reference.network.parameters[entry.name]?.values, "\(entry.name)")
    }
    for (file, expected) in [
      ("captions.txt", "expected_sentence_vectors"), ("unseen.txt", "expected_unseen_vectors"),
    ] {
      let sentences = try CaptionFile(contentsOf: "\(reference.folder)/\(file)")
      let captions = TokenizedCaptions(sentences, vocabulary: model.vocabulary)
      let vectors = model.network.encode(captions, rows: Array(0..<captions.count)) { _ in }
      #expect(maximumAbsoluteDifference(vectors.values, try reference.matrix(expected).values) < 1e-5)
    }
    let images = model.network.imageVectors(try reference.matrix("expected_images"))
    #expect(
      maximumAbsoluteDifference(images.values, try reference.matrix("expected_image_vectors").values) < 1e-5)
  }

  @Test(arguments: KirosModelFolder.names) func scores(name: String) throws {
    let reference = try KirosReference(name)
    let folder = try TemporaryFolder()
    _ = try folder.write(bytes(ofFile: reference.folder + "/captions.txt"), to: "test_caps.txt")
    let images = try NumpyArray.read(path: reference.folder + "/arrays/expected_images.npy")
    try NumpyArray.write(
      ArrayData(try images.float32Values(), shape: images.shape), to: folder.path("test_ims.npy"))

    let model = try ModelFile.read(fixturePath("kiros/\(name)/model.npz"))
    let scores = try model.evaluate(on: Dataset(folder: folder.url.path).open(.test)).scores
    for (found, expected) in [(scores.annotation, "expected_i2t"), (scores.search, "expected_t2i")] {
      let numbers = try NumpyArray.read(path: "\(reference.folder)/arrays/\(expected).npy")
        .values(as: Double.self)
      let recalls = [found.r1, found.r5, found.r10]
      for (recall, number) in zip(recalls, numbers) { #expect(abs(recall - number) < 1e-9, "\(expected)") }
      #expect(Double(found.medianRank) == numbers[3])
    }
  }

  @Test func options() throws {
    let model = try ModelFile.read(fixturePath("kiros/gru/model.npz"))
    let options = try #require(model.originalOptions)
    #expect(options.count == 18)
    #expect(options["data"] == .text("f8k") && options["margin"] == .number(0.2))
    #expect(options["n_words"] == .integer(57) && options["reload_"] == .boolean(false))
    guard case .model(let summary) = try FileSummary(path: fixturePath("kiros/gru/model.npz")) else {
      Issue.record("not a model")
      return
    }
    #expect(summary.format == .kiros && summary.originalOptions == options)
    #expect(summary.words == 57 && summary.configuration == model.configuration)
    #expect(summary.parameters == model.network.parameters.layout.parameterCount)
  }

  /// NumPy puts .npz behind a name that lacks it, and the trainer its own suffixes behind the name as it was.
  @Test(arguments: ["coco.npz", "coco"]) func namesOfTheFiles(name: String) throws {
    let files = try KirosModelFolder()
    try files.rename("model.npz", to: "coco.npz")
    try files.rename("model.npz.pkl", to: "\(name).pkl")
    try files.rename("model.npz.dictionary.pkl", to: "\(name).dictionary.pkl")
    #expect(try ModelFile.read(files.folder.path("coco.npz")).vocabulary.wordCount == 57)
  }

  @Test func filesOfOneNamingBelongTogether() throws {
    let files = try KirosModelFolder()
    _ = try files.folder.write(bytes(ofFile: files.dictionary), to: "model.dictionary.pkl")
    _ = try files.folder.write([0x80], to: "model.pkl")
    #expect(try ModelFile.read(files.model).vocabulary.wordCount == 57)
    try files.remove("model.npz.dictionary.pkl")
    // Now the other two, of which one is no pickle.
    #expect(throws: PickleError.self) { try ModelFile.read(files.model) }
  }

  /// Fortran order, big-endian numbers and deflated archives mean the same numbers.
  @Test func deflatedArchives() throws {
    let files = try KirosModelFolder()
    let before = try ModelFile.read(files.model).network.parameters.everything.values
    try files.changeArrays(compressed: true) { $0.reverse() }
    #expect(try ModelFile.read(files.model).network.parameters.everything.values == before)
  }

  /// Indices in any order, as NumPy's numbers, words as text: the order of the indices counts.
  @Test func dictionariesOfOtherForms() throws {
    let files = try KirosModelFolder()
    let words = try ModelFile.read(files.model).vocabulary.words
    try files.changeDictionary { entries in
      entries = entries.reversed().map {
        PickleDictionary.Entry(key: .text($0.key.string ?? ""), value: $0.value)
      }
    }
    #expect(try ModelFile.read(files.model).vocabulary.words == words)
    // `save_dictionary` writes the counts behind the words.
    let pickle = try bytes(ofFile: files.dictionary)
    _ = try files.folder.write(pickle + pickle, to: "model.npz.dictionary.pkl")
    #expect(try ModelFile.read(files.model).vocabulary.words == words)
  }

  @Test func rowsBeyondTheWords() throws {
    let files = try KirosModelFolder("bow")
    try files.setOptions(["n_words": .integer(70)])
    try files.setArray("Wemb") { array in
      ArrayData(
        try array.float32Values() + [Float](repeating: 1, count: 13 * array.shape[1]),
        shape: [70, array.shape[1]])
    }
    let vocabulary = try ModelFile.read(files.model).vocabulary
    #expect(vocabulary.embeddingRows == 70 && vocabulary.wordCount == 57)
    #expect(
      vocabulary.unknownWords(in: Caption(vocabulary.words.map(\.description).joined(separator: " "))).isEmpty
    )
  }
}
