import DataFormats
import Foundation
import TestSupport
import Testing

/// Pickles that are cut short, or made to take all memory or all time.
@Suite struct PickleHostilityTests {
  private func read(_ bytes: [UInt8]) throws -> [PickleValue] {
    try PickleReader.readAll(MappedFile(bytes: bytes, path: "x"))
  }

  private func fault(_ bytes: [UInt8]) -> PickleFault? {
    do {
      _ = try read(bytes)
      return nil
    } catch PickleError.invalid(_, _, let fault) { return fault } catch { return nil }
  }

  private func bytes(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

  private func little(_ number: Int, size: Int = 4) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  @Test(arguments: try expectedTexts("pickles", as: [String].self))
  func everyTruncationIsAnError(name: String, expected: [String]) throws {
    let whole = try TestSupport.bytes(ofFile: fixturePath("pickles/\(name).pkl"))
    for count in 0..<whole.count {
      let values = try? read(Array(whole[..<count]))
      // Only the first of two may stand alone.
      #expect(values == nil || values?.count ?? 0 < expected.count, "\(count) bytes")
    }
  }

  @Test func doublingTakesNeitherTimeNorMemory() {
    for (first, double) in [("]", "l"), (")", "t")] {
      var pickle = bytes(first + "q\u{0}")
      for level in UInt8(0)..<100 {
        pickle += [0x30, 0x28, 0x68, level, 0x68, level] + bytes(double) + [0x71, level + 1]
      }
      #expect(fault(pickle + bytes(".")) == .excessiveSharing)
      // As a key, or as an argument.
      #expect(fault(bytes("}") + pickle + bytes("Ns.")) != nil)
      #expect(fault(bytes("cm\nC\n") + pickle + [0x85, 0x81] + bytes(".")) == .excessiveSharing)
    }
  }

  @Test func honestSharingIsRead() throws {
    // Twenty dictionaries with the same keys, and a list that stands in each.
    let entry = bytes("}(h\u{0}h\u{1}h\u{2}h\u{1}u")
    let start =
      bytes("(S'key'\nq\u{0}0(") + [UInt8](repeating: 0x4E, count: 100) + bytes("lq\u{1}0S'other'\nq\u{2}0")
    let value = try read(start + (0..<20).flatMap { _ in entry } + bytes("l."))[0]
    #expect(value.elements?.count == 20 && value.elements?.last?["other"]?.elements?.count == 100)
  }

  /// An array copies its shape, and a string of bytes that is an array of strings a value for each.
  @Test func reusingOneArrayTakesNoMemory() {
    func arguments(_ kind: String, _ data: String, shape: String) -> [UInt8] {
      bytes("cnumpy.core.numeric\n_frombuffer\nq\u{0}0")
        + bytes("(S'\(data)'\ncnumpy\ndtype\n(S'\(kind)'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb")
        + bytes("(\(shape)tS'C'\ntq\u{1}0")
    }
    let ones = String(repeating: "I1\n", count: 64)
    let again = (0..<5000).flatMap { _ in bytes("h\u{0}h\u{1}R") }
    #expect(
      fault(arguments("f4", "abcd", shape: ones) + bytes("(") + again + bytes("l.")) == .excessiveSharing)
    let text = String(repeating: "a", count: 5000)
    let twice = bytes("(h\u{0}h\u{1}Rh\u{0}h\u{1}Rl.")
    #expect(fault(arguments("S1", text, shape: "I5000\n") + twice) == .excessiveSharing)
    let once = bytes("h\u{0}h\u{1}R.")
    #expect(throws: Never.self) { try read(arguments("S1", text, shape: "I5000\n") + once) }
  }

  @Test func reusingOneListTakesNoMemory() {
    let list = bytes("](") + [UInt8](repeating: 0x4E, count: 5000) + bytes("e\u{85}q\u{1}0")
    let again = (0..<5000).flatMap { _ in bytes("h\u{0}h\u{1}R") }
    for name in ["c__builtin__\nset\n", "c__builtin__\nfrozenset\n"] {
      #expect(fault(bytes(name + "q\u{0}0") + list + bytes("(") + again + bytes("l.")) == .excessiveSharing)
    }
    let arguments = bytes("(") + [UInt8](repeating: 0x4E, count: 5000) + bytes("tq\u{1}0")
    let instances = (0..<5000).flatMap { _ in bytes("h\u{0}h\u{1}\u{81}") }
    #expect(
      fault(bytes("cm\nC\nq\u{0}0") + arguments + bytes("(") + instances + bytes("l.")) == .excessiveSharing)
  }

  @Test func reusingOneStringTakesNoTime() {
    let count = 400_000
    let string = bytes("B") + little(count) + [UInt8](repeating: 0x61, count: count) + bytes("q\u{0}0")
    let dictionaries = (0..<25_000).flatMap { _ in bytes("}h\u{0}Ns") }
    #expect(fault(string + bytes("(") + dictionaries + bytes("l.")) == .excessiveSharing)
    let text =
      bytes("X") + little(count) + [UInt8](repeating: 0x61, count: count) + bytes("Vlatin1\n\u{86}q\u{0}0")
    let encoded = (0..<25_000).flatMap { _ in bytes("h\u{1}h\u{0}R") }
    #expect(
      fault(bytes("c_codecs\nencode\nq\u{1}0") + text + bytes("(") + encoded + bytes("l."))
        == .excessiveSharing)
  }

  @Test func depthIsBounded() throws {
    let limit = PickleReader.depthLimit
    let deepest = bytes(")") + [UInt8](repeating: 0x85, count: limit)
    #expect(try read(deepest + bytes(".")).count == 1)
    #expect(fault(deepest + [0x85] + bytes(".")) == .tooDeep(limit: limit))
    #expect(
      fault(bytes(")") + [UInt8](repeating: 0x85, count: 300_000) + bytes(".")) == .tooDeep(limit: limit))
    let lists = [UInt8](repeating: 0x5D, count: 300_000) + [UInt8](repeating: 0x61, count: 299_999)
    #expect(fault(lists + bytes(".")) == .tooDeep(limit: limit))
  }

  /// Values are released by recursion, which must fit any thread's stack.
  @Test func theDeepestValueIsReleasedOnASmallStack() {
    let pickle =
      [UInt8](repeating: 0x5D, count: 500) + [UInt8](repeating: 0x61, count: 499) + bytes(".")
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      for _ in 0..<2 { _ = try? PickleReader.readAll(MappedFile(bytes: pickle, path: "x")) }
      done.signal()
    }
    thread.stackSize = 256 << 10
    thread.start()
    done.wait()
  }

  @Test func marksAndMemosAreCheap() {
    #expect(fault([UInt8](repeating: 0x28, count: 300_000)) == .truncated(missing: 1))
    #expect(fault(bytes("N") + [UInt8](repeating: 0x94, count: 300_000)) == .truncated(missing: 1))
    #expect(
      fault(bytes("N") + (0..<50_000).flatMap { [0x72] + little($0 &* 2_654_435_761) })
        == .truncated(missing: 1))
  }
}
