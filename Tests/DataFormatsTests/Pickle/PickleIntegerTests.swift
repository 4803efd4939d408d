import DataFormats
import Testing

@Suite struct PickleIntegerTests {
  @Test(
    arguments: [
      ([], 0), ([0], 0), ([255, 0], 255), ([255], -1), ([255, 255, 255], -1), ([0, 128], -32768),
      ([0, 128, 0], 32768),
      ([0, 0, 0, 0, 0, 0, 0, 128], Int.min), ([255, 255, 255, 255, 255, 255, 255, 127], Int.max),
      ([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1), ([254, 255, 255, 255, 255, 255, 255, 255, 255, 255], -2),
    ] as [([UInt8], Int)])
  func readsTwosComplement(bytes: [UInt8], value: Int) {
    let integer = PickleInteger(littleEndian: bytes)
    #expect(integer.int == value && integer == PickleInteger(Int64(value)))
    #expect(PickleInteger(littleEndian: integer.littleEndianBytes) == integer)
    #expect(integer.description == String(value) && integer.isNegative == (value < 0))
  }

  @Test(arguments: [
    "9223372036854775808", "-9223372036854775809", "18446744073709551616", "-18446744073709551616",
    "10000000000000000000", "100000000000000000000000000000000000000000",
    "-340282366920938463463374607431768211456",
    "170141183460469231731687303715884105727", "-170141183460469231731687303715884105728",
  ])
  func readsAndWritesLargeDecimals(digits: String) throws {
    let integer = try #require(PickleInteger(decimal: digits.utf8))
    #expect(integer.int == nil && integer.decimal == digits && integer.isNegative == digits.hasPrefix("-"))
    #expect(PickleInteger(littleEndian: integer.littleEndianBytes) == integer)
  }

  @Test func powersOfTwoHaveTheRightBytes() throws {
    // 2^64 and -2^64, with a byte for the sign.
    let digits = "18446744073709551616"
    #expect(
      try #require(PickleInteger(decimal: digits.utf8)).littleEndianBytes == [0, 0, 0, 0, 0, 0, 0, 0, 1])
    #expect(
      try #require(PickleInteger(decimal: ("-" + digits).utf8)).littleEndianBytes
        == [0, 0, 0, 0, 0, 0, 0, 0, 255])
  }

  @Test(arguments: ["", "-", "+", "--1", "1 ", " 1", "1.0", "0x10", "١"])
  func refusesOtherText(digits: String) { #expect(PickleInteger(decimal: digits.utf8) == nil) }

  @Test func ignoresLeadingZerosAndPlus() {
    #expect(PickleInteger(decimal: "+007".utf8)?.int == 7)
    #expect(PickleInteger(decimal: String(repeating: "0", count: 100).utf8)?.int == 0)
    #expect(PickleInteger(decimal: "-0".utf8)?.int == 0)
  }

  @Test func digitsAreLimited() throws {
    let longest = "1" + String(repeating: "0", count: PickleInteger.digitLimit - 1)
    #expect(try #require(PickleInteger(decimal: longest.utf8)).description == "an integer of 41524 bytes")
    #expect(PickleInteger(decimal: (longest + "0").utf8) == nil)
    let huge = PickleInteger(littleEndian: [UInt8](repeating: 1, count: 50_000))
    #expect(huge.decimal == nil && huge.description == "an integer of 50000 bytes")
  }
}
