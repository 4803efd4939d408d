import Foundation
import Tensors
import Testing

/// The expected numbers are what Fixtures/random/expected.py prints.
@Suite("Seeded random numbers")
struct SeededRandomNumberGeneratorTests {
  @Test("The sequence from a known state is that of xoshiro256**")
  func sequenceOfKnownState() throws {
    var generator = try #require(SeededRandomNumberGenerator(state: [1, 2, 3, 4]))
    let expected: [UInt64] = [
      11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
      607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
    ]
    #expect(expected.indices.map { _ in generator.next() } == expected)
  }

  struct Seeding: Sendable {
    let seed: UInt64
    let state: [UInt64]
    let next: [UInt64]
  }

  @Test(
    "A seed is spread over the state by splitmix64",
    arguments: [
      Seeding(
        seed: 0,
        state: [
          16_294_208_416_658_607_535, 7_960_286_522_194_355_700, 487_617_019_471_545_679,
          17_909_611_376_780_542_444,
        ],
        next: [
          11_091_344_671_253_066_420, 13_793_997_310_169_335_082, 1_900_383_378_846_508_768,
          7_684_712_102_626_143_532,
        ]),
      Seeding(
        seed: 1234,
        state: [
          13_478_418_381_427_711_195, 10_936_887_474_700_444_964, 3_728_693_401_281_897_946,
          5_648_149_391_703_318_579,
        ],
        next: [
          840_842_556_444_225_107, 15_548_185_570_577_040_190, 12_744_864_379_734_484_625,
          16_053_630_745_032_034_027,
        ]),
      Seeding(
        seed: .max,
        state: [
          16_490_336_266_968_443_936, 16_834_447_057_089_888_969, 4_048_727_598_324_417_001,
          7_862_637_804_313_477_842,
        ],
        next: [
          10_328_197_420_357_168_392, 14_156_678_507_024_973_869, 9_357_971_779_955_476_126,
          13_791_585_006_304_312_367,
        ]),
    ])
  func seeding(_ expected: Seeding) {
    var generator = SeededRandomNumberGenerator(seed: expected.seed)
    #expect(generator.state == expected.state)
    #expect((0..<4).map { _ in generator.next() } == expected.next)
  }

  @Test("Uniform numbers are the upper 24 bits of a draw")
  func uniformKnownAnswers() {
    var generator = SeededRandomNumberGenerator(seed: 7)
    let drawn = (0..<4).map { _ in generator.uniform() * 0x1p24 }
    #expect(drawn == [11_753_722, 4_676_669, 14_086_611, 16_460_088])
  }

  @Test("Normal numbers follow Box and Muller, from two draws each")
  func normalKnownAnswers() {
    var generator = SeededRandomNumberGenerator(seed: 7)
    let expected: [Float] = [
      -0.15157274547711355, 0.5870995807125802, 0.09447186106493743, 1.8752973921594798,
    ]
    for value in expected {
      #expect(abs(generator.normal() - value) <= value.magnitude.ulp)
    }
    var stepped = SeededRandomNumberGenerator(seed: 7)
    for _ in 0..<8 { _ = stepped.next() }
    #expect(generator == stepped)
  }

  @Test("Normal numbers have mean 0, variance 1 and a fourth moment of 3")
  func normalMoments() {
    var generator = SeededRandomNumberGenerator(seed: 99)
    let count = 200_000
    var moments: (first: Double, second: Double, fourth: Double) = (0, 0, 0)
    for _ in 0..<count {
      let value = Double(generator.normal())
      moments.first += value / Double(count)
      moments.second += value * value / Double(count)
      moments.fourth += value * value * value * value / Double(count)
    }
    #expect(abs(moments.first) < 0.01)
    #expect(abs(moments.second - 1) < 0.02)
    #expect(abs(moments.fourth - 3) < 0.15)
  }

  @Test("Bounded integers agree with the script where many draws are rejected")
  func boundedKnownAnswers() {
    // A quarter of all draws is rejected below 3 · 2⁶¹.
    var generator = SeededRandomNumberGenerator(seed: 7)
    let drawn = (0..<6).map { _ in generator.integer(below: 3 << 61) }
    #expect(
      drawn == [
        4_846_258_151_560_678_497, 1_928_269_721_375_543_502, 5_808_147_339_934_739_864,
        6_037_439_055_838_090_395, 420_254_273_381_114_143, 722_437_603_611_755_698,
      ])
  }

  @Test("Each integer below a bound comes equally often", arguments: [1, 2, 3, 7, 100])
  func boundedIsEven(bound: Int) {
    var generator = SeededRandomNumberGenerator(seed: 5)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<(10_000 * bound) { counts[generator.integer(below: bound)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 600 })
  }

  @Test("Permutations agree with the script, and short ones are what they must be")
  func permutations() {
    var generator = SeededRandomNumberGenerator(seed: 7)
    #expect(generator.permutation(of: 12) == [2, 10, 4, 1, 5, 0, 6, 7, 9, 11, 3, 8])
    let before = generator
    #expect(generator.permutation(of: 0) == [])
    #expect(generator.permutation(of: 1) == [0])
    #expect(generator == before)
    #expect(generator.permutation(of: 1000).sorted() == Array(0..<1000))
  }

  @Test("Every order of three comes equally often")
  func permutationIsEven() {
    var generator = SeededRandomNumberGenerator(seed: 3)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<60_000 { counts[generator.permutation(of: 3), default: 0] += 1 }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 10_000) < 500 })
  }

  @Test("Uniform numbers stay inside their range, even one of two neighbouring numbers")
  func uniformInRange() {
    var generator = SeededRandomNumberGenerator(seed: 1)
    var smallest: Float = 1
    var largest: Float = -1
    for _ in 0..<100_000 {
      let value = generator.uniform(in: -0.1..<0.1)
      #expect((-0.1..<0.1).contains(value))
      smallest = min(smallest, value)
      largest = max(largest, value)
    }
    #expect(smallest < -0.099)
    #expect(largest > 0.099)
    let one: Float = 1
    #expect((0..<1000).allSatisfy { _ in generator.uniform(in: one..<one.nextUp) == one })
  }

  @Test("A state read and restored goes on with the same numbers")
  func restoring() throws {
    var generator = SeededRandomNumberGenerator(seed: 42)
    _ = generator.normal()
    var restored = try #require(SeededRandomNumberGenerator(state: generator.state))
    let data = try JSONEncoder().encode(generator)
    var decoded = try JSONDecoder().decode(SeededRandomNumberGenerator.self, from: data)
    for _ in 0..<10 {
      let expected = generator.next()
      #expect(restored.next() == expected)
      #expect(decoded.next() == expected)
    }
  }

  @Test(
    "What is no state is refused",
    arguments: [[], [1, 2, 3], [1, 2, 3, 4, 5], [0, 0, 0, 0]] as [[UInt64]])
  func invalidState(_ state: [UInt64]) throws {
    #expect(SeededRandomNumberGenerator(state: state) == nil)
    let data = try JSONEncoder().encode(state)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(SeededRandomNumberGenerator.self, from: data)
    }
  }
}
