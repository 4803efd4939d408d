package import Tensors

/// Words to sentence vectors: word vectors, a recurrent layer or a sum, and unit L2 norm.
package struct SentenceEncoder: Sendable {
  /// Wemb [V, E].
  let wordEmbedding: ParameterSlot
  /// Nil for a bag of words.
  let recurrent: RecurrentLayer?
  let wordDim: Int
  let dim: Int

  init(_ configuration: ModelConfiguration, layout: inout ParameterLayout) {
    wordDim = configuration.wordDim
    dim = configuration.dim
    wordEmbedding = layout.add(
      "word_embedding", rows: configuration.vocabularySize, columns: wordDim, .blocks(columns: wordDim))
    switch configuration.encoder {
    case .gru:
      recurrent = RecurrentLayer(
        cell: .gatedRecurrentUnit(hiddenBias: configuration.hiddenBias), inputSize: wordDim, stateSize: dim,
        layout: &layout, prefix: "gru")
    case .lstm:
      recurrent = RecurrentLayer(
        cell: .longShortTermMemory(peepholes: configuration.peepholes), inputSize: wordDim, stateSize: dim,
        layout: &layout, prefix: "lstm")
    case .bow:
      recurrent = nil
    }
  }

  /// Working memory, and after a forward pass that keeps activations, also these.
  package final class Memory {
    let recurrent = RecurrentLayer.Memory()
    let words = ScratchMatrix()
    let vectors = ScratchMatrix()
    let gradient = ScratchMatrix()
    let wordGradient = ScratchMatrix()
    var norms: [Float] = []

    package init() {}
  }

  /// Sentence vectors [B, D] of unit norm, valid until the next call with the same memory.
  package func forward(
    _ tokens: TokenBatch, parameters: ParameterSet, memory: Memory, keepsActivations: Bool
  ) -> Matrix {
    let vectors = memory.vectors.matrix(rows: tokens.batch, columns: dim)
    memory.norms = [Float](repeating: 0, count: tokens.batch)
    if let recurrent {
      let last = recurrent.forward(
        input: words(tokens, parameters: parameters, memory: memory), tokens: tokens, parameters: parameters,
        memory: memory.recurrent, keepsActivations: keepsActivations)
      last.normalizeRows(into: vectors, norms: &memory.norms)
    } else {
      let embedding = Operand(parameters[wordEmbedding])
      let distinct = memory.words.operand(
        rows: tokens.distinct.count, columns: wordDim, precision: .float32)
      embedding.gatherRows(tokens.distinct, into: distinct)
      vectors.fill(0)
      for time in 0..<tokens.time {
        vectors.addGatheredRows(
          of: distinct, at: tokens.positions[time * tokens.batch..<(time + 1) * tokens.batch])
      }
      vectors.normalizeRows(into: vectors, norms: &memory.norms)
    }
    return vectors
  }

  /// The distinct word vectors [U, E], padded with zeros.
  private func words(_ tokens: TokenBatch, parameters: ParameterSet, memory: Memory) -> Operand {
    let embedding = parameters.operand(wordEmbedding)
    let words = memory.words.operand(
      rows: tokens.paddedDistinctCount, columns: wordDim, precision: embedding.precision)
    embedding.gatherRows(tokens.distinct, into: words)
    words.clearRows(tokens.distinct.count..<words.rows)
    return words
  }

  /// The gradients of the encoder's parameters from that of its vectors [B, D] (overwritten).
  ///
  /// The word embedding's gradient must be zero outside `tokens.distinct`; these rows are overwritten.
  func backward(
    vectorGradient: Matrix, vectors: Matrix, tokens: TokenBatch, parameters: ParameterSet,
    gradients: ParameterSet, memory: Memory
  ) {
    vectorGradient.normalizeRowsBackward(normalized: vectors, norms: memory.norms)
    let wordGradient: Matrix
    if let recurrent {
      wordGradient = recurrent.backward(
        lastStateGradient: vectorGradient,
        input: memory.words.operand(
          rows: tokens.paddedDistinctCount, columns: wordDim,
          precision: parameters.operand(wordEmbedding).precision),
        tokens: tokens, parameters: parameters, gradients: gradients, memory: memory.recurrent)
    } else {
      wordGradient = memory.wordGradient.matrix(rows: tokens.distinct.count, columns: wordDim)
      wordGradient.fill(0)
      for time in 0..<tokens.time {
        wordGradient.addRows(
          of: Operand(vectorGradient),
          at: Array(tokens.positions[time * tokens.batch..<(time + 1) * tokens.batch]))
      }
    }
    gradients[wordEmbedding].assignRows(of: wordGradient, at: tokens.distinct)
  }
}
