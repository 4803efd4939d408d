/// Words numbered in the order they are added, found by their bytes: a hash table over one flat buffer.
///
/// Open addressing with linear probing, at most half full. The hash is the standard library's, seeded anew in
/// each process, so that no file can be made to collide on purpose; no order ever follows from it.
struct WordTable: Sendable {
  private(set) var bytes: [UInt8] = []
  /// Where each word starts in `bytes`, then the number of bytes; [count + 1].
  private(set) var starts: [Int] = [0]
  /// The number of the word in each slot, or `vacant`; a power of two of them.
  private var slots = [Int32](repeating: vacant, count: 1 << 10)

  private static let vacant: Int32 = -1

  /// The number of words.
  var count: Int { starts.count - 1 }

  /// A copy of a word.
  subscript(number: Int) -> Word {
    Word(bytes: bytes[starts[number]..<starts[number + 1]])
  }

  /// The number of a word, if it was added.
  ///
  /// - Complexity: O(length of the word).
  func number(of word: Span<UInt8>) -> Int? {
    let number = slots[slot(of: word)]
    return number == Self.vacant ? nil : Int(number)
  }

  /// Adds a word unless it is there, and returns its number and whether it is new.
  ///
  /// - Complexity: O(length of the word), amortised.
  @discardableResult
  mutating func insert(_ word: Span<UInt8>) -> (number: Int, isNew: Bool) {
    let slot = slot(of: word)
    if slots[slot] != Self.vacant { return (Int(slots[slot]), false) }
    let number = count
    // 2³¹ different words need more than the 4 GiB that a text file may have.
    slots[slot] = Int32(number)
    for index in word.indices { bytes.append(word[index]) }
    starts.append(bytes.count)
    if 2 * count > slots.count { grow() }
    return (number, true)
  }

  /// The slot that holds the word, or the vacant one where it belongs.
  private func slot(of word: Span<UInt8>) -> Int {
    var slot = hash(word) & (slots.count - 1)
    while slots[slot] != Self.vacant, !isWord(Int(slots[slot]), equalTo: word) {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func isWord(_ number: Int, equalTo word: Span<UInt8>) -> Bool {
    let start = starts[number]
    guard starts[number + 1] - start == word.count else { return false }
    for offset in word.indices where bytes[start + offset] != word[offset] { return false }
    return true
  }

  private func hash(_ word: Span<UInt8>) -> Int {
    var hasher = Hasher()
    // The pointer does not outlive the closure, and the span keeps its bytes alive and unchanged meanwhile.
    word.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }

  private mutating func grow() {
    slots = [Int32](repeating: Self.vacant, count: 2 * slots.count)
    let bytes = bytes
    for number in 0..<count {
      let word = bytes.span.extracting(starts[number]..<starts[number + 1])
      slots[slot(of: word)] = Int32(number)
    }
  }
}

extension WordTable: Equatable {
  /// Whether both hold the same words in the same order.
  static func == (left: WordTable, right: WordTable) -> Bool {
    left.starts == right.starts && left.bytes == right.bytes
  }
}
