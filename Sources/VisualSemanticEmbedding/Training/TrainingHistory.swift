internal import DataFormats
internal import Foundation

/// The scorings of the development set that a run of training has noted beside its model, NAME.history.jsonl.
package struct TrainingHistory: Sendable, Equatable {
  /// The scorings, in order.
  package let records: [ValidationRecord]
  /// Lines that are none, as a crash of the machine may leave one.
  package let unreadableLines: Int

  /// The history of the model at `path`; nil where there is none, or none that can be read.
  package init?(ofModel path: String) {
    guard let file = try? MappedFile(path: Checkpoint.historyPath(forModel: path)) else { return nil }
    self.init(lines: file.withBytes { Array($0) })
  }

  /// The records in `lines` of JSON.
  package init(lines: [UInt8]) {
    let decoder = JSONDecoder()
    let lines = lines.split(separator: UInt8.lineFeed)
    records = lines.compactMap { try? decoder.decode(ValidationRecord.self, from: Data($0)) }
    unreadableLines = lines.count - records.count
  }
}
