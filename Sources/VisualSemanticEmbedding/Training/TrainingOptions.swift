public import Tensors

/// Everything that decides the outcome of training on given data; kept in the model.
public struct TrainingOptions: Codable, Sendable, Equatable {
  /// Where the vocabulary comes from.
  public enum VocabularySource: String, Codable, Sendable {
    /// The captions of the train split.
    case train
    /// Train and development captions, as the original does.
    case trainAndDev = "train+dev"
    /// A file of words, or the model that training starts from.
    case given
  }

  /// How the captions of a minibatch are chosen.
  public enum Batching: String, Codable, Sendable, CaseIterable {
    /// Captions of one length, as the original does: the fastest. A caption meets negatives of its length only.
    case equalLength = "equal-length"
    /// Captions of any lengths, encoded length by length under one loss.
    case mixed
  }

  /// How the rate falls.
  public enum RateSchedule: String, Codable, Sendable, CaseIterable {
    /// It stays as it is.
    case constant
    /// ÷ 10 after each so many epochs.
    case step
    /// Half a cosine, to 0 at the end (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts).
    case cosine
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
  /// What is minimised; of `.max`, in the end.
  public var loss = RankingLoss.sum
  /// Whether captions of one image are not each other's negatives.
  public var excludesSameImage = false
  /// The scale of the scores that a loss which learns it starts from; nil for what its paper has.
  public var initialScale: Float?
  /// The bias of the scores that the sigmoid loss starts from.
  public var initialBias: Float = -10
  /// With `loss` `.max`: over so many epochs the number of counted negatives falls from all to the hardest.
  public var hardNegativeWarmup = 8.0
  /// Whether image vectors have unit norm in training too.
  public var normalizeImages = false
  /// The form of Adam.
  public var adam = AdamForm.kiros
  /// The rate before it falls, and after the warm-up.
  public var learningRate: Float = 0.0002
  /// How the rate falls.
  public var rateSchedule = RateSchedule.constant
  /// With `rateSchedule` `.step`: after each so many epochs.
  public var learningRateDecay = 0
  /// Over so many epochs, which need not be whole, the rate rises linearly from 0.
  public var warmup = 0.0
  /// The decay of the average of the weights that is scored and kept (θ̄ ← d · θ̄ + (1 − d) · θ); 0 for none.
  public var averageDecay: Float = 0
  /// How the captions of a minibatch are chosen.
  public var batching = Batching.equalLength
  /// B, captions of a minibatch.
  public var batchSize = 128
  /// Tokens of a minibatch, in place of `batchSize`; 0 for none.
  public var batchTokens = 0
  /// Captions that are encoded at a time, with the activations of so many in memory; 0 for all of one length.
  public var chunkSize = 0
  /// Training ends after so many scorings in a row without a better one; 0 for never.
  public var patience = 0
  /// How often each caption is seen.
  public var epochs = 15
  /// Bound on the joint L2 norm of all gradients; 0 for none.
  public var gradientClip: Float = 2
  /// λ of the cost's λ · Σθ²; with `adam` `.decoupled`, of θ ← θ − rate · λ · θ.
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
  /// Whether the vectors that came from the file stay as they are; AdamW then decays no word vector.
  public var freezesWordVectors = false

  /// The original's settings with words of the train split alone; the best we know are `Recipe.best.options`.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case recipe, encoder, peepholes
    case hiddenBias = "hidden_bias"
    case dim
    case wordDim = "word_dim"
    case margin, loss
    case excludesSameImage = "exclude_same_image"
    case initialScale = "initial_scale"
    case initialBias = "initial_bias"
    case hardNegativeWarmup = "hard_negative_warmup"
    case normalizeImages = "normalize_images"
    case adam
    case learningRate = "learning_rate"
    case rateSchedule = "rate_schedule"
    case learningRateDecay = "learning_rate_decay"
    case warmup
    case averageDecay = "ema"
    case batching
    case batchSize = "batch_size"
    case batchTokens = "batch_tokens"
    case chunkSize = "chunk_size"
    case patience
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
