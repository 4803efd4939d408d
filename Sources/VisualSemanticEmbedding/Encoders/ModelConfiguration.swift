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

  enum CodingKeys: String, CodingKey {
    case encoder, peepholes
    case hiddenBias = "hidden_bias"
    case dim
    case wordDim = "word_dim"
    case imageDim = "image_dim"
    case vocabularySize = "vocabulary_size"
    case normalizeImages = "normalize_images"
  }

  /// A configuration; a bag of words takes `dim` for `wordDim`.
  public init(
    encoder: Encoder = .gru, peepholes: Bool = false, hiddenBias: Bool = false, dim: Int = 1024,
    wordDim: Int = 300, imageDim: Int, vocabularySize: Int, normalizeImages: Bool = false
  ) {
    self.encoder = encoder
    self.peepholes = peepholes
    self.hiddenBias = hiddenBias
    self.dim = dim
    self.wordDim = encoder == .bow ? dim : wordDim
    self.imageDim = imageDim
    self.vocabularySize = vocabularySize
    self.normalizeImages = normalizeImages
  }
}
