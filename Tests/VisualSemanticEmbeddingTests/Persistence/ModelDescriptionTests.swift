import DataFormats
import Foundation
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Files that are whole, with a right checksum, but say something wrong.
@Suite struct ModelDescriptionTests {
  private typealias Tensors = [(name: String, array: ArrayData)]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a model's file again with other metadata and tensors.
  private func rewrite(_ change: (inout [String: String], inout Tensors) throws -> Void) throws -> String {
    let path = folder.path("model.safetensors")
    try ModelFile.write(toyModel(), to: path)
    let file = try SafetensorsFile.read(path: path)
    var metadata = file.metadata
    var tensors: Tensors = file.names.compactMap { name in file[name].map { (name, $0) } }
    try change(&metadata, &tensors)
    let changed = folder.path("changed.safetensors")
    try SafetensorsFile.write(
      tensors.map { SafetensorsTensor(name: $0.name, $0.array) }, metadata: metadata, to: changed)
    return changed
  }

  /// The same with another array under a name.
  private func replace(_ name: String, by change: (ArrayData) throws -> ArrayData) throws -> String {
    try rewrite { _, tensors in
      let index = try #require(tensors.firstIndex { $0.name == name })
      tensors[index].array = try change(tensors[index].array)
    }
  }

  /// The same with other values in the description; `section` is nil at its top.
  private func describe(section: String? = nil, _ values: [String: Any]) throws -> String {
    try rewrite { metadata, _ in
      let text = try #require(metadata["vse"])
      var object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      var part = object
      if let section { part = try #require(object[section] as? [String: Any]) }
      for (key, value) in values {
        #expect(part[key] != nil, "the description has no \(key)")
        part[key] = value
      }
      if let section { object[section] = part } else { object = part }
      metadata["vse"] = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
  }

  private func expectBrokenDescription(_ file: String) {
    #expect {
      try ModelFile.read(file)
    } throws: {
      if case ModelFileError.brokenDescription(file, _) = $0 { true } else { false }
    }
  }

  @Test func unchangedIsRead() throws {
    let file = try rewrite { _, _ in }
    #expect(try ModelFile.read(file).vocabulary.wordCount == 6)
  }

  @Test func otherSafetensorsFiles() throws {
    let file = try rewrite { metadata, _ in metadata["vse"] = nil }
    #expect(throws: ModelFileError.notAModel(path: file)) { try ModelFile.read(file) }
  }

  @Test func newerVersion() throws {
    let file = try describe(["version": ModelFile.version + 1])
    #expect(throws: ModelFileError.newerVersion(path: file, version: ModelFile.version + 1)) {
      try ModelFile.read(file)
    }
  }

  @Test(arguments: ["", "{", "[]", "null", "{\"version\":\"1\"}", "{\"version\":1}", "{\"version\":1e99}"])
  func descriptionsThatCannotBeRead(text: String) throws {
    expectBrokenDescription(try rewrite { metadata, _ in metadata["vse"] = text })
  }

  @Test func encoderThatIsUnknown() throws {
    expectBrokenDescription(try describe(section: "model", ["encoder": "transformer"]))
  }

  static let sizes = ["dim", "word_dim", "image_dim", "vocabulary_size"]

  @Test(arguments: sizes, [0, -1, 1 << 29, Int.max]) func impossibleSizes(name: String, size: Int) throws {
    expectBrokenDescription(try describe(section: "model", [name: size]))
  }

  /// Sizes that a model might have, but not this one: they must neither be allocated nor trap.
  @Test(arguments: sizes, [1, 7, 1 << 28]) func sizesThatTheTensorsDoNotHave(name: String, size: Int) throws {
    let file = try describe(section: "model", [name: size])
    #expect(throws: ModelFileError.self) { try ModelFile.read(file) }
  }

  @Test func everySizeHuge() throws {
    var values: [String: Any] = [:]
    for name in Self.sizes where !name.hasPrefix("vocabulary") { values[name] = 1 << 28 }
    let file = try describe(section: "model", values)
    #expect {
      try ModelFile.read(file)
    } throws: {
      if case ModelFileError.wrongShape(file, _, _, _) = $0 { true } else { false }
    }
  }

  @Test func missingTensors() throws {
    for name in ["vocabulary", "word_embedding", "gru.bias", "image_projection.weights"] {
      let file = try rewrite { _, tensors in tensors.removeAll { $0.name == name } }
      #expect(throws: ModelFileError.missingTensor(path: file, name: name)) { try ModelFile.read(file) }
    }
  }

  @Test func otherShapes() throws {
    let name = "image_projection.weights"
    let file = try replace(name) { ArrayData(try $0.float32Values(), shape: [5, 4]) }
    #expect(throws: ModelFileError.wrongShape(path: file, name: name, found: [5, 4], expected: [4, 5])) {
      try ModelFile.read(file)
    }
  }

  @Test func otherElementTypes() throws {
    var file = try replace("gru.bias") { _ in
      ArrayData([Double](repeating: 0, count: 15), shape: [1, 15])
    }
    #expect(
      throws: ModelFileError.wrongElementType(path: file, name: "gru.bias", found: "F64", expected: "F32")
    ) {
      try ModelFile.read(file)
    }
    file = try replace("vocabulary") { _ in ArrayData([Int32](repeating: 0, count: 3)) }
    #expect(
      throws: ModelFileError.wrongElementType(path: file, name: "vocabulary", found: "I32", expected: "U8")
    ) {
      try ModelFile.read(file)
    }
  }

  @Test(arguments: [Float.nan, .infinity]) func brokenNumbers(value: Float) throws {
    let file = try replace("gru.recurrent_weights") { array in
      var values = try array.float32Values()
      values[7] = value
      return ArrayData(values, shape: array.shape)
    }
    #expect(throws: ModelFileError.notFinite(path: file, name: "gru.recurrent_weights")) {
      try ModelFile.read(file)
    }
  }

  @Test(arguments: ["a\na", "a\n\nb", "a\n"]) func brokenVocabulary(text: String) throws {
    let file = try replace("vocabulary") { _ in ArrayData(Array(text.utf8)) }
    #expect(throws: VocabularyError.self) { try ModelFile.read(file) }
  }
}
