internal import DataFormats
internal import Tensors

/// A checkpoint of VSE++'s training: the states of its image and its sentence encoder, and its options.
struct VSEPPCheckpoint {
  /// Tensors by name.
  typealias State = [String: StridedArray]

  let path: String
  let options: VSEPPOptions
  /// Whether the network of the images is inside, so that features of it are what the model takes.
  let hasNetwork: Bool
  private let images: State
  private let sentences: State

  /// The tensors that the encoders have; a GRU's gates stand in the order r | z | n, a block of rows each.
  private enum Name {
    static let wordEmbedding = "embed.weight"
    static let inputWeights = "rnn.weight_ih_l0"
    static let recurrentWeights = "rnn.weight_hh_l0"
    static let inputBias = "rnn.bias_ih_l0"
    static let recurrentBias = "rnn.bias_hh_l0"
    static let projectionWeights = "fc.weight"
    static let projectionBias = "fc.bias"
    static let network = "cnn."
  }

  /// Reads the checkpoint at `path` and checks everything but the numbers.
  init(path: String) throws {
    let value = try PyTorchFile.read(path: path)
    guard let states = value["model"]?.elements, states.count == 2 else {
      throw VSEPPError.notACheckpoint(path: path, lacks: "no list of two states under 'model'")
    }
    guard let options = value["opt"] else {
      throw VSEPPError.notACheckpoint(path: path, lacks: "no options under 'opt'")
    }
    self.path = path
    self.options = try VSEPPOptions(options, path: path)
    let images = try Self.state(states[0], path: path)
    hasNetwork = images.keys.contains { $0.hasPrefix(Name.network) }
    self.images = images.filter { !$0.key.hasPrefix(Name.network) }
    sentences = try Self.state(states[1], path: path)
    try checkShapes()
  }

  /// A state's tensors by name, without the prefix that PyTorch's DataParallel gives them.
  private static func state(_ value: PickleValue, path: String) throws(VSEPPError) -> State {
    var state: State = [:]
    for entry in value.entries ?? [] {
      guard let name = entry.key.string, case .tensor(let tensor) = entry.value else {
        throw .notACheckpoint(path: path, lacks: "its states hold other things than tensors")
      }
      state[name] = tensor.array
    }
    let prefix = "module."
    guard !state.isEmpty, state.keys.allSatisfy({ $0.hasPrefix(prefix) }) else { return state }
    return Dictionary(
      state.map { (String($0.key.dropFirst(prefix.count)), $0.value) },
      uniquingKeysWith: { first, _ in first })
  }

  /// How a model of these tensors is built.
  var configuration: ModelConfiguration {
    ModelConfiguration(
      encoder: .gru, hiddenBias: true, dim: options.dim, wordDim: options.wordDim,
      imageDim: images[Name.projectionWeights]?.shape.last ?? 0,
      vocabularySize: sentences[Name.wordEmbedding]?.shape.first ?? 0,
      normalizeImages: options.normalizesImages)
  }

  private func checkShapes() throws(VSEPPError) {
    let model = configuration
    let (dim, words) = (model.dim, model.wordDim)
    try check(
      sentences,
      [
        Name.wordEmbedding: [model.vocabularySize, words], Name.inputWeights: [3 * dim, words],
        Name.recurrentWeights: [3 * dim, dim], Name.inputBias: [3 * dim], Name.recurrentBias: [3 * dim],
      ])
    try check(images, [Name.projectionWeights: [dim, model.imageDim], Name.projectionBias: [dim]])
    guard (1...ModelFile.sizeLimit).contains(model.imageDim),
      (Int(TokenScheme.vsepp.firstWord)...ModelFile.sizeLimit).contains(model.vocabularySize)
    else {
      throw .unsupported(
        path: path, what: "it has \(model.vocabularySize) words and \(model.imageDim) features")
    }
  }

