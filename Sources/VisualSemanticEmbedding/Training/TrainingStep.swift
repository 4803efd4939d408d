package import Tensors

/// What one update saw.
package struct StepReport: Sendable {
  /// The loss of the minibatch.
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
  package let objective: TrainingObjective
  /// What is dropped and disturbed in each update.
  package let noise: TrainingNoise
  /// Whether the vector of each token stays as it is; empty where none does.
  package let frozenWords: [Bool]
  private let sentences: SentenceParts
  private let imageMemory = ImageProjection.Memory()
  private let scores = ScratchMatrix()
  private let scoreGradient = ScratchMatrix()
  private let sentenceGradient = ScratchMatrix()
  private let imageGradient = ScratchMatrix()

  /// - Parameter recomputes: whether of a minibatch in parts the activations of one part alone are kept, for
  ///   which its forward pass is run twice; see `SentenceParts`.
  package init(
    network: EmbeddingNetwork, optimizer: AdamOptimizer, objective: TrainingObjective,
    noise: TrainingNoise = TrainingNoise(), frozenWords: [Bool] = [], recomputes: Bool = false
  ) {
    precondition(frozenWords.isEmpty || frozenWords.count == network.configuration.vocabularySize)
    self.network = network
    self.gradients = ParameterSet(layout: network.parameters.layout)
    self.optimizer = optimizer
    self.objective = objective
    self.noise = noise
    self.frozenWords = frozenWords
    sentences = SentenceParts(network: network, noise: noise, recomputes: recomputes)
  }

  /// The loss of a minibatch, and its gradients, in `gradients`.
  ///
  /// - Parameter generator: of what is dropped and disturbed: of the sentences, part by part, then of the images;
  ///   untouched where nothing is.
  package func loss(
    _ minibatch: Minibatch, terms: ContrastiveTerms, generator: inout SeededRandomNumberGenerator
  ) -> Double {
    let parameters = network.parameters
    let normalizing = network.configuration.normalizeImages
    let features = minibatch.features
    let (batch, dim) = (features.rows, network.configuration.dim)
    precondition(batch > 0, "a minibatch has pairs")
    let sentenceVectors = sentences.forward(minibatch, generator: &generator)
    let images = network.images.forward(
      features, normalizing: normalizing, parameters: parameters, memory: imageMemory,
      masks: noise.drawImageMasks(using: &generator))

    let scores = scores.matrix(rows: batch, columns: batch)
    let scoreGradient = scoreGradient.matrix(rows: batch, columns: batch)
    multiply(images, by: sentenceVectors, transposingRight: true, into: scores)
    let cost = objective.cost(
      scores: scores, images: minibatch.images, terms: terms, parameters: parameters, gradients: gradients,
      scoreGradient: scoreGradient)

    let imageGradient = imageGradient.matrix(rows: batch, columns: dim)
    let sentenceGradient = sentenceGradient.matrix(rows: batch, columns: dim)
    multiply(scoreGradient, by: sentenceVectors, into: imageGradient)
    multiply(scoreGradient, transposingLeft: true, by: images, into: sentenceGradient)
    network.images.backward(
      vectorGradient: imageGradient, vectors: images, normalizing: normalizing, parameters: parameters,
      gradients: gradients, memory: imageMemory)
    sentences.backward(
      minibatch, vectors: sentenceVectors, vectorGradient: sentenceGradient, gradients: gradients)
    if !frozenWords.isEmpty { clearWordGradients(minibatch) { frozenWords[Int($0)] } }
    return cost
  }

  /// One update. Nothing is changed when the loss is not finite.
  package func update(
    _ minibatch: Minibatch, terms: ContrastiveTerms, rate: Float,
    generator: inout SeededRandomNumberGenerator
  ) -> StepReport {
    let cost = loss(minibatch, terms: terms, generator: &generator)
    // The word embedding's gradient is zero between updates.
    defer { clearWordGradients(minibatch) { _ in true } }
    let decay = Double(optimizer.costDecay)
    let regularization = decay == 0 ? 0 : decay * network.parameters.sumOfSquares
    guard (cost + regularization).isFinite else {
      return StepReport(cost: cost, regularization: regularization, gradientNorm: .nan)
    }
    let norm = optimizer.update(network.parameters, gradients: gradients, rate: rate)
    objective.bound(network.parameters)
    return StepReport(cost: cost, regularization: regularization, gradientNorm: norm)
  }

  /// Clears the word embedding's gradient at some of a minibatch's words.
  private func clearWordGradients(_ minibatch: Minibatch, where isCleared: (Int32) -> Bool) {
    for part in minibatch.captions {
      gradients[network.sentences.wordEmbedding].clearRows(at: part.distinct.filter(isCleared))
    }
  }
}

extension ParameterSet {
  /// Σθ².
  var sumOfSquares: Double {
    let norm = AdamKernel.gradientNorm(gradients: everything, parameters: everything, decay: 0)
    return norm * norm
  }
}
