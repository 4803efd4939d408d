internal import DataFormats

extension Vocabulary {
  /// Reads the words of a file of any kind that has some: a model; a pickle, which holds a dictionary of
  /// Kiros et al. or a vocabulary of VSE++; else a text with a word a line.
  ///
  /// A model's vocabulary is taken as it is. Other words get indices in their order, in `scheme`; with
  /// `rarestAreUnknown` the last of them have no row and read as unknown, as `build` has it.
  init(file path: String, scheme: TokenScheme, rarestAreUnknown: Bool = false) throws {
    let words: [Word]
    switch FileKind(path: path) {
    case .safetensors, .zip, .pytorch:
      self = try ModelFile.read(path).vocabulary
      return
    // What is damaged in its first bytes is worth a better message than that it is no text.
    case .unknown where path.hasSuffix(".safetensors"):
      self = try ModelFile.read(path).vocabulary
      return
    case .pickle: words = try Self.usableWords(inPickle: path)
    case .unknown where path.hasSuffix(".pkl"): words = try Self.usableWords(inPickle: path)
    default: words = try Vocabulary(contentsOf: path, scheme: scheme).words
    }
    let rows = rarestAreUnknown ? Self.rowsLeavingOutRarest(ofWords: words.count, scheme: scheme) : nil
    try self.init(words, path: path, scheme: scheme, embeddingRows: rows)
  }

  /// The words of a pickle, which a new model is to be trained with: there must be some, and captions must be able
  /// to hold them, as is asked of the words of a text. The words of a model that is there are not asked.
  private static func usableWords(inPickle path: String) throws -> [Word] {
    let words = try words(inPickle: path)
    guard !words.isEmpty else { throw WordDictionaryError.noWords(path: path) }
    if let word = words.first(where: { $0.bytes.contains(where: \.isWhiteSpace) }) {
      throw WordDictionaryError.whiteSpaceInWord(path: path, word: word)
    }
    return words
  }

  private static func words(inPickle path: String) throws -> [Word] {
    let pickles = try PickleReader.readAll(path: path)
    if let first = pickles.first, VSEPPVocabulary.isVocabulary(first) {
      return try VSEPPVocabulary(first, path: path).words
    }
    return try KirosDictionary(pickles, path: path).words
  }
}
