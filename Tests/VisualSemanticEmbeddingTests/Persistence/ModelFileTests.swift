import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct ModelFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ModelConfiguration.Encoder.allCases, [false, true])
  func roundTrip(encoder: ModelConfiguration.Encoder, extra: Bool) throws {
    let own = try TokenScheme(padding: 4, start: nil, end: 2, unknown: 0, firstWord: 7)
    for (scheme, rows) in [(TokenScheme.kiros, nil), (.vsepp, nil), (own, nil), (.kiros, 6), (.kiros, 50)] {
      let model = try toyModel(encoder, scheme: scheme, rows: rows, extra: extra)
      try ModelFile.write(model, to: path)
      for precision in Precision.allCases {
        let read = try ModelFile.read(path, precision: precision)
        #expect(read.configuration == model.configuration)
        #expect(read.vocabulary == model.vocabulary && read.vocabulary.scheme == scheme)
        #expect(read.vocabulary.words == model.vocabulary.words)
        #expect(read.training == model.training)
        for entry in model.network.parameters.layout.entries {
          let (found, expected) = (
            try #require(read.network.parameters[entry.name]),
            try #require(model.network.parameters[entry.name])
          )
          #expect(found.values == expected.values, "\(entry.name)")
        }
        let tokens = TokenBatch(
          captions: [[2, 5, 0], [3, 3, 1]], vocabulary: model.vocabulary.embeddingRows)
        let (found, expected) = (
          read.network.sentenceVectors(tokens).values, model.network.sentenceVectors(tokens).values
        )
        #expect(maximumAbsoluteDifference(found, expected) <= (precision == .float32 ? 0 : 3e-2))
      }
    }
  }

  @Test func sameModelSameBytes() throws {
    try ModelFile.write(toyModel(), to: path)
    let first = try bytes(ofFile: path)
    try ModelFile.write(toyModel(), to: path)
    #expect(try bytes(ofFile: path) == first)
    try ModelFile.write(ModelFile.read(path), to: path)
    #expect(try bytes(ofFile: path) == first)
    #expect(try folder.contents() == ["model.safetensors"])
  }

  @Test func truncatedAnywhere() throws {
    try ModelFile.write(toyModel(.lstm, extra: true), to: path)
    let whole = try bytes(ofFile: path)
    let lengths = Array(0..<20) + Array(stride(from: 20, to: whole.count, by: 61)) + [whole.count - 1]
    for length in lengths {
      let part = try folder.write(whole.prefix(length), to: "part")
      #expect(throws: (any Error).self, "\(length) bytes") { try ModelFile.read(part) }
    }
    let longer = try folder.write(whole + [0], to: "part")
    #expect(throws: (any Error).self) { try ModelFile.read(longer) }
  }

  @Test func flippedBits() throws {
    try ModelFile.write(toyModel(extra: true), to: path)
    let whole = try bytes(ofFile: path)
    let headerEnd = 8 + whole[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    // Every third byte of the header, fewer of the data.
    let places =
      Array(stride(from: 0, to: headerEnd, by: 3)) + Array(stride(from: headerEnd, to: whole.count, by: 13))
    #expect(places.count > 400)
    for place in places {
      var damaged = whole
      damaged[place] ^= 1 << UInt8(place % 8)
      let part = try folder.write(damaged, to: "part")
      #expect(throws: (any Error).self, "byte \(place)") { try ModelFile.read(part) }
    }
  }

  @Test func missingFileAndFolder() throws {
    #expect(throws: (any Error).self) { try ModelFile.read(path) }
    let model = try toyModel()
    let nowhere = folder.path("none/model")
    #expect(throws: (any Error).self) { try ModelFile.write(model, to: nowhere) }
    #expect(try folder.contents().isEmpty)
  }

  /// What is no model is not called a safetensors file that is cut short.
  @Test func otherFiles() throws {
    let folder = try TemporaryFolder()
    for name in ["model.npz", "model.safetensors"] {
      let empty = try folder.write([], to: name)
      #expect(throws: ModelFileError.empty(path: empty)) { try ModelFile.read(empty) }
    }
    let archive = try bytes(ofFile: fixturePath("kiros/gru/model.npz"))
    for length in 1...3 {
      let part = try folder.write(archive.prefix(length), to: "x.npz")
      #expect(throws: ModelFileError.otherFile(path: part)) { try ModelFile.read(part) }
    }
    for file in [
      "kiros/gru/captions.txt", "kiros/gru/model.npz.pkl", "kiros/gru/arrays/expected_sentence_vectors.npy",
    ].map({ fixturePath($0) }) {
      #expect(throws: ModelFileError.otherFile(path: file)) { try ModelFile.read(file) }
    }
  }

  @Test(arguments: [
    ModelFileError.notAModel(path: "f"), .empty(path: "f"), .otherFile(path: "f"),
    .newerVersion(path: "f", version: 9),
    .brokenDescription(path: "f", reason: "r"), .missingTensor(path: "f", name: "n"),
    .wrongShape(path: "f", name: "n", found: [1], expected: [2]),
    .wrongElementType(path: "f", name: "n", found: "F16", expected: "F32"), .notFinite(path: "f", name: "n"),
    .vocabularyDoesNotFit(path: "f", words: 1, rows: 2), .needsConversion(path: "f"),
  ]) func messagesAreOneLineThatNamesTheFile(error: ModelFileError) {
    #expect(error.localizedDescription == error.description)
    #expect(error.description.hasPrefix("f: ") && !error.description.contains("\n"))
  }
}
