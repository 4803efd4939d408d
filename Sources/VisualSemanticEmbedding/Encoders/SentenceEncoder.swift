package import Tensors

/// Words to sentence vectors: word vectors, recurrent layers and pooling over time or a plain sum, and unit L2
/// norm.
package struct SentenceEncoder: Sendable {
  /// Wemb [V, E].
  let wordEmbedding: ParameterSlot
  /// Nil for a bag of words.
  let recurrent: RecurrentStack?
  let pooling: SentencePooling
  let wordDim: Int
  let dim: Int

  init(_ configuration: ModelConfiguration, layout: inout ParameterLayout) {
    wordDim = configuration.wordDim
    dim = configuration.dim
    wordEmbedding = layout.add(
      "word_embedding", rows: configuration.vocabularySize, columns: wordDim, .blocks(columns: wordDim))
    recurrent = RecurrentStack(configuration, layout: &layout)
    pooling = SentencePooling(configuration, layout: &layout)
  }

  /// Working memory, and after a forward pass that keeps activations, also these.
  package final class Memory {
    let recurrent = RecurrentStack.Memory()
    let pooling = SentencePooling.Memory()
    let wholeWords = ScratchMatrix()
    let words = ScratchMatrix()
    let vectors = ScratchMatrix()
    let wordGradient = ScratchMatrix()
    var norms: [Float] = []
    var masks = SentenceMasks.none

    package init() {}
  }

  /// Sentence vectors [B, D] of unit norm, valid until the next call with the same memory.
  ///
  /// - Parameters:
  ///   - keepsActivations: whether `backward` follows.
  ///   - masks: what is dropped; nothing outside of training.
  package func forward(
    _ tokens: TokenBatch, parameters: ParameterSet, memory: Memory, keepsActivations: Bool,
    masks: SentenceMasks = .none
  ) -> Matrix {
    memory.masks = masks
    memory.norms = [Float](repeating: 0, count: tokens.batch)
    let vectors = memory.vectors.matrix(rows: tokens.batch, columns: dim)
    guard tokens.batch > 0 else { return vectors }
    let pooled: Matrix
    if let recurrent {
      let states = recurrent.forward(
        RecurrentInput(words: words(tokens, parameters: parameters, memory: memory), of: tokens),
        retaining: pooling.retention(keepsActivations: keepsActivations), masks: masks.layers,
        parameters: parameters, memory: memory.recurrent)
      pooled = pooling.forward(
        states, time: tokens.time, parameters: parameters, memory: memory.pooling,
        keepsActivations: keepsActivations)
    } else {
      sumWords(tokens, parameters: parameters, memory: memory, into: vectors)
      pooled = vectors
    }
    masks.output?.apply(to: pooled, into: Operand(vectors))
    (masks.output == nil ? pooled : vectors).normalizeRows(into: vectors, norms: &memory.norms)
    return vectors
  }

  /// The distinct word vectors [U, E], padded with zeros.
  private func words(_ tokens: TokenBatch, parameters: ParameterSet, memory: Memory) -> Operand {
    let words = memory.words.operand(
      rows: tokens.paddedDistinctCount, columns: wordDim, precision: parameters.precision)
    gatherWords(tokens, parameters: parameters, memory: memory, into: words.rows(0..<tokens.distinct.count))
    words.clearRows(tokens.distinct.count..<words.rows)
    return words
  }

  /// The vectors of the distinct words, some of their elements dropped: the same of each occurrence of a word.
  private func gatherWords(
    _ tokens: TokenBatch, parameters: ParameterSet, memory: Memory, into words: Operand
  ) {
    guard let mask = memory.masks.words else {
      parameters.operand(wordEmbedding, precision: words.precision).gatherRows(tokens.distinct, into: words)
      return
    }
    let whole = memory.wholeWords.matrix(rows: words.rows, columns: wordDim)
    Operand(parameters[wordEmbedding]).gatherRows(tokens.distinct, into: Operand(whole))
    mask.apply(to: whole, into: words)
  }

  /// The sum of each sentence's word vectors, for a bag of words.
  private func sumWords(_ tokens: TokenBatch, parameters: ParameterSet, memory: Memory, into sums: Matrix) {
    let words = memory.words.operand(rows: tokens.distinct.count, columns: wordDim, precision: .float32)
    gatherWords(tokens, parameters: parameters, memory: memory, into: words)
    sums.fill(0)
    for time in 0..<tokens.time {
      sums.addGatheredRows(
        of: words, at: tokens.positions[time * tokens.batch..<(time + 1) * tokens.batch])
    }
  }

  /// The gradients of the encoder's parameters from that of its vectors [B, D] (overwritten).
  ///
  /// The word embedding's gradient must be zero outside `tokens.distinct`; these rows are overwritten.
  func backward(
    vectorGradient: Matrix, vectors: Matrix, tokens: TokenBatch, parameters: ParameterSet,
    gradients: ParameterSet, memory: Memory
  ) {
    vectorGradient.normalizeRowsBackward(normalized: vectors, norms: memory.norms)
    memory.masks.output?.apply(to: vectorGradient)
    let wordGradient: Matrix
    if let recurrent {
      wordGradient = memory.wordGradient.matrix(rows: tokens.paddedDistinctCount, columns: wordDim)
      let stateGradient = pooling.backward(
        vectorGradient, parameters: parameters, gradients: gradients, memory: memory.pooling)
      recurrent.backward(
        stateGradient, parameters: parameters, gradients: gradients, memory: memory.recurrent,
        wordGradient: wordGradient)
    } else {
      wordGradient = memory.wordGradient.matrix(rows: tokens.distinct.count, columns: wordDim)
      wordGradient.fill(0)
      for time in 0..<tokens.time {
        wordGradient.addRows(
          of: Operand(vectorGradient),
          at: Array(tokens.positions[time * tokens.batch..<(time + 1) * tokens.batch]))
      }
    }
    memory.masks.words?.apply(to: wordGradient.rows(0..<tokens.distinct.count))
    gradients[wordEmbedding].assignRows(of: wordGradient, at: tokens.distinct)
  }
}
