extension PickleReader {
  /// Whether a file that begins with these bytes is a pickle, as far as they tell.
  ///
  /// From protocol 2 on a pickle says so. Of the older ones those are recognised that begin with a container or
  /// an instance and put it into the memo, as all do that hold more than one word or number.
  static func isPickle(_ bytes: [UInt8]) -> Bool {
    if bytes.count > 1, bytes[0] == PickleOpcode.proto.rawValue { return (2...5).contains(bytes[1]) }
    guard let first = bytes.first.flatMap(PickleOpcode.init) else { return false }
    switch first {
    case .emptyDict, .emptyList:
      return bytes.count > 1 && [PickleOpcode.binput.rawValue, PickleOpcode.stop.rawValue].contains(bytes[1])
    case .global: return beginsWithName(bytes.dropFirst())
    case .mark:
      guard bytes.count > 1, let second = PickleOpcode(rawValue: bytes[1]) else { return false }
      switch second {
      case .dict, .list, .tuple:
        guard bytes.count > 2 else { return false }
        return bytes[2] == PickleOpcode.stop.rawValue
          || bytes[2] == PickleOpcode.put.rawValue && isDigit(bytes.dropFirst(3).first)
      case .inst, .global: return beginsWithName(bytes.dropFirst(2))
      default: return false
      }
    default: return false
    }
  }

  /// Whether two lines with a module and a name follow, as `collections` and `OrderedDict`, and then the memo or
  /// arguments, which tells them from a list of words.
  private static func beginsWithName(_ bytes: ArraySlice<UInt8>) -> Bool {
    let lines = bytes.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
    guard lines.count == 3, lines[..<2].allSatisfy({ line in !line.isEmpty && line.allSatisfy(isOfName) }),
      let next = lines[2].first.flatMap(PickleOpcode.init)
    else { return false }
    switch next {
    case .put: return isDigit(lines[2].dropFirst().first)
    case .binput: return lines[2].dropFirst().first.map { $0 < 0x20 } ?? false
    default: return next == .mark
    }
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      true
    default: isDigit(byte)
    }
  }

  private static func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }
}
