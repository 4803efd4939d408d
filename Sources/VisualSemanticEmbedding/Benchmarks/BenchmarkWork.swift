package import Tensors

/// A piece of work to be timed, always the same for the same arguments.
package struct BenchmarkWork {
  /// Items that one call handles: captions, photos, or products.
  package let items: Int
  /// Floating-point operations of one call, counted from the formulas: as if no word of a minibatch repeated,
  /// products only.
  package let operations: Double
  /// The number format of the products, which may differ from what was asked for.
  package let precision: Precision
  /// How often to call it before measuring, and then measured.
  package let warmups: Int
  package let steps: Int
  /// Does the work once.
  package let run: () -> Void

  package init(
    items: Int, operations: Double, precision: Precision, warmups: Int, steps: Int, run: @escaping () -> Void
  ) {
    self.items = items
    self.operations = operations
    self.precision = precision
    self.warmups = warmups
    self.steps = steps
    self.run = run
  }
}

/// The sizes that Benchmarks/peers has too.
private enum Size {
  static let (dim, wordDim, imageDim, vocabulary, batch) = (1024, 300, 4096, 8500, 128)
  static let configuration = ModelConfiguration(
    encoder: .gru, dim: dim, wordDim: wordDim, imageDim: imageDim, vocabularySize: vocabulary)

  /// Operations of a GRU over so many tokens, forward.
  static func recurrent(tokens: Int) -> Double {
    2 * Double(tokens) * Double(wordDim + dim) * Double(3 * dim)
  }
}

extension BenchmarkWork {
  private static func network(
    _ precision: Precision, configuration: ModelConfiguration = Size.configuration
  ) -> EmbeddingNetwork {
    let network = EmbeddingNetwork(configuration: configuration, precision: precision)
    var generator = SeededRandomNumberGenerator(seed: 1)
    network.initialize(using: &generator)
    return network
  }

  /// Random rows of unit norm.
  private static func unitRows(_ rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var generator = SeededRandomNumberGenerator(seed: seed)
    let matrix = Matrix(rows: rows, columns: columns)
    matrix.fillUniform(bound: 1, using: &generator)
    matrix.normalizeRows()
    return matrix
  }

  /// A training step: GRU 1024, words 300, images 4096, batch 128, vocabulary 8,500, sum of hinges, clipping at
  /// 2, Adam; words drawn anew for each step.
  package static func trainStep(precision: Precision, time: Int, tokens: TokenDistribution) -> BenchmarkWork {
    update(Size.configuration, TrainingNoise(), precision: precision, time: time, tokens: tokens)
  }

  /// The same with a GRU of 1024 in each direction, their mean over time, and 0.3 of all elements of word vectors,
  /// features and pooled states dropped.
  package static func bidirectionalStep(
    precision: Precision, time: Int, tokens: TokenDistribution
  ) -> BenchmarkWork {
    var configuration = Size.configuration
    configuration.bidirectional = true
    configuration.pooling = .mean
    return update(
      configuration, TrainingNoise(words: 0.3, output: 0.3, features: 0.3), precision: precision, time: time,
      tokens: tokens)
  }

  private static func update(
    _ configuration: ModelConfiguration, _ noise: TrainingNoise, precision: Precision, time: Int,
    tokens: TokenDistribution
  ) -> BenchmarkWork {
    let network = network(precision, configuration: configuration)
    let step = TrainingStep(
      network: network,
      optimizer: AdamOptimizer(layout: network.parameters.layout, form: .kiros, clip: 2, weightDecay: 0),
      objective: .hinges(margin: 0.2), noise: noise)
    let features = unitRows(Size.batch, columns: Size.imageDim, seed: 2)
    var words = BenchmarkTokens(tokens, vocabulary: Size.vocabulary, seed: 3)
    var generator = SeededRandomNumberGenerator(seed: 4)
    // Forward, and twice that backward; the projection of the images needs no gradient of its input.
    let projection = 2 * Double(Size.batch * Size.imageDim * Size.dim)
    let scores = 2 * Double(Size.batch * Size.batch * Size.dim)
    return BenchmarkWork(
      items: Size.batch,
      operations: 3 * (configuration.bidirectional ? 2 : 1) * Size.recurrent(tokens: Size.batch * time)
        + 2 * projection + 3 * scores,
      precision: precision, warmups: 3, steps: 20
    ) {
      let batch = words.batch(captions: Size.batch, time: time)
      let report = step.update(
        Minibatch(features: features, tokens: batch), terms: .all, rate: 0.0002, generator: &generator)
      precondition(report.gradientNorm.isFinite, "the benchmark's loss is not finite")
    }
  }

