import Tensors
import Testing
import VisualSemanticEmbedding

@Suite struct MixedMinibatchesTests {
  /// 1000 captions of up to 15 words, some of them left out.
  static let lengths: [Int32] = {
    var generator = SeededRandomNumberGenerator(seed: 11)
    return (0..<1000).map { _ in Int32(generator.integer(below: 6) * generator.integer(below: 4)) }
  }()
  static let included = lengths.indices.filter { lengths[$0] > 0 }

  private func epoch(_ batches: inout MixedMinibatches) -> [[Int]] {
    var all: [[Int]] = []
    while let batch = batches.next() { all.append(batch) }
    return all
  }

  @Test(arguments: [1, 3, 64, 128, 5000]) func eachOnceInBatchesOfAboutOneSize(size: Int) {
    var generator = SeededRandomNumberGenerator(seed: 1)
    var batches = MixedMinibatches(lengths: Self.lengths, size: .captions(size))
    #expect(batches.batchesPerEpoch == (Self.included.count + size - 1) / size)
    var epochs: [[[Int]]] = []
    for _ in 0..<2 {
      batches.startEpoch(using: &generator)
      let all = epoch(&batches)
      epochs.append(all)
      #expect(all.count == batches.batchesPerEpoch && batches.batchesTaken == all.count)
      #expect(all.joined().sorted() == Self.included)
      let sizes = all.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1 && (sizes.max() ?? 0) <= size)
      #expect(batches.next() == nil)
    }
    #expect(epochs[0] != epochs[1])
  }

  @Test func lengthsMeet() {
    var generator = SeededRandomNumberGenerator(seed: 1)
    var batches = MixedMinibatches(lengths: Self.lengths, size: .captions(64))
    batches.startEpoch(using: &generator)
    for batch in epoch(&batches) { #expect(Set(batch.map { Self.lengths[$0] }).count > 3) }
  }

  @Test(arguments: [0, 1, 7]) func goesOnFromARandomStateAndAPosition(count: Int) throws {
    var generator = SeededRandomNumberGenerator(seed: 5)
    var stepped = MixedMinibatches(lengths: Self.lengths, size: .captions(50))
    stepped.startEpoch(using: &generator)
    var state = generator
    stepped.startEpoch(using: &generator)
    for _ in 0..<count { #expect(stepped.next() != nil) }
    var skipped = MixedMinibatches(lengths: Self.lengths, size: .captions(50))
    skipped.startEpoch(using: &state)
    try skipped.skip(toBatch: count)
    #expect(epoch(&skipped) == epoch(&stepped))
    #expect(state == generator)
  }

  @Test func positionsThatAnEpochDoesNotHave() throws {
    var generator = SeededRandomNumberGenerator(seed: 5)
    var batches = MixedMinibatches(lengths: [1, 0, 3, 2], size: .captions(2))
    #expect(batches.next() == nil, "no epoch was started")
    #expect(throws: MinibatchError.positionBeyondEpoch(position: 1, batchesPerEpoch: 0)) {
      try batches.skip(toBatch: 1)
    }
    batches.startEpoch(using: &generator)
    try batches.skip(toBatch: 2)
    #expect(batches.next() == nil)
    for position in [3, -1, .max] {
      #expect(throws: MinibatchError.positionBeyondEpoch(position: position, batchesPerEpoch: 2)) {
        try batches.skip(toBatch: position)
      }
    }
  }

  @Test func nothing() {
    for lengths in [[], [0, 0]] as [[Int32]] {
      var generator = SeededRandomNumberGenerator(seed: 5)
      var batches = MixedMinibatches(lengths: lengths, size: .tokens(10, wrapping: 1))
      #expect(batches.batchesPerEpoch == 0)
      batches.startEpoch(using: &generator)
      #expect(batches.next() == nil)
    }
  }
}

@Suite struct MinibatchSizeTests {
  @Test func tokens() {
    let size = MinibatchSize.tokens(100, wrapping: 1)
    #expect(size.captions(words: 9) == 10 && size.captions(words: 10) == 9)
    #expect(size.captions(words: 1000) == 2, "one caption has no contrast")
    #expect(MinibatchSize.captions(7).captions(words: 1000) == 7)
  }

  @Test func equalLengthMinibatchesOfSoManyTokens() {
    // 30 captions of four words, 30 of nine, 3 of 49.
    let lengths = [Int32](repeating: 4, count: 30) + [Int32](repeating: 9, count: 30) + [49, 49, 49]
    var batches = EqualLengthMinibatches(lengths: lengths, size: .tokens(50, wrapping: 1))
    #expect(batches.batchesPerEpoch == 3 + 6 + 2)
    var generator = SeededRandomNumberGenerator(seed: 5)
    batches.startEpoch(using: &generator)
    var sizes: [Int32: [Int]] = [:]
    var rows: [Int] = []
    while let batch = batches.next() {
      sizes[lengths[batch[0]], default: []].append(batch.count)
      rows += batch
    }
    #expect(sizes == [4: [10, 10, 10], 9: [5, 5, 5, 5, 5, 5], 49: [2, 1]])
    #expect(rows.sorted() == Array(lengths.indices))
  }

  @Test func mixedMinibatchesOfSoManyTokensOnAverage() {
    let lengths = [Int32](repeating: 4, count: 50) + [0] + [Int32](repeating: 14, count: 50)
    let batches = MixedMinibatches(lengths: lengths, size: .tokens(200, wrapping: 1))
    #expect(batches.batchesPerEpoch == 5)  // 20 captions of 9 + 1 tokens
  }
}

@Suite struct CaptionPartsTests {
  private let lengths: [Int32] = [3, 1, 3, 2, 3, 1, 3, 3]

  @Test func byLengthThenInOrder() {
    #expect(
      CaptionParts.split([7, 5, 0, 3, 1, 2], lengths: lengths) == [[5, 1], [3], [7, 0, 2]])
    #expect(CaptionParts.split([], lengths: lengths).isEmpty)
  }

  @Test func noneLargerThanTheLimit() {
    let rows = [0, 2, 4, 6, 7]
    #expect(CaptionParts.split(rows, lengths: lengths, limit: 5) == [rows])
    #expect(CaptionParts.split(rows, lengths: lengths, limit: 4) == [[0, 2], [4, 6, 7]])
    #expect(CaptionParts.split(rows, lengths: lengths, limit: 2) == [[0], [2, 4], [6, 7]])
    #expect(CaptionParts.split(rows, lengths: lengths, limit: 1) == rows.map { [$0] })
  }
}
