import Tensors
import Testing
import VisualSemanticEmbedding

@Suite("Minibatches of equal length")
struct EqualLengthMinibatchesTests {
  /// 1000 captions of up to 15 words, some of them left out; 26 batches of 32.
  static let lengths: [Int32] = {
    var generator = SeededRandomNumberGenerator(seed: 11)
    return (0..<1000).map { _ in Int32(generator.integer(below: 6) * generator.integer(below: 4)) }
  }()

  func epoch(_ batches: inout EqualLengthMinibatches) -> [[Int]] {
    var all: [[Int]] = []
    while let batch = batches.next() { all.append(batch) }
    return all
  }

  @Test("An epoch has each caption once, in batches of one length", arguments: [1, 3, 64, 128, 5000])
  func eachOnce(batchSize: Int) {
    var generator = SeededRandomNumberGenerator(seed: 1)
    var batches = EqualLengthMinibatches(lengths: Self.lengths, batchSize: batchSize)
    for _ in 0..<2 {
      batches.startEpoch(using: &generator)
      let all = epoch(&batches)
      #expect(all.count == batches.batchesPerEpoch)
      #expect(batches.batchesTaken == all.count)
      #expect(all.joined().sorted() == Self.lengths.indices.filter { Self.lengths[$0] > 0 })
      for batch in all {
        #expect((1...batchSize).contains(batch.count))
        #expect(Set(batch.map { Self.lengths[$0] }).count == 1)
      }
      #expect(batches.next() == nil)
    }
  }

  @Test("Lengths come in turn, those used up are passed over, and only a length's last batch is short")
  func order() {
    // 7 captions of one word, 3 of two, 1 of five.
    let lengths: [Int32] = [1, 2, 1, 5, 1, 2, 1, 0, 1, 2, 1, 1]
    var generator = SeededRandomNumberGenerator(seed: 20)
    var batches = EqualLengthMinibatches(lengths: lengths, batchSize: 3)
    batches.startEpoch(using: &generator)
    let all = epoch(&batches)
    #expect(all.count == 5)
    #expect(Set(all[..<3].map { lengths[$0[0]] }) == [1, 2, 5])
    #expect(all[3...].map { lengths[$0[0]] } == [1, 1])
    let sizes = all.filter { lengths[$0[0]] == 1 }.map(\.count)
    #expect(sizes == [3, 3, 1])
  }

  @Test("An epoch is what the generator's permutations say")
  func permutations() {
    let lengths: [Int32] = [4, 9, 4, 4, 9, 4, 4, 9, 6]
    var generator = SeededRandomNumberGenerator(seed: 77)
    var copy = generator
    var batches = EqualLengthMinibatches(lengths: lengths, batchSize: 2)
    batches.startEpoch(using: &generator)

    let groups = [[0, 2, 3, 5, 6], [8], [1, 4, 7]]
    let turn = copy.permutation(of: 3)
    let permuted = groups.map { rows in copy.permutation(of: rows.count).map { rows[$0] } }
    var expected: [[Int]] = []
    for first in [0, 2, 4] {
      for group in turn where first < permuted[group].count {
        expected.append(Array(permuted[group][first..<min(first + 2, permuted[group].count)]))
      }
    }
    #expect(epoch(&batches) == expected)
    #expect(generator == copy)
  }

  @Test("An epoch follows from the random state at its start alone")
  func repeatable() throws {
    var generator = SeededRandomNumberGenerator(seed: 5)
    var batches = EqualLengthMinibatches(lengths: Self.lengths, batchSize: 32)
    batches.startEpoch(using: &generator)
    let first = epoch(&batches)
    let state = generator.state
    batches.startEpoch(using: &generator)
    let second = epoch(&batches)
    #expect(first != second)

    var restored = try #require(SeededRandomNumberGenerator(state: state))
    var others = EqualLengthMinibatches(lengths: Self.lengths, batchSize: 32)
    others.startEpoch(using: &restored)
    #expect(epoch(&others) == second)
    #expect(restored == generator)
  }

  @Test("Skipping ahead goes on as stepping does", arguments: [0, 1, 7, 26])
  func skipping(count: Int) throws {
    var generator = SeededRandomNumberGenerator(seed: 5)
    var stepped = EqualLengthMinibatches(lengths: Self.lengths, batchSize: 32)
    stepped.startEpoch(using: &generator)
    var skipped = stepped
    for _ in 0..<count { #expect(stepped.next() != nil) }
    try skipped.skip(toBatch: count)
    #expect(skipped.batchesTaken == stepped.batchesTaken)
    #expect(epoch(&skipped) == epoch(&stepped))
  }

  @Test("A position that the epoch does not have is an error")
  func skippingTooFar() throws {
    var generator = SeededRandomNumberGenerator(seed: 5)
    var batches = EqualLengthMinibatches(lengths: [1, 1, 2], batchSize: 2)
    batches.startEpoch(using: &generator)
    try batches.skip(toBatch: 2)
    #expect(batches.next() == nil)
    for position in [3, -1, .max] {
      #expect(throws: MinibatchError.positionBeyondEpoch(position: position, batchesPerEpoch: 2)) {
        try batches.skip(toBatch: position)
      }
    }
  }

  @Test("No captions, or only some that are left out, make an epoch without batches")
  func nothing() {
    for lengths in [[], [0, 0]] as [[Int32]] {
      var generator = SeededRandomNumberGenerator(seed: 5)
      var batches = EqualLengthMinibatches(lengths: lengths, batchSize: 2)
      #expect(batches.batchesPerEpoch == 0)
      batches.startEpoch(using: &generator)
      #expect(batches.next() == nil)
    }
  }

  @Test("There is no batch before an epoch has started")
  func notStarted() {
    var batches = EqualLengthMinibatches(lengths: [1, 2], batchSize: 2)
    #expect(batches.batchesPerEpoch == 2)
    #expect(batches.next() == nil)
  }
}
