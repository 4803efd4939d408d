/// The conversion of 16-bit floating-point numbers to float32, which is exact.
///
/// It is done with integer operations, since x86-64 without F16C calls a function for each `Float16`, and these
/// loops become vector code on every processor.
public enum HalfPrecision {
  /// Converts IEEE 754 binary16 numbers (little-endian, of any alignment), as many as `destination` holds.
  public static func convertFloat16(
    _ source: UnsafeRawBufferPointer, into destination: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(source.count == 2 * destination.count, "source and destination must have the same length")
    guard let halves = source.baseAddress, let floats = destination.baseAddress else { return }
    for index in 0..<destination.count {
      floats[index] = float(fromFloat16: halves.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self))
    }
  }

  /// Converts bfloat16 numbers (the upper halves of float32), as many as `destination` holds.
  public static func convertBFloat16(
    _ source: UnsafeRawBufferPointer, into destination: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(source.count == 2 * destination.count, "source and destination must have the same length")
    guard let halves = source.baseAddress, let floats = destination.baseAddress else { return }
    for index in 0..<destination.count {
      let bits = halves.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self)
      floats[index] = Float(bitPattern: UInt32(bits) &<< 16)
    }
  }

  /// Moves the ten bits of fraction to the top of the 23, and the exponent from bias 15 to bias 127.
  ///
  /// Infinity and NaN (exponent 31) go up to exponent 255, by 112 more. A subnormal f · 2⁻²⁴ is read as the
  /// fraction of a number with exponent 2⁻¹⁴, from which 2⁻¹⁴ is then taken; this is exact, and does not
  /// depend on whether the processor is set to flush float32 subnormals.
  @inline(__always)
  private static func float(fromFloat16 half: UInt16) -> Float {
    let magnitude = UInt32(half & 0x7FFF) &<< 13
    let exponent = magnitude & 0x0F80_0000
    let rebased = magnitude &+ (112 &<< 23) &+ (exponent == 0x0F80_0000 ? 112 &<< 23 : 0)
    let subnormal = Float(bitPattern: magnitude &+ (113 &<< 23)) - Float(bitPattern: 113 &<< 23)
    let bits = exponent == 0 ? subnormal.bitPattern : rebased
    return Float(bitPattern: bits | UInt32(half & 0x8000) &<< 16)
  }
}
