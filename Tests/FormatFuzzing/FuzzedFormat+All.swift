internal import Foundation
internal import TestSupport

extension FuzzedFormat {
  /// The formats that can be fuzzed; to add one, write a function like these and name it here.
  package static func all() throws -> [FuzzedFormat] {
    [try npy(), try npz(), try zip(), try safetensors(), try pickle(), try pytorch()]
  }

  static func tokens(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  /// The fixtures of a folder with this ending, in the order of their names.
  static func fixtures(_ folder: String, _ ending: String) throws -> [[UInt8]] {
    try FileManager.default.contentsOfDirectory(atPath: fixturePath(folder)).filter { $0.hasSuffix(ending) }
      .sorted().map { try bytes(ofFile: fixturePath(folder) + "/" + $0) }
  }
}

extension [UInt8] {
  /// Writes a number, the least significant byte first, where there is room for it.
  mutating func put(_ number: UInt32, at place: Int, size: Int) {
    guard place >= 0, place + size <= count else { return }
    for index in 0..<size { self[place + index] = UInt8(truncatingIfNeeded: UInt64(number) >> (8 * index)) }
  }
}