  /// Throws unless a state has tensors of float32 in just these shapes.
  private func check(_ state: State, _ shapes: [String: [Int]]) throws(VSEPPError) {
    for (name, shape) in shapes.sorted(by: { $0.key < $1.key }) {
      guard let tensor = state[name] else { throw .missingTensor(path: path, name: name) }
      guard tensor.shape == shape else {
        throw .wrongShape(path: path, name: name, found: tensor.shape, expected: shape)
      }
      guard tensor.elementType == .float32 else {
        throw .wrongElementType(path: path, name: name, found: tensor.elementType.rawValue)
      }
    }
    if let other = state.keys.filter({ shapes[$0] == nil }).min() {
      throw .unknownTensor(path: path, name: other)
    }
  }
}

extension VSEPPCheckpoint {
  /// The model with the words of a vocabulary file.
  ///
  /// PyTorch's GRU is h′ = (1 − z) ⊙ n + z ⊙ h with n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn)): its z is our
  /// u, and of its two biases those of r and z matter by their sum only.
  func model(vocabularyFile: String, precision: Precision = .float32) throws -> EmbeddingModel {
    let words = try VSEPPVocabulary(path: vocabularyFile).words
    let vocabulary = try Vocabulary(words, path: vocabularyFile, scheme: .vsepp)
    guard vocabulary.embeddingRows == configuration.vocabularySize else {
      throw VSEPPError.vocabularyDoesNotFit(
        checkpoint: path, rows: configuration.vocabularySize, vocabulary: vocabularyFile,
        words: vocabulary.embeddingRows)
    }
    let network = EmbeddingNetwork(configuration: configuration, precision: precision)
    try fill(network.parameters)
    network.parametersChanged()
    return EmbeddingModel(network: network, vocabulary: vocabulary, originalOptions: options.values)
  }

  private func fill(_ parameters: ParameterSet) throws {
    func parameter(_ name: String) -> Matrix {
      guard let matrix = parameters[name] else { preconditionFailure("a model has \(name)") }
      return matrix
    }
    let dim = options.dim
    // Rows r | z are our columns r | u, rows n the candidate's.
    let (gates, candidate) = (0..<2 * dim, 2 * dim..<3 * dim)
    parameter("word_embedding").assign(try matrix(Name.wordEmbedding, of: sentences))
    parameter("gru.input_weights").assign(transposed: try matrix(Name.inputWeights, of: sentences))
    let recurrent = try matrix(Name.recurrentWeights, of: sentences)
    parameter("gru.recurrent_weights").columns(0..<dim).assign(transposed: recurrent.rows(candidate))
    parameter("gru.recurrent_weights").columns(dim..<3 * dim).assign(transposed: recurrent.rows(gates))
    let recurrentBias = try matrix(Name.recurrentBias, of: sentences)
    let bias = parameter("gru.bias")
    bias.assign(try matrix(Name.inputBias, of: sentences))
    bias.columns(gates).addToRows(recurrentBias.columns(gates))
    guard bias.isFinite else { throw VSEPPError.notFinite(path: path, name: Name.recurrentBias) }
    parameter("gru.hidden_bias").assign(recurrentBias.columns(candidate))
    parameter("image_projection.weights").assign(transposed: try matrix(Name.projectionWeights, of: images))
    parameter("image_projection.bias").assign(try matrix(Name.projectionBias, of: images))
  }

  /// A tensor as a matrix; one of one dimension as a row.
  private func matrix(_ name: String, of state: State) throws -> Matrix {
    guard let tensor = state[name] else { throw VSEPPError.missingTensor(path: path, name: name) }
    let columns = tensor.shape.last ?? 1
    let matrix = Matrix(rows: tensor.layout.elementCount / max(columns, 1), columns: columns)
    tensor.contiguous().withUnsafeBytes { matrix.assign(float32: $0) }
    guard matrix.isFinite else { throw VSEPPError.notFinite(path: path, name: name) }
    return matrix
  }
}