  /// Sentence vectors of 20 minibatches of 128 captions, whose lengths are the quantiles 2.5 %, 7.5 %, … of
  /// Flickr8k's captions, the end of the sentence counted.
  package static func embedSentences(precision: Precision, tokens: TokenDistribution) -> BenchmarkWork {
    let lengths = [7, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15, 16, 17, 19, 22]
    let network = network(precision)
    var words = BenchmarkTokens(tokens, vocabulary: Size.vocabulary, seed: 3)
    let batches = lengths.map { words.batch(captions: Size.batch, time: $0) }
    return BenchmarkWork(
      items: Size.batch * lengths.count,
      operations: Size.recurrent(tokens: Size.batch * lengths.reduce(0, +)), precision: precision, warmups: 1,
      steps: 5
    ) {
      for batch in batches { _ = network.sentenceVectors(batch) }
    }
  }

  /// The vector of one sentence of 12 tokens, as a query needs it: bound by reading U at each step.
  package static func sentence(precision: Precision) -> BenchmarkWork {
    let network = network(precision)
    var words = BenchmarkTokens(.uniform, vocabulary: Size.vocabulary, seed: 3)
    let sentence = words.batch(captions: 1, time: 12)
    return BenchmarkWork(
      items: 1, operations: Size.recurrent(tokens: 12), precision: precision, warmups: 10, steps: 200
    ) {
      _ = network.sentenceVectors(sentence)
    }
  }

  /// Ranks of 5,000 images and 25,000 captions of 1024 numbers, both ways; always in Float32.
  package static func evaluate() -> BenchmarkWork {
    let (images, captionsPerImage) = (5000, 5)
    let captions = images * captionsPerImage
    let imageVectors = unitRows(images, columns: Size.dim, seed: 1)
    let captionVectors = unitRows(captions, columns: Size.dim, seed: 2)
    let imageOfCaption = (0..<captions).map { $0 / captionsPerImage }
    return BenchmarkWork(
      items: captions, operations: 2 * Double(images * captions * Size.dim), precision: .float32, warmups: 1,
      steps: 3
    ) {
      let ranks = try? CrossModalRanks(
        images: imageVectors, captions: captionVectors, imageOfCaption: imageOfCaption)
      precondition(ranks?.search.count == captions, "finite vectors can be ranked")
    }
  }

  /// A product of two matrices [2048, 2048], the right one packed: what the machine reaches at most.
  package static func product(precision: Precision) -> BenchmarkWork {
    let size = 2048
    var generator = SeededRandomNumberGenerator(seed: 1)
    let numbers = Matrix(rows: size, columns: size)
    let factors = (0..<2).map { _ in
      numbers.fillUniform(bound: 1, using: &generator)
      let factor = Operand(rows: size, columns: size, precision: precision)
      factor.assign(numbers)
      return factor
    }
    let packed = PackedOperand()
    packed.pack(
      factors[1], transposing: false, leftRows: size, leftStride: size, resultStride: size,
      accumulating: false)
    let result = Matrix(rows: size, columns: size)
    return BenchmarkWork(
      items: 1, operations: 2 * Double(size * size * size), precision: precision, warmups: 3, steps: 20
    ) {
      packed.multiply(factors[0], into: result)
    }
  }
}
