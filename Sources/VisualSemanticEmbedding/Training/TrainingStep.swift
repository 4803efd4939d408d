package import Tensors

/// What one update saw.
package struct StepReport: Sendable {
  /// The ranking loss of the minibatch.
  package var cost: Double
  /// The part of the cost that the weight decay adds.
  package var regularization: Double
  /// The joint L2 norm of the gradients before clipping.
  package var gradientNorm: Double
}

/// Forward, loss, backward and update of one minibatch, with the memory that they need.
package final class TrainingStep {
  package let network: EmbeddingNetwork
  package let gradients: ParameterSet
  package let optimizer: AdamOptimizer
  package let margin: Float
  /// What is dropped and disturbed in each update.
  package let noise: TrainingNoise
  /// Whether the vector of each token stays as it is; empty where none does.
  package let frozenWords: [Bool]
  private let sentenceMemory = SentenceEncoder.Memory()
  private let imageMemory = ImageProjection.Memory()
  private let scores = ScratchMatrix()
  private let scoreGradient = ScratchMatrix()
  private let sentenceGradient = ScratchMatrix()
  private let imageGradient = ScratchMatrix()

  package init(
    network: EmbeddingNetwork, optimizer: AdamOptimizer, margin: Float,
    noise: TrainingNoise = TrainingNoise(),
    frozenWords: [Bool] = []
  ) {
    precondition(frozenWords.isEmpty || frozenWords.count == network.configuration.vocabularySize)
    self.network = network
    self.gradients = ParameterSet(layout: network.parameters.layout)
    self.optimizer = optimizer
    self.margin = margin
    self.noise = noise
    self.frozenWords = frozenWords
  }

  /// The loss of B images [B, I] and their captions, and its gradients, in `gradients`.
  /// - Parameter generator: of what is dropped and disturbed, of the sentences, then of the images; untouched where
  ///   nothing is.
  package func loss(
    features: Matrix, tokens: TokenBatch, terms: ContrastiveTerms,
    generator: inout SeededRandomNumberGenerator
  ) -> Double {
    let parameters = network.parameters
    let normalizing = network.configuration.normalizeImages
    let batch = tokens.batch
    let dim = network.configuration.dim
    precondition(features.rows == batch && batch > 0, "one image a caption")
    let sentences = network.sentences.forward(
      tokens, parameters: parameters, memory: sentenceMemory, keepsActivations: true,
      masks: noise.drawSentenceMasks(for: network.configuration, using: &generator))
    let images = network.images.forward(
      features, normalizing: normalizing, parameters: parameters, memory: imageMemory,
      masks: noise.drawImageMasks(using: &generator))

    let scores = scores.matrix(rows: batch, columns: batch)
    let scoreGradient = scoreGradient.matrix(rows: batch, columns: batch)
    multiply(images, by: sentences, transposingRight: true, into: scores)
    let cost = pairwiseRankingLoss(scores: scores, margin: margin, terms: terms, gradient: scoreGradient)

    let imageGradient = imageGradient.matrix(rows: batch, columns: dim)
    let sentenceGradient = sentenceGradient.matrix(rows: batch, columns: dim)
    multiply(scoreGradient, by: sentences, into: imageGradient)
    multiply(scoreGradient, transposingLeft: true, by: images, into: sentenceGradient)
    network.images.backward(
      vectorGradient: imageGradient, vectors: images, normalizing: normalizing,
      parameters: parameters, gradients: gradients, memory: imageMemory)
    network.sentences.backward(
      vectorGradient: sentenceGradient, vectors: sentences, tokens: tokens, parameters: parameters,
      gradients: gradients, memory: sentenceMemory)
    if !frozenWords.isEmpty {
      gradients[network.sentences.wordEmbedding].clearRows(
        at: tokens.distinct.filter { frozenWords[Int($0)] })
    }
    return cost
  }

  /// One update. Nothing is changed when the loss is not finite.
  package func update(
    features: Matrix, tokens: TokenBatch, terms: ContrastiveTerms, rate: Float,
    generator: inout SeededRandomNumberGenerator
  ) -> StepReport {
    let cost = loss(features: features, tokens: tokens, terms: terms, generator: &generator)
    defer { gradients[network.sentences.wordEmbedding].clearRows(at: tokens.distinct) }
    let decay = Double(optimizer.weightDecay)
    let regularization = decay == 0 ? 0 : decay * network.parameters.sumOfSquares
    guard (cost + regularization).isFinite else {
      return StepReport(cost: cost, regularization: regularization, gradientNorm: .nan)
    }
    let norm = optimizer.update(network.parameters, gradients: gradients, rate: rate)
    return StepReport(cost: cost, regularization: regularization, gradientNorm: norm)
  }
}

extension ParameterSet {
  /// Σθ².
  var sumOfSquares: Double {
    let norm = AdamKernel.gradientNorm(gradients: everything, parameters: everything, decay: 0)
    return norm * norm
  }
}
