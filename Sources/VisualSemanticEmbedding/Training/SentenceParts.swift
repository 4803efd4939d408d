internal import Tensors

/// Encodes the captions of a minibatch in parts, and brings the gradient of all their vectors back through them.
///
/// One loss over many parts is exact: a part's parameters see the other parts only through the gradient of its
/// own vectors (gradient caching, Gao et al. 2021, arXiv:2101.06983). So captions of several lengths meet in one
/// loss, and a minibatch may be larger than the memory for its activations: where `recomputes` is on, only the
/// activations of one part are kept, and each part but the last is run again when its gradient is known.
final class SentenceParts {
  private let network: EmbeddingNetwork
  private let noise: TrainingNoise
  private let recomputes: Bool
  private var memories: [SentenceEncoder.Memory] = []
  private let vectors = ScratchMatrix()
  /// The gradients of one part, where there are several.
  private lazy var partGradients = ParameterSet(layout: network.parameters.layout)
  /// What each part drops, also when it is run again.
  private var masks: [SentenceMasks] = []

  init(network: EmbeddingNetwork, noise: TrainingNoise, recomputes: Bool) {
    self.network = network
    self.noise = noise
    self.recomputes = recomputes
  }

  /// Sentence vectors [B, D] of unit norm, valid until the next call.
  func forward(_ minibatch: Minibatch, generator: inout SeededRandomNumberGenerator) -> Matrix {
    masks = minibatch.captions.map { _ in
      noise.drawSentenceMasks(for: network.configuration, using: &generator)
    }
    let last = minibatch.captions.count - 1
    guard last > 0 else { return encode(minibatch, part: 0, keepsActivations: true) }
    let all = vectors.matrix(rows: minibatch.features.rows, columns: network.configuration.dim)
    for (part, range) in minibatch.ranges.enumerated() {
      all.rows(range).assign(encode(minibatch, part: part, keepsActivations: !recomputes || part == last))
    }
    return all
  }

  /// The gradients of the sentence encoder's parameters from that of the vectors [B, D] (overwritten).
  func backward(_ minibatch: Minibatch, vectors: Matrix, vectorGradient: Matrix, gradients: ParameterSet) {
    let ranges = minibatch.ranges
    let last = ranges.count - 1
    // The last part first: its activations are there.
    for part in ranges.indices.reversed() {
      let tokens = minibatch.captions[part]
      if recomputes && part < last { _ = encode(minibatch, part: part, keepsActivations: true) }
      network.sentences.backward(
        vectorGradient: vectorGradient.rows(ranges[part]), vectors: vectors.rows(ranges[part]),
        tokens: tokens, parameters: network.parameters, gradients: part == last ? gradients : partGradients,
        memory: memory(ofPart: part))
      if part < last { addPartGradients(to: gradients, words: tokens.distinct) }
    }
  }

  private func encode(_ minibatch: Minibatch, part: Int, keepsActivations: Bool) -> Matrix {
    network.sentences.forward(
      minibatch.captions[part], parameters: network.parameters, memory: memory(ofPart: part),
      keepsActivations: keepsActivations, masks: masks[part])
  }

  private func memory(ofPart part: Int) -> SentenceEncoder.Memory {
    let index = recomputes ? 0 : part
    while memories.count <= index { memories.append(SentenceEncoder.Memory()) }
    return memories[index]
  }

  /// Adds the sentence encoder's gradients; of the word embedding the rows of `words`, which are cleared.
  private func addPartGradients(to gradients: ParameterSet, words: [Int32]) {
    let embedding = network.sentences.wordEmbedding
    for index in network.sentenceParameters where index != embedding.index {
      let slot = ParameterSlot(index: index)
      gradients[slot].add(partGradients[slot])
    }
    let (sum, part) = (gradients[embedding], partGradients[embedding])
    for word in words {
      let row = Int(word)..<Int(word) + 1
      sum.rows(row).add(part.rows(row))
    }
    part.clearRows(at: words)
  }
}
