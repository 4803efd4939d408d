internal import TestSupport

/// Makes damaged files of valid ones.
struct Mutator {
  private let format: FuzzedFormat
  private var random: SeededGenerator

  private static let numbers: [UInt64] = [
    0, 1, 2, 3, 7, 8, 16, 127, 128, 255, 256, 1 << 15, 1 << 16 - 1, 1 << 16, 1 << 31 - 1, 1 << 31,
    1 << 32 - 1,
    1 << 32, 1 << 60, 1 << 62, 1 << 63 - 1, 1 << 63, .max - 1, .max,
  ]

  init(_ format: FuzzedFormat, random: SeededGenerator) {
    self.format = format
    self.random = random
  }

  /// One of the valid files after one or more changes.
  mutating func input() -> [UInt8] {
    var bytes = format.seeds[below(format.seeds.count)]
    repeat { change(&bytes) } while below(3) > 0
    if below(2) == 0 { format.repair(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    switch below(14) {
    case 0, 1:
      guard !bytes.isEmpty else { return }
      bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
    case 2:
      guard !bytes.isEmpty else { return }
      bytes[below(bytes.count)] = UInt8(below(256))
    case 3, 4, 5: overwriteInteger(&bytes)
    case 6: overwriteDecimal(&bytes)
    case 7: insert(token(), &bytes)
    case 8: overwrite(with: token(), &bytes)
    case 9: insert([UInt8](repeating: UInt8(below(256)), count: 1 + below(16)), &bytes)
    case 10: bytes.removeSubrange(range(bytes))
    case 11: insert(Array(bytes[range(bytes)]), &bytes)
    case 12: splice(&bytes)
    default:
      // Most of what can be said of a file that is cut short is soon said.
      if below(4) == 0 { bytes.removeLast(below(bytes.count + 1)) }
    }
  }

  private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &random) }

  private mutating func token() -> [UInt8] {
    format.tokens.isEmpty ? [0] : format.tokens[below(format.tokens.count)]
  }

  /// A part of the bytes, more often a short one.
  private mutating func range(_ bytes: [UInt8]) -> Range<Int> {
    let start = below(bytes.count + 1)
    let limit = below(4) == 0 ? bytes.count - start : min(32, bytes.count - start)
    return start..<start + below(limit + 1)
  }

  private mutating func insert(_ piece: [UInt8], _ bytes: inout [UInt8]) {
    bytes.insert(contentsOf: piece, at: below(bytes.count + 1))
  }

  private mutating func overwrite(with piece: [UInt8], _ bytes: inout [UInt8]) {
    let start = below(bytes.count + 1)
    bytes.replaceSubrange(start..<min(start + piece.count, bytes.count), with: piece)
  }

  /// Puts a number that is often an edge, or near the one that stands there, into one to eight bytes.
  private mutating func overwriteInteger(_ bytes: inout [UInt8]) {
    let size = 1 << below(4)
    guard bytes.count >= size else { return }
    let start = below(bytes.count - size + 1)
    let isBigEndian = below(4) == 0
    let places = (0..<size).map { start + (isBigEndian ? size - 1 - $0 : $0) }
    let old = places.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1]) }
    let new: UInt64 =
      switch below(3) {
      case 0: Self.numbers[below(Self.numbers.count)]
      case 1: UInt64(below(bytes.count + 2))
      default: old &+ UInt64(below(9)) &- 4
      }
    for (index, place) in places.enumerated() { bytes[place] = UInt8(truncatingIfNeeded: new >> (8 * index)) }
  }

  /// Replaces a number in text, such as one of a shape.
  private mutating func overwriteDecimal(_ bytes: inout [UInt8]) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let from = below(bytes.count + 1)
    guard let start = bytes[from...].firstIndex(where: { digits.contains($0) }) else { return }
    let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
    let number = Self.numbers[below(Self.numbers.count)] &+ UInt64(below(3)) &- 1
    bytes.replaceSubrange(start..<end, with: String(number).utf8)
  }

  /// Goes on with the end of another valid file.
  private mutating func splice(_ bytes: inout [UInt8]) {
    let other = format.seeds[below(format.seeds.count)]
    bytes.removeLast(below(bytes.count + 1))
    bytes += other.suffix(below(other.count + 1))
  }
}
