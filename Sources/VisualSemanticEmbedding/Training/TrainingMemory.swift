internal import Foundation
package import Tensors

/// The memory that a run takes at most, told before it starts: a line of a million words, or a batch of all
/// captions, should end in a message and not in the middle of the night.
package struct TrainingMemory {
  /// Parameters, gradients, two moments, and the rounded copy of bfloat16.
  package let parameterBytes: Double
  /// The minibatch that takes most.
  package let largest: Minibatch

  /// A minibatch of captions of one length.
  package struct Minibatch {
    /// B captions.
    package var captions: Int
    /// T tokens each.
    package var tokens: Int
    /// What its activations and gradients take.
    package var bytes: Double
  }

  package init(configuration: ModelConfiguration, lengths: [Int32], batchSize: Int, precision: Precision) {
    let rounded: Double = precision == .bfloat16 ? 2 : 0
    parameterBytes =
      Double(EmbeddingNetwork.layout(of: configuration).parameterCount) * (4 * 4 + rounded)
    var counts: [Int32: Int] = [:]
    for length in lengths where length > 0 { counts[length, default: 0] += 1 }
    var largest = Minibatch(captions: 0, tokens: 0, bytes: 0)
    for (length, count) in counts {
      let captions = min(count, batchSize)
      let bytes = Self.activationBytes(
        configuration, captions: Double(captions), tokens: Double(length), precision: precision)
      if bytes > largest.bytes {
        largest = Minibatch(captions: captions, tokens: Int(length), bytes: bytes)
      }
    }
    self.largest = largest
  }

  /// What `TrainingStep` and the encoders keep for one minibatch.
  private static func activationBytes(
    _ configuration: ModelConfiguration, captions: Double, tokens: Double, precision: Precision
  ) -> Double {
    let (dim, wordDim) = (Double(configuration.dim), Double(configuration.wordDim))
    let imageDim = Double(configuration.imageDim)
    let input: Double = precision == .bfloat16 ? 2 : 4
    let rounded: Double = precision == .bfloat16 ? 2 : 0
    let distinct = min(captions * tokens, Double(configuration.vocabularySize)) + 64
    // Scores and their gradients, features and their disturbed copies, vectors and their gradients.
    var bytes = 8 * captions * captions + captions * imageDim * (8 + rounded) + 8 * captions * dim * 4
    bytes += captions * Double(configuration.imageHidden) * (8 + 2 * rounded)
    // Word vectors, whole and with some dropped, and their gradients.
    bytes += distinct * wordDim * (input + 8)
    return bytes
      + recurrentBytes(
        configuration, places: captions * tokens, distinct: distinct, input: input, rounded: rounded)
  }

  /// What the recurrent layers and pooling keep.
  private static func recurrentBytes(
    _ configuration: ModelConfiguration, places: Double, distinct: Double, input: Double, rounded: Double
  ) -> Double {
    let dim = Double(configuration.dim)
    let gates: Double =
      switch configuration.encoder {
      case .bow: 0
      case .gru: 3
      case .lstm: 4
      }
    guard gates > 0 else { return 0 }
    let directions: Double = configuration.bidirectional ? 2 : 1
    let (layers, upperLayers) = (Double(configuration.layers), Double(configuration.layers - 1))
    // States, their rounded copies, gates, candidates or cells.
    var bytes = layers * directions * places * dim * (4 + rounded + gates * 4 + 4)
    // For each layer above the first, states with some dropped and the gradients of states.
    bytes += upperLayers * directions * places * dim * (input + 4)
    // Shared by all layers: gradients of gates and candidates; x·W and the sums of its gradients.
    bytes += places * dim * (gates + 1) * input
    let rows = upperLayers > 0 ? max(distinct, places) : distinct
    bytes += gates * dim * (rows * (4 + input) + distinct * 4)
    switch configuration.pooling {
    case .last, .mean: break
    case .max: bytes += places * dim * 4  // gradients
    case .generalized: bytes += places * dim * 12  // sorted states, their steps, gradients
    }
    return bytes
  }

  /// Throws when this machine has less memory than the run needs.
  package func check(against memory: UInt64 = ProcessInfo.processInfo.physicalMemory) throws(TrainingError) {
    guard parameterBytes < Double(memory) else {
      throw .modelTooLarge(bytes: parameterBytes, memory: memory)
    }
    guard parameterBytes + largest.bytes < Double(memory) else {
      throw .minibatchTooLarge(
        captions: largest.captions, tokens: largest.tokens, bytes: parameterBytes + largest.bytes,
        memory: memory)
    }
  }
}
