/// The 64-bit checksum XXH64 of Yann Collet, of bytes that come in pieces.
///
/// Four 64-bit lanes of multiply and rotate, about 10 GB/s; it finds accidents, and is no defence against
/// someone who means to deceive. Written from the
/// [specification](https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md).
package struct XXHash64 {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  private var lanes: (UInt64, UInt64, UInt64, UInt64)
  /// The bytes of a stripe that is not yet complete, fewer than 32.
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  package init() {
    lanes = (Self.prime1 &+ Self.prime2, Self.prime2, 0, 0 &- Self.prime1)
    pending.reserveCapacity(32)
  }

  /// Appends bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let missing = rest.prefix(32 - pending.count)
      pending.append(contentsOf: missing)
      rest = rest.dropFirst(missing.count)
      guard pending.count == 32 else { return }
      pending.withUnsafeBytes { lanes = Self.consumed($0, by: lanes) }
      pending.removeAll(keepingCapacity: true)
    }
    let stripes = rest.prefix(rest.count / 32 * 32)
    lanes = Self.consumed(UnsafeRawBufferPointer(rebasing: stripes), by: lanes)
    pending.append(contentsOf: rest.dropFirst(stripes.count))
  }

  /// Appends bytes.
  package mutating func update(_ bytes: some Collection<UInt8>) {
    Array(bytes).withUnsafeBytes { update($0) }
  }

  /// The checksum of all bytes so far.
  package func finalized() -> UInt64 {
    var hash: UInt64
    if length >= 32 {
      hash =
        Self.rotated(lanes.0, 1) &+ Self.rotated(lanes.1, 7) &+ Self.rotated(lanes.2, 12)
        &+ Self.rotated(lanes.3, 18)
      for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
        hash = (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
      }
    } else {
      hash = Self.prime5
    }
    hash &+= length
    pending.withUnsafeBytes { hash = Self.mixed(hash, with: $0) }
    hash = (hash ^ hash &>> 33) &* Self.prime2
    hash = (hash ^ hash &>> 29) &* Self.prime3
    return hash ^ hash &>> 32
  }

  /// The lanes after whole stripes of 32 bytes.
  private static func consumed(
    _ stripes: UnsafeRawBufferPointer, by lanes: (UInt64, UInt64, UInt64, UInt64)
  ) -> (UInt64, UInt64, UInt64, UInt64) {
    guard let base = stripes.baseAddress else { return lanes }
    var (a, b, c, d) = lanes
    for offset in stride(from: 0, to: stripes.count, by: 32) {
      a = round(a, word(base, offset))
      b = round(b, word(base, offset &+ 8))
      c = round(c, word(base, offset &+ 16))
      d = round(d, word(base, offset &+ 24))
    }
    return (a, b, c, d)
  }

  /// The last bytes, fewer than 32: by eight, by four, by one.
  private static func mixed(_ start: UInt64, with tail: UnsafeRawBufferPointer) -> UInt64 {
    var hash = start
    var offset = 0
    while offset + 8 <= tail.count {
      let word = UInt64(littleEndian: tail.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      hash = rotated(hash ^ round(0, word), 27) &* prime1 &+ prime4
      offset += 8
    }
    if offset + 4 <= tail.count {
      let word = UInt32(littleEndian: tail.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      hash = rotated(hash ^ UInt64(word) &* prime1, 23) &* prime2 &+ prime3
      offset += 4
    }
    for byte in tail[offset...] {
      hash = rotated(hash ^ UInt64(byte) &* prime5, 11) &* prime1
    }
    return hash
  }

  @inline(__always)
  private static func word(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotated(lane &+ word &* prime2, 31) &* prime1
  }

  @inline(__always)
  private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value &<< count | value &>> (64 &- count)
  }
}
