import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct VSEPPCheckpointTests {
  private let folder: TemporaryFolder
  private var output: String { folder.path("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  private func checkpoint(_ name: String) -> String { fixturePath("vsepp/\(name)/model_best.pth.tar") }
  private let vocabulary = fixturePath("vsepp/precomp/vocab/f8k_precomp_vocab.pkl")

  private func numbers(_ path: String) throws -> [Float] {
    try NumpyArray.read(path: fixturePath("vsepp/\(path).npy")).float32Values()
  }

  @Test(arguments: ["precomp", "stream", "network", "no_imgnorm"])
  func vectorsAreThoseOfPyTorch(name: String) throws {
    let report = try ModelConversion(from: checkpoint(name), to: output).run()
    #expect(report.from == .vsepp && report.words == 14)
    let model = try ModelFile.read(output)
    #expect(model.configuration.normalizeImages == (name != "no_imgnorm"))
    #expect(model.configuration.hiddenBias && model.vocabulary.scheme == .vsepp)

    let sentences = try CaptionFile(contentsOf: fixturePath("vsepp/\(name)/captions.txt"))
    let captions = TokenizedCaptions(sentences, vocabulary: model.vocabulary)
    #expect(captions.unknownWordCount == 4)
    let vectors = model.network.encode(captions, rows: Array(0..<captions.count)) { _ in }
    #expect(maximumAbsoluteDifference(vectors.values, try numbers("\(name)/sentence_vectors")) < 1e-5)

    let features = try FeatureTable(path: fixturePath("vsepp/\(name)/features.npy"))
    let images = try model.network.encode(features, rows: Array(0..<features.rowCount))
    let expected = Matrix(
      rows: images.rows, columns: images.columns, values: try numbers("\(name)/image_vectors"))
    if name == "no_imgnorm" { expected.normalizeRows() }
    #expect(maximumAbsoluteDifference(images.values, expected.values) < 1e-5)
  }

  @Test func whatToKnowOfTheModel() throws {
    func remarks(_ name: String) throws -> [ModelConversion.Remark] {
      var conversion = ModelConversion(from: checkpoint(name), to: output)
      conversion.overwrites = true
      return try conversion.run().remarks
    }
    #expect(try remarks("stream").isEmpty)
    #expect(try remarks("network") == [.takesFeaturesOf(network: "resnet152")])
    #expect(try remarks("no_imgnorm") == [.imagesAreNormalized])
    let options = try #require(try ModelFile.read(output).originalOptions)
    #expect(options["margin"] == .number(0.2) && options["no_imgnorm"] == .boolean(true))
    #expect(options["data_name"] == .text("f8k_precomp") && options["num_epochs"] == .integer(30))
  }

  @Test func vocabularyBesideTheCheckpoint() throws {
    let copy = try folder.write(bytes(ofFile: checkpoint("stream")), to: "model_best.pth.tar")
    func used() throws -> String? {
      var conversion = ModelConversion(from: copy, to: output)
      conversion.overwrites = true
      return try conversion.run().vocabularyFile
    }
    #expect(throws: VSEPPError.noVocabulary(checkpoint: copy)) { try used() }
    // The only one, whatever its name.
    let words = try bytes(ofFile: vocabulary)
    let other = try folder.write(words, to: "f30k_precomp_vocab.pkl")
    #expect(try used() == other)
    try FileManager.default.createDirectory(atPath: folder.path("vocab"), withIntermediateDirectories: false)
    let another = try folder.write(words, to: "vocab/coco_precomp_vocab.pkl")
    #expect(throws: VSEPPError.severalVocabularies(checkpoint: copy, files: [another, other])) { try used() }
    // That of the data that it was trained on.
    let own = try folder.write(words, to: "vocab/f8k_precomp_vocab.pkl")
    #expect(try used() == own)
  }

  private func expect(_ error: VSEPPError, _ name: String, vocabulary file: String? = nil) {
    var conversion = ModelConversion(from: fixturePath("vsepp/\(name)"), to: output)
    conversion.vocabularyFile = file ?? vocabulary
    #expect(throws: error) { try conversion.run() }
    #expect(throws: Never.self) { try #expect(folder.contents().isEmpty) }
  }

  @Test(arguments: ["use_abs", "measure", "finetune", "num_layers"]) func unsupportedModels(name: String) {
    var conversion = ModelConversion(from: fixturePath("vsepp/refused/\(name).pth.tar"), to: output)
    conversion.vocabularyFile = vocabulary
    #expect {
      try conversion.run()
    } throws: {
      guard case VSEPPError.unsupported(_, let what) = $0 else { return false }
      return what.contains(name)
    }
  }

  @Test func brokenCheckpoints() throws {
    func path(_ name: String) -> String { fixturePath("vsepp/refused/\(name).pth.tar") }
    expect(
      .unusableOption(
        path: path("word_dim"), name: "word_dim", value: "'large'",
        expected: "a whole number from 1 to 268435456"),
      "refused/word_dim.pth.tar")
    expect(
      .missingTensor(path: path("missing_tensor"), name: "rnn.bias_hh_l0"), "refused/missing_tensor.pth.tar")
    expect(
      .unknownTensor(path: path("other_tensor"), name: "rnn.weight_ih_l0_reverse"),
      "refused/other_tensor.pth.tar")
    expect(
      .wrongShape(path: path("wrong_shape"), name: "fc.weight", found: [8, 6], expected: [7, 6]),
      "refused/wrong_shape.pth.tar")
    expect(
      .wrongShape(path: path("embed_size"), name: "rnn.bias_hh_l0", found: [21], expected: [24]),
      "refused/embed_size.pth.tar")
    expect(
      .wrongElementType(path: path("wrong_type"), name: "fc.bias", found: "float64"),
      "refused/wrong_type.pth.tar")
    expect(.notFinite(path: path("nan"), name: "fc.bias"), "refused/nan.pth.tar")
    for name in ["state_only", "no_options"] {
      #expect {
        try ModelConversion(from: path(name), to: output).run()
      } throws: {
        if case VSEPPError.notACheckpoint(path(name), _) = $0 { true } else { false }
      }
    }
  }

  @Test func vocabulariesThatDoNotFit() throws {
    let path = fixturePath("vsepp/refused/fewer_words.pth.tar")
    expect(
      .vocabularyDoesNotFit(checkpoint: path, rows: 17, vocabulary: vocabulary, words: 18),
      "refused/fewer_words.pth.tar")
    let dictionary = fixturePath("kiros/gru/model.npz.dictionary.pkl")
    for file in [
      dictionary, checkpoint("stream"), checkpoint("precomp"), fixturePath("kiros/gru/model.npz"),
      fixturePath("vsepp/stream/features.npy"),
    ] {
      expect(.notAVocabulary(path: file), "stream/model_best.pth.tar", vocabulary: file)
    }
  }

  /// A checkpoint is only a model with its vocabulary.
  @Test func otherCommandsSayWhatToDo() throws {
    for name in ["precomp", "stream"] {
      #expect(throws: ModelFileError.needsConversion(path: checkpoint(name))) {
        try ModelFile.read(checkpoint(name))
      }
    }
  }

  @Test func truncatedAnywhere() throws {
    for name in ["precomp", "stream"] {
      let whole = try bytes(ofFile: checkpoint(name))
      for length in Array(stride(from: 0, to: whole.count, by: 61)) + [whole.count - 1] {
        let part = try folder.write(whole.prefix(length), to: "part.pth.tar")
        var conversion = ModelConversion(from: part, to: output)
        conversion.vocabularyFile = vocabulary
        #expect(throws: (any Error).self, "\(length) bytes of \(name)") { try conversion.run() }
      }
    }
  }

  @Test(arguments: [
    VSEPPError.notACheckpoint(path: "f", lacks: "l"),
    .unusableOption(path: "f", name: "n", value: "v", expected: "e"), .unsupported(path: "f", what: "w"),
    .missingTensor(path: "f", name: "n"), .unknownTensor(path: "f", name: "n\n"),
    .wrongShape(path: "f", name: "n", found: [1], expected: [2]),
    .wrongElementType(path: "f", name: "n", found: "x"), .notFinite(path: "f", name: "n"),
    .noVocabulary(checkpoint: "f"), .severalVocabularies(checkpoint: "f", files: ["a/b", "c"]),
    .notAVocabulary(path: "f"), .specialWord(path: "f", word: "<pad>", index: nil),
    .specialWord(path: "f", word: "<pad>", index: 3),
    .vocabularyDoesNotFit(checkpoint: "c", rows: 1, vocabulary: "f", words: 2),
  ]) func messagesAreOneLineThatNamesTheFile(error: VSEPPError) {
    #expect(error.localizedDescription == error.description)
    #expect(error.description.hasPrefix("f: ") && !error.description.contains("\n"))
  }
}
