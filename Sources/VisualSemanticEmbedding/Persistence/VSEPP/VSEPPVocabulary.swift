internal import DataFormats
internal import Foundation

/// The vocabulary of a VSE++ model: a pickled instance of its class `Vocabulary`, with a dictionary `word2idx` in
/// which `<pad>`, `<start>`, `<end>` and `<unk>` have the indices 0 to 3.
struct VSEPPVocabulary {
  /// The words in the order of their indices, from 4 on.
  let words: [Word]

  /// The special words and their indices.
  private static let special: [(word: String, index: Int32?)] = [
    ("<pad>", TokenScheme.vsepp.padding), ("<start>", TokenScheme.vsepp.start),
    ("<end>", TokenScheme.vsepp.end), ("<unk>", TokenScheme.vsepp.unknown),
  ]

  /// Reads the pickle at `path`.
  init(path: String) throws {
    switch FileKind(path: path) {
    // A checkpoint given in its place is told as what it is, not as a pickle that is damaged.
    case .pytorch, .zip, .safetensors, .numpy: throw VSEPPError.notAVocabulary(path: path)
    default: break
    }
    try self.init(PickleReader.read(path: path), path: path)
  }

  /// Takes what a pickle holds for a vocabulary; `path` is for messages.
  init(_ value: PickleValue, path: String) throws {
    guard Self.isVocabulary(value), let indices = value["word2idx"], let entries = indices.entries else {
      throw VSEPPError.notAVocabulary(path: path)
    }
    for (word, expected) in Self.special {
      let found = indices[word]?.int
      guard let expected, found == Int(expected) else {
        throw VSEPPError.specialWord(path: path, word: word, index: found)
      }
    }
    let names = Set(Self.special.map(\.word))
    words = try IndexedWords(
      entries.filter { entry in !(entry.key.string.map(names.contains) ?? false) },
      firstIndex: Int(TokenScheme.vsepp.firstWord), path: path
    ).words
  }

  /// Whether a pickle holds an instance of a class of that name, of whatever module.
  static func isVocabulary(_ value: PickleValue) -> Bool {
    if case .instance(let instance) = value { instance.className.name == "Vocabulary" } else { false }
  }

  /// The file of the vocabulary that stands beside a checkpoint: `vocab/NAME_vocab.pkl` for the data that it was
  /// trained on, or the only one there is in `vocab` or in the checkpoint's own folder.
  static func file(beside checkpoint: String, dataName: String?) throws(VSEPPError) -> String {
    let folder = FilePath.folder(of: checkpoint)
    let suffix = "_vocab.pkl"
    let found = [folder + "/vocab", folder].flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(suffix) }.sorted().map { folder + "/" + $0 }
    }
    if found.count == 1 { return found[0] }
    guard !found.isEmpty else { throw .noVocabulary(checkpoint: checkpoint) }
    let named = found.filter { file in dataName.map { FilePath.name(of: file) == $0 + suffix } ?? false }
    guard named.count == 1 else { throw .severalVocabularies(checkpoint: checkpoint, files: found) }
    return named[0]
  }
}
