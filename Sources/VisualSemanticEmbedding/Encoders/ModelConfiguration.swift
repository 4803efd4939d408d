/// How a model is built: what must be known to read its weights and to encode with it.
public struct ModelConfiguration: Codable, Sendable, Equatable {
  /// The sentence encoder.
  public enum Encoder: String, Codable, Sendable, CaseIterable {
    /// A gated recurrent unit with linear-before-reset (Kiros et al. 2014).
    case gru
    /// A long short-term memory (the encoder of the paper).
    case lstm
    /// The sum of the word vectors.
    case bow
  }

  /// How the states of a recurrent encoder become one vector; of two directions, their mean is pooled.
  public enum Pooling: String, Codable, Sendable, CaseIterable {
    /// The state after the last token that a direction reads.
    case last
    /// The mean over all tokens.
    case mean
    /// The largest number over all tokens, for each dimension by itself.
    case max
    /// Σₖ θₖ · (the k-th largest number over all tokens), for each dimension by itself, with learned θ: VSE∞'s
    /// generalised pooling (Chen et al. 2021, arXiv:2011.15037), of which mean and max are special cases.
    case generalized
  }

  /// The sentence encoder.
  public var encoder: Encoder
  /// Whether the gates of an LSTM see the cell.
  public var peepholes: Bool
  /// Whether a GRU's candidate has a bias inside the reset gate, b_h (PyTorch's and so VSE++'s GRU).
  public var hiddenBias: Bool
  /// D, the size of the joint space.
  public var dim: Int
  /// E, the size of a word vector; D for a bag of words.
  public var wordDim: Int
  /// I, the size of an image feature.
  public var imageDim: Int
  /// Rows of the word embedding: every token is below it.
  public var vocabularySize: Int
  /// Whether image vectors were scaled to unit norm in training too (they always are when encoding).
  public var normalizeImages: Bool
  /// Whether a second set of weights of size D reads a caption from its end; false for a bag of words.
  public var bidirectional: Bool
  /// Recurrent layers on top of each other; 1 for a bag of words.
  public var layers: Int
  /// How states become a vector; `.last` for a bag of words, which has none.
  public var pooling: Pooling
  /// H, the size of the hidden layer beside the projection of images; 0 where there is none.
  public var imageHidden: Int

  /// The largest number of layers.
  static let maximumLayers = 64

  enum CodingKeys: String, CodingKey {
    case encoder, peepholes
    case hiddenBias = "hidden_bias"
    case dim
    case wordDim = "word_dim"
    case imageDim = "image_dim"
    case vocabularySize = "vocabulary_size"
    case normalizeImages = "normalize_images"
    case bidirectional, layers, pooling
    case imageHidden = "image_hidden"
  }

  /// A configuration; a bag of words takes `dim` for `wordDim`.
  public init(
    encoder: Encoder = .gru, peepholes: Bool = false, hiddenBias: Bool = false, dim: Int = 1024,
    wordDim: Int = 300, imageDim: Int, vocabularySize: Int, normalizeImages: Bool = false,
    bidirectional: Bool = false, layers: Int = 1, pooling: Pooling = .last, imageHidden: Int = 0
  ) {
    self.encoder = encoder
    self.peepholes = peepholes
    self.hiddenBias = hiddenBias
    self.dim = dim
    self.wordDim = encoder == .bow ? dim : wordDim
    self.imageDim = imageDim
    self.vocabularySize = vocabularySize
    self.normalizeImages = normalizeImages
    self.bidirectional = bidirectional
    self.layers = layers
    self.pooling = pooling
    self.imageHidden = imageHidden
  }
}

extension ModelConfiguration {
  /// Reads a configuration; what the file's version of the program did not have yet is as it was then.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    encoder = try values.decode(Encoder.self, forKey: .encoder)
    peepholes = try values.decode(Bool.self, forKey: .peepholes)
    hiddenBias = try values.decode(Bool.self, forKey: .hiddenBias)
    dim = try values.decode(Int.self, forKey: .dim)
    wordDim = try values.decode(Int.self, forKey: .wordDim)
    imageDim = try values.decode(Int.self, forKey: .imageDim)
    vocabularySize = try values.decode(Int.self, forKey: .vocabularySize)
    normalizeImages = try values.decode(Bool.self, forKey: .normalizeImages)
    bidirectional = try values.decodeIfPresent(Bool.self, forKey: .bidirectional) ?? false
    layers = try values.decodeIfPresent(Int.self, forKey: .layers) ?? 1
    pooling = try values.decodeIfPresent(Pooling.self, forKey: .pooling) ?? .last
    imageHidden = try values.decodeIfPresent(Int.self, forKey: .imageHidden) ?? 0
  }

  /// Whether there can be such a model, and no product of its sizes overflows.
  package var isPossible: Bool {
    let largest = 1 << 28
    let sizes = [dim, wordDim, imageDim, vocabularySize]
    guard sizes.allSatisfy({ (1...largest).contains($0) }), (0...largest).contains(imageHidden),
      (1...Self.maximumLayers).contains(layers), layers * dim <= largest
    else { return false }
    return encoder != .bow || wordDim == dim && !bidirectional && layers == 1 && pooling == .last
  }
}
