package import DataFormats

/// A format whose reader is fed damaged files.
package struct FuzzedFormat: Sendable {
  /// The name on the command line.
  package let name: String
  /// Valid files, of every feature of the format.
  package let seeds: [[UInt8]]
  /// Pieces of files that are worth inserting: signatures, keywords, brackets.
  package let tokens: [[UInt8]]
  /// How many inputs the `fuzz` program makes when it is not told.
  package let inputs: Int
  /// The bytes of memory that reading any file may need.
  package let allowance: Int
  /// Makes lengths, places and checksums fit again, as far as it can, so that damage behind them is reached too;
  /// done to every other input.
  package let repair: @Sendable (inout [UInt8]) -> Void
  /// Reads all of a file, as programs do, and returns how many bytes that gave, so that memory beyond what the
  /// file really holds can be told.
  package let read: @Sendable (MappedFile) throws -> Int

  package init(
    name: String, seeds: [[UInt8]], tokens: [[UInt8]], inputs: Int = 1_000_000,
    allowance: Int = FuzzRun.allowance, repair: @escaping @Sendable (inout [UInt8]) -> Void,
    read: @escaping @Sendable (MappedFile) throws -> Int
  ) {
    precondition(!seeds.isEmpty, "there is nothing to damage without valid files")
    self.name = name
    self.seeds = seeds
    self.tokens = tokens
    self.inputs = inputs
    self.allowance = allowance
    self.repair = repair
    self.read = read
  }
}
