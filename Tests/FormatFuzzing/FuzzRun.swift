internal import DataFormats
internal import TestSupport

/// Feeds a reader with damaged files, each made from a seed and a number, so that each can be made again alone.
package struct FuzzRun {
  /// Tells the most bytes that `body` held on the heap at once, or nil where this is not known.
  package typealias Meter = (_ body: () -> Void) -> Int?

  /// What our own readers may need for any file: libzip's search for a directory, zlib's window, chunks.
  package static let allowance = 1 << 20
  /// What a reader may need for each byte of a file, beyond twice the bytes that the file really holds.
  package static let multiple = 64
  package static let secondsAllowed = 1.0

  private let format: FuzzedFormat
  private let seed: UInt64
  private let meter: Meter

  package init(
    _ format: FuzzedFormat, seed: UInt64,
    meter: @escaping Meter = { body in
      body()
      return nil
    }
  ) {
    self.format = format
    self.seed = seed
    self.meter = meter
  }

  /// The damaged file of this number.
  package func input(_ number: Int) -> [UInt8] {
    // Any two numbers give generators that have nothing in common.
    var mixer = SeededGenerator(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
    var mutator = Mutator(format, random: SeededGenerator(seed: mixer.next()))
    return mutator.input()
  }

  /// Reads the file of this number and adds what happened to `report`.
  package func read(_ number: Int, into report: inout FuzzReport) {
    let bytes = input(number)
    let file = MappedFile(bytes: bytes, path: "fuzz")
    var outcome: Result<Int, any Error> = .success(0)
    let start = ContinuousClock.now
    let peak = meter { outcome = Result { try format.read(file) } }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    report.add(
      number, size: bytes.count, outcome: outcome, seconds: seconds, peak: peak,
      allowance: format.allowance)
  }
}
