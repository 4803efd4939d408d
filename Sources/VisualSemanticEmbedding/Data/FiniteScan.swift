/// Looks for NaN and infinity, the numbers whose exponent is all ones, by their bits.
///
/// Adding one to the exponent of a number without its sign carries into the place of the sign exactly when
/// the exponent is all ones; so and, add, or, which the compiler turns into vector code, and one test at the
/// end. Only for little-endian hosts; the bytes may have any alignment.
enum FiniteScan {
  static func allFinite(float32 bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    var carries: UInt32 = 0
    for index in 0..<bytes.count / 4 {
      let bits = base.loadUnaligned(fromByteOffset: 4 &* index, as: UInt32.self)
      carries |= (bits & 0x7FFF_FFFF) &+ 0x0080_0000
    }
    return carries & 0x8000_0000 == 0
  }

  static func allFinite(float16 bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    var carries: UInt16 = 0
    for index in 0..<bytes.count / 2 {
      let bits = base.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
      carries |= (bits & 0x7FFF) &+ 0x0400
    }
    return carries & 0x8000 == 0
  }
}
