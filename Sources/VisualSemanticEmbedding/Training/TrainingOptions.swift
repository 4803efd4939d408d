public import Tensors

/// Everything that decides the outcome of training on given data; kept in the model.
public struct TrainingOptions: Codable, Sendable, Equatable {
  /// Where the vocabulary comes from.
  public enum VocabularySource: String, Codable, Sendable {
    case train
    /// Train and development captions, as the original does.
    case trainAndDev = "train+dev"
    /// A file of words, or the model that training starts from.
    case given
  }

  /// The set of defaults that these options started from.
  public var recipe: Recipe?
  /// The sentence encoder.
  public var encoder = ModelConfiguration.Encoder.gru
  /// Whether the gates of an LSTM see its cell.
  public var peepholes = false
  /// Whether a GRU has a bias inside the reset gate, b_h.
  public var hiddenBias = false
  /// D, the size of the joint space.
  public var dim = 1024
  /// E, the size of a word vector.
  public var wordDim = 300
  /// α of the ranking loss.
  public var margin: Float = 0.2
  /// Which contrastive terms count in the end.
  public var loss = RankingLoss.sum
  /// With `loss` `.max`: over so many epochs the number of counted negatives falls from all to the hardest.
  public var hardNegativeWarmup = 8.0
  /// Whether image vectors have unit norm in training too.
  public var normalizeImages = false
  /// The form of Adam's bias correction.
  public var adam = AdamForm.kiros
  /// The rate of the first epoch.
  public var learningRate: Float = 0.0002
  /// The rate is divided by 10 after each so many epochs; 0 keeps it.
  public var learningRateDecay = 0
  /// B, captions of a minibatch.
  public var batchSize = 128
  /// How often each caption is seen.
  public var epochs = 15
  /// Bound on the joint L2 norm of all gradients; 0 for none.
  public var gradientClip: Float = 2
  /// λ of the cost's λ · Σθ².
  public var weightDecay: Float = 0
  /// Captions of so many words or more are left out; nil leaves out none.
  public var maximumLength: Int? = 100
  /// Words seen less often in the vocabulary's captions are unknown.
  public var minimumCount = 1
  /// Where the words come from.
  public var vocabularySource = VocabularySource.train
  /// Special tokens, and how a caption is wrapped in them.
  public var tokenScheme = TokenScheme.kiros
  /// Whether the last words of the vocabulary, as many as there are special tokens, read as unknown: the
  /// original counts rows of the word embedding by words alone.
  public var rarestWordsAreUnknown = false
  /// The development set is scored every so many updates,
  public var validateEvery = 100
  /// and at the end of each epoch where this is on.
  public var validatesEachEpoch = false
  /// Decides everything random: initial parameters and the order of minibatches.
  public var seed: UInt64 = 1234
  /// The number format of products.
  public var precision = Precision.float32
  /// Whether captions are read from both ends.
  public var bidirectional = false
  /// Recurrent layers on top of each other.
  public var layers = 1
  /// How the states of a recurrent encoder become one vector.
  public var pooling = ModelConfiguration.Pooling.last
  /// The probability that a word becomes the unknown word.
  public var wordDropout: Float = 0
  /// That an element of a word vector is dropped, of all occurrences of the word in a minibatch.
  public var dropoutWords: Float = 0
  /// That an element of a state is dropped on its way to the layer above.
  public var dropoutLayers: Float = 0
  /// That an element of a sentence's pooled states is dropped, before they are scaled to unit norm.
  public var dropoutOutput: Float = 0
  /// That an image feature is dropped.
  public var dropoutFeatures: Float = 0
  /// The standard deviation of normal noise on features, in units of the root mean square of an image's.
  public var featureNoise: Float = 0
  /// H, the size of the hidden layer beside the projection of images; 0 for none.
  public var imageHidden = 0
  /// Rows of features of an image that follow each other, those of its crops.
  public var crops = 1
  /// Whether an update sees one crop of an image, drawn at random, in place of the mean of all.
  public var samplesCrops = false
  /// The name of the file that word vectors came from, without its folder; settled when a run starts.
  public var wordVectors: String?
  /// Whether the vectors that came from the file stay as they are.
  public var freezesWordVectors = false

  /// The best settings measured so far.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case recipe, encoder, peepholes
    case hiddenBias = "hidden_bias"
    case dim
    case wordDim = "word_dim"
    case margin, loss
    case hardNegativeWarmup = "hard_negative_warmup"
    case normalizeImages = "normalize_images"
    case adam
    case learningRate = "learning_rate"
    case learningRateDecay = "learning_rate_decay"
    case batchSize = "batch_size"
    case epochs
    case gradientClip = "grad_clip"
    case weightDecay = "weight_decay"
    case maximumLength = "max_length"
    case minimumCount = "min_count"
    case vocabularySource = "vocabulary_from"
    case tokenScheme = "token_scheme"
    case rarestWordsAreUnknown = "rarest_words_are_unknown"
    case validateEvery = "validate_every"
    case validatesEachEpoch = "validates_each_epoch"
    case seed, precision
    case bidirectional, layers, pooling
    case wordDropout = "word_dropout"
    case dropoutWords = "dropout_words"
    case dropoutLayers = "dropout_layers"
    case dropoutOutput = "dropout_output"
    case dropoutFeatures = "dropout_features"
    case featureNoise = "feature_noise"
    case imageHidden = "image_hidden"
    case crops
    case samplesCrops = "sample_crops"
    case wordVectors = "word_vectors"
    case freezesWordVectors = "freeze_word_vectors"
  }
}

/// Published sets of options.
public enum Recipe: String, Codable, Sendable, CaseIterable {
  /// ryankiros/visual-semantic-embedding's train.py in every detail.
  case kiros
  /// VSE++ (Faghri et al. 2018) with a gated recurrent unit, and a schedule of its own.
  ///
  /// With the published schedule (the hardest negatives from the start, 30 epochs, the rate ÷ 10 after 15) the
  /// loss collapses on Flickr8k; with a warm-up alone it overfits before the rate falls. See
  /// Benchmarks/RESULTS.md.
  case vsepp = "vse++"

  /// The options of the recipe.
  public var options: TrainingOptions {
    var options = TrainingOptions()
    options.recipe = self
    switch self {
    case .kiros:
      options.vocabularySource = .trainAndDev
      options.rarestWordsAreUnknown = true
    case .vsepp:
      options.hiddenBias = true
      options.loss = .max
      options.hardNegativeWarmup = 12
      options.normalizeImages = true
      options.adam = .standard
      options.learningRateDecay = 8
      options.epochs = 12
      options.maximumLength = nil
      options.minimumCount = 4
      options.tokenScheme = .vsepp
      options.validateEvery = 500
      options.validatesEachEpoch = true
    }
    return options
  }
}
