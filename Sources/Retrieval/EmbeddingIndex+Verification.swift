import Foundation

/// What is wrong with an index.
public struct VerificationReport: Sendable, Equatable {
  /// How many items were looked at.
  public var items = 0
  /// Items whose vectors, or whose entries in the catalogue, do not have their checksums.
  public var damagedItems: [IndexItem] = []
  /// Whose graphs are missing or do not have their checksums; searches are exact then.
  public var damagedGraphs: [IndexItem.Kind] = []
  /// What SQLite finds wrong with the catalogue.
  public var catalogueProblems: [String] = []
  /// Photos whose files are not there any more; they are found as before.
  public var vanishedPhotos: [IndexItem] = []

  /// Nothing looked at yet.
  public init() {}

  /// Whether everything is as it was written; photos may have vanished.
  public var isSound: Bool { damagedItems.isEmpty && damagedGraphs.isEmpty && catalogueProblems.isEmpty }
}

extension EmbeddingIndex {
  /// Reads everything and compares it with its checksums.
  ///
  /// - Parameter progress: told how many items are done; what it throws stops the work.
  /// - Throws: `IndexError` where the index cannot be read at all.
  public func verify(
    progress: (Int) throws -> Void = { _ in }, waiting: () -> Void = {}
  ) throws -> VerificationReport {
    // One long transaction: writers wait for the lock rather than run into SQLite's time limit. Where there is no
    // right to write, there are no writers of ours either.
    let lock = try? lock(waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    // From the disk's file, not from what an earlier search has verified.
    snapshot = nil
    let current = try currentSnapshot()
    var report = VerificationReport()
    report.catalogueProblems = try catalogue.integrityProblems()
    report.damagedGraphs = try catalogue.read { try catalogue.graphs($0) }.filter { !isWhole($0) }.map(\.kind)
    try catalogue.forEachItem { item, checksum, isFile, isWhole in
      let isThere = item.row >= 0 && item.row < current.state.committedRows
      if !isWhole || !isThere || current.table.checksum(ofRow: item.row) != checksum {
        report.damagedItems.append(item)
      } else if isFile, access(item.name, F_OK) != 0 {
        report.vanishedPhotos.append(item)
      }
      report.items += 1
      if report.items % 1000 == 0 { try progress(report.items) }
    }
    return report
  }
}
