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
    let input: Double = precision == .bfloat16 ? 2 : 4
    let rounded: Double = precision == .bfloat16 ? 2 : 0
    let places = captions * tokens
    let distinct = min(places, Double(configuration.vocabularySize)) + 64
    // Scores and their gradients, features, vectors and their gradients.
    var bytes =
      8 * captions * captions + captions * Double(configuration.imageDim) * (4 + rounded) + 6 * captions
      * dim * 4
    // Word vectors and their gradients.
    bytes += distinct * wordDim * (input + 4)
    let gates: Double =
      switch configuration.encoder {
      case .bow: 0
      case .gru: 3
      case .lstm: 4
      }
    if gates > 0 {
      // States, their rounded copies, gates, candidates or cells; gradients of gates and candidates.
      bytes += places * dim * ((4 + rounded) + gates * 4 + 4 + (gates + 1) * input)
      // x·W, and the sums of its gradients.
      bytes += distinct * gates * dim * (4 + 4 + rounded)
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
