import Foundation

/// A random number generator whose whole sequence follows from its seed: xoshiro256**, seeded by splitmix64.
///
/// The state is 256 bits, never all zero; `state` reads it and `init(state:)` goes on from it. Nothing is
/// cached beside it, so equal states give equal numbers for ever after. The derived draws (bounded integers,
/// permutations, normal numbers) are written out here and not taken from the standard library, so that they
/// stay the same from one release of it to the next.
///
/// Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", https://prng.di.unimi.it
public struct SeededRandomNumberGenerator: RandomNumberGenerator, Sendable, Equatable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// Creates the generator of a seed; any seed is as good as any other.
  public init(seed: UInt64) {
    // Four consecutive outputs of splitmix64 cannot all be zero: it visits every value once in a period.
    var splitMix = SplitMix64(state: seed)
    s0 = splitMix.next()
    s1 = splitMix.next()
    s2 = splitMix.next()
    s3 = splitMix.next()
  }

  /// Creates the generator of one of a seed's many streams: that of an update, say, which can be had again
  /// without those before it.
  ///
  /// The seed is hashed first, so that streams of neighbouring seeds are not each other's.
  public init(seed: UInt64, stream: UInt64) {
    var splitMix = SplitMix64(state: seed)
    self.init(seed: splitMix.next() &+ stream)
  }

  /// Creates a generator that goes on from `state`, or `nil` unless it is four words that are not all zero.
  public init?(state: [UInt64]) {
    guard state.count == 4, state.contains(where: { $0 != 0 }) else { return nil }
    s0 = state[0]
    s1 = state[1]
    s2 = state[2]
    s3 = state[3]
  }

  /// The four words that all later numbers follow from.
  public var state: [UInt64] { [s0, s1, s2, s3] }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotatedLeft(s1 &* 5, by: 7) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotatedLeft(s3, by: 45)
    return result
  }
}

extension SeededRandomNumberGenerator {
  /// A number in [0, 1): the upper 24 bits of one draw, each of the 2²⁴ multiples of 2⁻²⁴ equally likely.
  public mutating func uniform() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  /// A number in `range`, from one draw.
  ///
  /// The range must not be empty, and its width must be finite.
  public mutating func uniform(in range: Range<Float>) -> Float {
    precondition(!range.isEmpty, "an empty range holds no number")
    let value = range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    // The sum may round up to the bound that the range leaves out.
    return value < range.upperBound ? value : range.upperBound.nextDown
  }

  /// A number of the normal distribution with mean 0 and variance 1, from exactly two draws.
  ///
  /// Box and Muller: √(−2 ln u) · cos(2πv), with u in (0, 1] and v in [0, 1), in double precision.
  public mutating func normal() -> Float {
    let u = Double((next() >> 11) + 1) * 0x1p-53
    let v = Double(next() >> 11) * 0x1p-53
    return Float((-2 * log(u)).squareRoot() * cos(2 * Double.pi * v))
  }

  /// An integer in 0 ..< `bound`, each equally likely; `bound` must be positive.
  ///
  /// Lemire, "Fast Random Integer Generation in an Interval", https://arxiv.org/abs/1805.10941: the upper
  /// half of draw · bound is the result; a lower half under 2⁶⁴ mod bound is drawn again.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "no integer lies below a bound that is not positive")
    let bound = UInt64(bound)
    var product = bound.multipliedFullWidth(by: next())
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold {
        product = bound.multipliedFullWidth(by: next())
      }
    }
    return Int(product.high)
  }

  /// Brings `values` into a random order, each order equally likely (Fisher and Yates, from the end).
  ///
  /// - Complexity: O(n), n − 1 bounded integers.
  public mutating func shuffle(_ values: inout [Int]) {
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, integer(below: last + 1))
    }
  }

  /// The integers 0 ..< `count` in a random order.
  ///
  /// - Complexity: O(`count`).
  public mutating func permutation(of count: Int) -> [Int] {
    precondition(count >= 0, "a permutation cannot have a negative length")
    var values = Array(0..<count)
    shuffle(&values)
    return values
  }
}

extension SeededRandomNumberGenerator: Codable {
  /// Reads the four words of a state; throws `DecodingError` unless they are four and not all zero.
  public init(from decoder: any Decoder) throws {
    let state = try [UInt64](from: decoder)
    guard let generator = Self(state: state) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "expected a random state of four integers that are not all zero"))
    }
    self = generator
  }

  /// Writes the state as an array of four integers.
  public func encode(to encoder: any Encoder) throws {
    try state.encode(to: encoder)
  }
}

/// The generator that spreads one seed over the 256 bits of state.
///
/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

private func rotatedLeft(_ value: UInt64, by count: UInt64) -> UInt64 {
  (value << count) | (value >> (64 - count))
}
