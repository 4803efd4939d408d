import CKernels
import Tensors
import TestSupport
import Testing

@Suite struct RoundingTests {
  private func rounded(_ values: [Float]) -> [UInt16] {
    var result = [UInt16](repeating: 0, count: values.count)
    ck_to_bfloat16(values, &result, values.count)
    return result
  }

  private func widened(_ values: [UInt16]) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    ck_from_bfloat16(values, &result, values.count)
    return result
  }

  @Test func everyBFloat16RoundTrips() {
    let all = (0...UInt16.max).map { $0 }
    let floats = widened(all)
    for (value, float) in zip(all, floats) { #expect(float.bitPattern == UInt32(value) << 16) }
    for (value, back) in zip(all, rounded(floats)) {
      let float = Float(bitPattern: UInt32(value) << 16)
      if float.isNaN {
        #expect(Float(bitPattern: UInt32(back) << 16).isNaN)
        #expect(back & 0x8000 == value & 0x8000)
      } else {
        #expect(back == value)
      }
    }
  }

  /// Between every two neighbours: the middle goes to the even one, what is beside it to the nearer one.
  @Test func nearestAndTiesToEven() {
    var values: [Float] = []
    var expected: [UInt16] = []
    for low in UInt16(0)..<0x7f80 {  // the last upper neighbour is infinity
      let bits = UInt32(low) << 16
      for sign in [UInt32(0), 0x8000_0000] {
        for (tail, result) in [
          (UInt32(1), low), (0x7fff, low), (0x8000, low & 1 == 0 ? low : low + 1), (0x8001, low + 1),
          (0xffff, low + 1),
        ] {
          values.append(Float(bitPattern: sign | bits | tail))
          expected.append(UInt16(sign >> 16) | result)
        }
      }
    }
    #expect(rounded(values) == expected)
  }

  @Test func specialNumbers() {
    let smallNaN = Float(bitPattern: 0x7f80_0001)  // its mantissa is lost with the lower half
    let values: [Float] = [
      .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, smallNaN, .nan,
    ]
    let result = widened(rounded(values))
    #expect(result[0] == .infinity && result[1] == -.infinity)
    #expect(result[2].bitPattern == 0 && result[3].bitPattern == 0x8000_0000)
    #expect(result[4] == 0)
    #expect(result[5] == .infinity)
    #expect(result[6].isNaN && result[7].isNaN)
  }

  @Test(arguments: [1, 15, 16, 17, 31, 33, 130]) func lengthsThatAreNoMultiples(count: Int) {
    let matrix = randomMatrix(rows: 3, columns: count, seed: 1, strided: true)
    let found = operand(matrix, .bfloat16, strided: true).float32Copy()
    for (a, b) in zip(found.values, matrix.values) {
      #expect(a == Float(bitPattern: (b.bitPattern + 0x7fff + (b.bitPattern >> 16 & 1)) & 0xffff_0000))
    }
  }
}
