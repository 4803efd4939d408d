import DataFormats
import TestSupport
import Testing

@Suite struct ArrayDataTests {
  #if !(os(macOS) && arch(x86_64))
    @Test func everyFloat16IsConvertedExactly() throws {
      let array = try ArrayData(
        elementType: .float16, shape: [65536],
        bytes: (0..<65536).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
      for (bits, found) in try array.float32Values().enumerated() {
        let expected = Float(Float16(bitPattern: UInt16(bits)))
        if found.bitPattern != expected.bitPattern && !(found.isNaN && expected.isNaN) {
          Issue.record("\(bits): \(found), expected \(expected)")
        }
      }
    }
  #endif

  @Test func bfloat16IsTheUpperHalfOfFloat32() throws {
    let array = try ArrayData(
      elementType: .bfloat16, shape: [3], bytes: [0x80, 0x3F, 0x49, 0xC0, 0x80, 0x7F])
    #expect(try array.float32Values() == [1, -3.140625, .infinity])
  }

  @Test func numbersRoundTrip() throws {
    #expect(try ArrayData([Int64.min, .max]).values(as: Int64.self) == [.min, .max])
    #expect(try ArrayData([UInt32(3), .max]).float32Values() == [3, 0x1p32])
    #expect(try ArrayData([UInt16(0), 65535]).float32Values() == [0, 65535])
    #expect(try ArrayData([Double(0.1), -.infinity]).float32Values() == [0.1, -.infinity])
    #expect(try ArrayData([Float]()).float32Values() == [])
    #expect(ArrayData([Float](repeating: 0, count: 6), shape: [1, 2, 3]).byteCount == 24)
    #expect(ArrayData([Int32(5)], shape: []).elementCount == 1)
  }

  @Test func float64BeyondFloat32IsRefused() {
    #expect(throws: ArrayDataError.beyondFloat32(index: 1, value: 1e300)) {
      try ArrayData([0, 1e300]).float32Values()
    }
  }

  @Test func otherElementTypeIsRefused() {
    #expect(throws: ArrayDataError.wrongElementType(expected: .int32, found: .float32)) {
      try ArrayData([Float(1)]).values(as: Int32.self)
    }
  }

  @Test func bytesMustFitTheShape() {
    #expect(throws: ArrayDataError.wrongByteCount(expected: 4, found: 3)) {
      try ArrayData(elementType: .int16, shape: [2], bytes: [1, 2, 3])
    }
  }

  @Test(arguments: [[-1], [0, -1], [Int.max], [Int.max, 0, 3], [1 << 31, 1 << 31, 2]])
  func shapesMustBeCountable(shape: [Int]) {
    #expect(throws: ArrayDataError.impossibleShape(shape)) {
      try ArrayData(elementType: .int16, shape: shape, bytes: [])
    }
  }

  @Test(
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64)])
  func checksumHasThePublishedValues(text: String, expected: UInt64) {
    var hash = XXHash64()
    hash.update(text.utf8)
    #expect(hash.finalized() == expected)
  }

  @Test func checksumDoesNotDependOnThePieces() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ $0 >> 3) }
    var whole = XXHash64()
    whole.update(bytes)
    for size in [1, 3, 8, 31, 32, 33, 64, 999] {
      var hash = XXHash64()
      for start in stride(from: 0, to: bytes.count, by: size) {
        hash.update(bytes[start..<min(start + size, bytes.count)])
      }
      #expect(hash.finalized() == whole.finalized(), "pieces of \(size)")
    }
  }
}
