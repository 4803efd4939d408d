/// The checksum SHA-256 of bytes that come in pieces.
///
/// Written from [FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), sections 4.1.2, 5.1.1 and 6.2.
package struct SHA256 {
  private static let constants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]

  private var state: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// The bytes of a block that is not yet complete, fewer than 64.
  private var pending: [UInt8] = []
  private var count: UInt64 = 0

  package init() { pending.reserveCapacity(64) }

  /// Appends bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    count &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let missing = rest.prefix(64 - pending.count)
      pending.append(contentsOf: missing)
      rest = rest.dropFirst(missing.count)
      guard pending.count == 64 else { return }
      pending.withUnsafeBytes { Self.consume($0, into: &state) }
      pending.removeAll(keepingCapacity: true)
    }
    let blocks = rest.prefix(rest.count / 64 * 64)
    Self.consume(UnsafeRawBufferPointer(rebasing: blocks), into: &state)
    pending.append(contentsOf: rest.dropFirst(blocks.count))
  }

  /// The checksum of all bytes so far, 64 hexadecimal digits.
  package consuming func finalized() -> String {
    let bits = count &* 8
    var end: [UInt8] = [0x80]
    while (pending.count + end.count) % 64 != 56 { end.append(0) }
    for shift in stride(from: 56, through: 0, by: -8) { end.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    end.withUnsafeBytes { update($0) }
    return state.indices.map { index in
      let digits = String(state[index], radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// Mixes whole blocks of 64 bytes into the state.
  private static func consume(_ blocks: UnsafeRawBufferPointer, into state: inout InlineArray<8, UInt32>) {
    let constants = constants
    // Of the message schedule only the last sixteen words are ever needed.
    var words = InlineArray<16, UInt32>(repeating: 0)
    for start in stride(from: 0, to: blocks.count, by: 64) {
      for index in 0..<16 {
        words[index] = UInt32(
          bigEndian: blocks.loadUnaligned(fromByteOffset: start &+ 4 &* index, as: UInt32.self))
      }
      var variables = Variables(state)
      for round in stride(from: 0, to: 64, by: 16) {
        if round > 0 { extend(&words) }
        for index in 0..<16 { variables.mix(words[index] &+ constants[round &+ index]) }
      }
      variables.add(to: &state)
    }
  }

  /// Puts the next sixteen words of the schedule in the place of the last.
  @inline(__always)
  private static func extend(_ words: inout InlineArray<16, UInt32>) {
    for index in 0..<16 {
      let (w15, w2) = (words[(index &+ 1) & 15], words[(index &+ 14) & 15])
      let sigma0 = rotated(w15, 7) ^ rotated(w15, 18) ^ w15 &>> 3
      let sigma1 = rotated(w2, 17) ^ rotated(w2, 19) ^ w2 &>> 10
      words[index] = words[index] &+ sigma0 &+ words[(index &+ 9) & 15] &+ sigma1
    }
  }

  /// The working variables of the rounds.
  private struct Variables {
    var a, b, c, d, e, f, g, h: UInt32

    @inline(__always)
    init(_ state: InlineArray<8, UInt32>) {
      (a, b, c, d) = (state[0], state[1], state[2], state[3])
      (e, f, g, h) = (state[4], state[5], state[6], state[7])
    }

    /// One round, with the sum of its word and its constant.
    @inline(__always)
    mutating func mix(_ word: UInt32) {
      let sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let choice = g ^ e & (f ^ g)
      let first = h &+ sum1 &+ choice &+ word
      let sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let majority = a & b | c & (a | b)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ sum0 &+ majority)
    }

    @inline(__always)
    func add(to state: inout InlineArray<8, UInt32>) {
      for (index, variable) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= variable }
    }
  }
}

@inline(__always)
private func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
  word &>> count | word &<< (32 &- count)
}
