import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// What a run needs is told before it takes it.
@Suite struct TrainingMemoryTests {
  private func memory(
    _ encoder: ModelConfiguration.Encoder, lengths: [Int32], batchSize: Int = 8,
    precision: Precision = .float32, change: (inout TrainingOptions) -> Void = { _ in }
  ) -> TrainingMemory {
    var options = TrainingOptions()
    options.batchSize = batchSize
    options.precision = precision
    change(&options)
    return TrainingMemory(
      configuration: ModelConfiguration(
        encoder: encoder, dim: 32, wordDim: 16, imageDim: 64, vocabularySize: 100), lengths: lengths,
      options: options)
  }

  @Test(arguments: ModelConfiguration.Encoder.allCases)
  func oneLongCaptionDecides(encoder: ModelConfiguration.Encoder) {
    let usual = memory(encoder, lengths: Array(repeating: 10, count: 20) + [0])
    #expect(usual.largest.captions == 8 && usual.largest.tokens == 10)
    guard encoder != .bow else { return }  // a bag of words keeps nothing for each place
    let long = memory(encoder, lengths: Array(repeating: 10, count: 20) + [100_000])
    #expect(long.largest.captions == 1 && long.largest.tokens == 100_000)
    // At least the states and the gates with their gradients, in float32.
    #expect(long.largest.bytes > 100_000 * 32 * 4 * 7)
    #expect(long.parameterBytes == usual.parameterBytes)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let memory = memory(.gru, lengths: [10, 10, 10, 5000], batchSize: 2)
    let needed = memory.parameterBytes + memory.largest.bytes
    try memory.check(against: UInt64(needed) + 1)
    #expect(throws: TrainingError.modelTooLarge(bytes: memory.parameterBytes, memory: 1000)) {
      try memory.check(against: 1000)
    }
    let error = #expect(throws: TrainingError.self) { try memory.check(against: UInt64(needed) - 1000) }
    let text = "\(try #require(error))"
    #expect(text.contains("1 × 5000 tokens") && text.contains("--max-length"))
  }

  /// B² scores, whatever the captions.
  @Test func largeBatchesCount() {
    let memory = memory(.bow, lengths: Array(repeating: 3, count: 60_000), batchSize: 60_000)
    #expect(memory.largest.bytes > 60_000 * 60_000 * 8)
  }

  @Test func extremeSizesDoNotOverflow() {
    let memory = memory(.lstm, lengths: [Int32.max, Int32.max], batchSize: 65_536)
    #expect(memory.largest.bytes.isFinite && memory.largest.bytes > 1e12)
  }

  /// A mixed minibatch may get the longest captions of all, and keeps their activations; chunks keep one's.
  @Test func mixedMinibatchesAndChunks() {
    let lengths = [Int32](repeating: 10, count: 20) + [Int32](repeating: 1000, count: 3) + [2000]
    let equal = memory(.gru, lengths: lengths)
    #expect(equal.largest.captions == 3 && equal.largest.tokens == 1000)
    let mixed = memory(.gru, lengths: lengths) { $0.batching = .mixed }
    #expect(mixed.largest.captions == 8 && mixed.largest.tokens == 2000)
    #expect(mixed.largest.bytes > 5000 * 32 * 4 * 7)
    let chunks = memory(.gru, lengths: lengths) {
      $0.batching = .mixed
      $0.chunkSize = 1
    }
    #expect(chunks.largest.captions == 8 && chunks.largest.bytes < 0.6 * mixed.largest.bytes)
    let small = memory(.gru, lengths: lengths) { $0.chunkSize = 1 }
    #expect(small.largest.tokens == 2000 && small.largest.bytes < equal.largest.bytes)
    let tokens = memory(.gru, lengths: lengths) { $0.batchTokens = 200 }
    #expect(tokens.largest.captions == 2)
  }

  @Test(arguments: Precision.allCases) func averagesAndPartsTakeTheirOwn(precision: Precision) {
    let plain = memory(.gru, lengths: [3, 3], precision: precision).parameterBytes
    let average = memory(.gru, lengths: [3, 3], precision: precision) { $0.averageDecay = 0.9 }.parameterBytes
    let parts = memory(.gru, lengths: [3, 3], precision: precision) { $0.chunkSize = 1 }.parameterBytes
    let count = plain / (precision == .bfloat16 ? 18 : 16)
    #expect(average - plain == count * (precision == .bfloat16 ? 6 : 4))
    #expect(parts - plain == count * 4)
  }
}
