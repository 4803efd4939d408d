internal import Foundation
internal import Tensors

/// The memory that a run takes at most, told before it starts: a line of a million words, or a batch of all
/// captions, should end in a message and not in the middle of the night.
package struct TrainingMemory {
  /// Parameters, gradients, two moments, and the rounded copy of bfloat16; where there is one the average of the
  /// parameters with its own; and the gradients of a part where minibatches come in parts.
  package let parameterBytes: Double
  /// The minibatch that takes most.
  package let largest: Minibatch

  /// A minibatch of so many captions.
  package struct Minibatch {
    /// B captions.
    package var captions: Int
    /// T tokens of the longest.
    package var tokens: Int
    /// What its activations and gradients take.
    package var bytes: Double
  }

  /// What a run with these options takes on captions of these lengths.
  package init(configuration: ModelConfiguration, lengths: [Int32], options: TrainingOptions) {
    let sizes = Sizes(configuration: configuration, precision: options.precision)
    let inParts = options.batching == .mixed || options.chunkSize > 0
    let copies = 4 + (options.averageDecay > 0 ? 1 : 0) + (inParts ? 1 : 0)
    let rounded = options.averageDecay > 0 ? 2 * sizes.roundedBytes : sizes.roundedBytes
    parameterBytes =
      Double(EmbeddingNetwork.layout(of: configuration).parameterCount) * (Double(copies) * 4 + rounded)
    var counts: [Int32: Int] = [:]
    for length in lengths where length > 0 { counts[length, default: 0] += 1 }
    largest =
      switch options.batching {
      case .equalLength: Self.largestOfOneLength(counts, sizes: sizes, options: options)
      case .mixed: Self.longestCaptions(counts, sizes: sizes, options: options)
      }
  }

  private static func largestOfOneLength(
    _ counts: [Int32: Int], sizes: Sizes, options: TrainingOptions
  ) -> Minibatch {
    var largest = Minibatch(captions: 0, tokens: 0, bytes: 0)
    for (length, count) in counts {
      let captions = min(count, options.minibatchSize.captions(words: Double(length)))
      let part = options.chunkSize > 0 ? min(captions, options.chunkSize) : captions
      let bytes =
        sizes.pairBytes(captions) + sizes.encodingBytes(captions: Double(part), tokens: Double(length))
      if bytes > largest.bytes {
        largest = Minibatch(captions: captions, tokens: Int(length), bytes: bytes)
      }
    }
    return largest
  }

  /// A mixed minibatch that happens to get the longest captions of all.
  private static func longestCaptions(
    _ counts: [Int32: Int], sizes: Sizes, options: TrainingOptions
  ) -> Minibatch {
    let total = counts.values.reduce(0, +)
    let words = counts.reduce(0.0) { $0 + Double($1.key) * Double($1.value) } / Double(max(total, 1))
    let captions = min(total, options.minibatchSize.captions(words: words))
    var (left, bytes) = (captions, 0.0)
    for (length, count) in counts.sorted(by: { $0.key > $1.key }) where left > 0 {
      let taken = min(left, count)
      left -= taken
      let part = options.chunkSize > 0 ? min(taken, options.chunkSize) : taken
      let encoding = sizes.encodingBytes(captions: Double(part), tokens: Double(length))
      // Either all parts are in memory, or one.
      bytes = options.chunkSize > 0 ? max(bytes, encoding) : bytes + encoding
    }
    return Minibatch(
      captions: captions, tokens: Int(counts.keys.max() ?? 0), bytes: sizes.pairBytes(captions) + bytes)
  }

  /// What `TrainingStep` and the encoders keep for one minibatch.
  private struct Sizes {
    let configuration: ModelConfiguration
    let precision: Precision

    /// Bytes of an element of the rounded copy, where there is one.
    var roundedBytes: Double { precision == .bfloat16 ? 2 : 0 }
    /// Bytes of an element of an input of products.
    private var inputBytes: Double { precision == .bfloat16 ? 2 : 4 }

    /// Scores and their gradients, features and their disturbed copies, vectors and their gradients.
    func pairBytes(_ captions: Int) -> Double {
      let captions = Double(captions)
      let features = captions * Double(configuration.imageDim) * (8 + roundedBytes)
      let hidden = captions * Double(configuration.imageHidden) * (8 + 2 * roundedBytes)
      return 8 * captions * captions + features + hidden + 8 * captions * Double(configuration.dim) * 4
    }

    /// What encoding captions of one length keeps until their gradients are known.
    func encodingBytes(captions: Double, tokens: Double) -> Double {
      let places = captions * tokens
      let distinct = min(places, Double(configuration.vocabularySize)) + 64
      // Word vectors, whole and with some dropped, and their gradients.
      let words = distinct * Double(configuration.wordDim) * (inputBytes + 8)
      return words + recurrentBytes(places: places, distinct: distinct)
    }

    /// What the recurrent layers and pooling keep.
    private func recurrentBytes(places: Double, distinct: Double) -> Double {
      let (dim, gates) = (Double(configuration.dim), configuration.encoder.gateCount)
      guard gates > 0 else { return 0 }
      let directions: Double = configuration.bidirectional ? 2 : 1
      let (layers, upperLayers) = (Double(configuration.layers), Double(configuration.layers - 1))
      // States, their rounded copies, gates, candidates or cells.
      var bytes = layers * directions * places * dim * (4 + roundedBytes + gates * 4 + 4)
      // For each layer above the first, states with some dropped and the gradients of states.
      bytes += upperLayers * directions * places * dim * (inputBytes + 4)
      // Shared by all layers: gradients of gates and candidates; x·W and the sums of its gradients; U packed for
      // both ways.
      bytes += places * dim * (gates + 1) * inputBytes
      let rows = upperLayers > 0 ? max(distinct, places) : distinct
      bytes += gates * dim * (rows * (4 + inputBytes) + distinct * 4)
      bytes += 2 * gates * dim * dim * inputBytes
      switch configuration.pooling {
      case .last, .mean: break
      case .max: bytes += places * dim * 4  // gradients
      case .generalized: bytes += places * dim * 12  // sorted states, their steps, gradients
      }
      return bytes
    }
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

extension ModelConfiguration.Encoder {
  /// Gates of a recurrent cell.
  fileprivate var gateCount: Double {
    switch self {
    case .bow: 0
    case .gru: 3
    case .lstm: 4
    }
  }
}
