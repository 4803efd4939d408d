internal import DataFormats

extension KirosModelFile {
  /// The files that `write` gives a model, the archive first.
  public static func files(for path: String) -> [String] {
    let files = KirosFiles(archive: path)
    return [files.weights, files.options, files.dictionary]
  }

  /// Writes the model as the original's code reads it: `path`, an .npz archive, and beside it `path`.pkl and
  /// `path`.dictionary.pkl.
  ///
  /// All three are written and flushed to disk under temporary names first, and then renamed, the archive last.
  /// So what can fail leaves the old files; a crash between two renames, within a few milliseconds, can leave new
  /// options with old weights.
  /// - Throws: `KirosModelError.cannotHold` for a model that the original's code cannot compute, and when a file
  ///   cannot be written.
  public static func write(_ model: EmbeddingModel, to path: String) throws {
    if let obstacle = obstacle(to: model) { throw KirosModelError.cannotHold(path: path, what: obstacle) }
    let pickles = try KirosPickles.toWrite(for: model, path: path)
    let files = KirosFiles(archive: path)
    let parameters = model.network.parameters
    let arrays = KirosArray.all(of: model.configuration).map { ($0.name, $0.array(of: parameters)) }

    let options = try ReplacingFile(path: files.options)
    try options.write(pickles.options)
    let dictionary = try ReplacingFile(path: files.dictionary)
    try dictionary.write(pickles.dictionary)
    let weights = try ReplacingFile(path: files.weights)
    try NumpyArchive.write(arrays, into: weights)
    let written = [options, dictionary, weights]
    for file in written { try file.flush() }
    for file in written { try file.commit() }
  }

  /// What keeps a model from being written as the original's, if anything does.
  static func obstacle(to model: EmbeddingModel) -> String? {
    let configuration = model.configuration
    if configuration.encoder == .lstm { return "its encoder is an LSTM, and the original has gru and bow" }
    if configuration.hiddenBias { return "its GRU has a hidden bias, and the original's has none" }
    if configuration.bidirectional { return "it reads captions in both directions, and the original in one" }
    if configuration.layers > 1 {
      return "it has \(configuration.layers) recurrent layers, and the original one"
    }
    if configuration.pooling != .last {
      return
        "it pools the \(configuration.pooling.rawValue) over the words, and the original takes the last state"
    }
    if configuration.imageHidden > 0 {
      return "its images pass a hidden layer, and the original's are projected straight"
    }
    if configuration.normalizeImages {
      return "its images were normalised in training, and the original's are not"
    }
    if model.vocabulary.scheme != .kiros {
      return "its special tokens are not the original's, 0 at the end of a caption and 1 for unknown words"
    }
    return nil
  }
}
