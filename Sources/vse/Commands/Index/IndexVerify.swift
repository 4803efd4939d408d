import ArgumentParser
import DataFormats
import Retrieval

struct IndexVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Read all of an index and compare it with its checksums.",
    discussion: """
      Ends with 1 when something is damaged. Items whose vectors are damaged can be removed with --repair; adding \
      their photos or captions once more makes them anew. Graphs of approximate searches are made anew by it. For example:
        vse index verify photos.index
        vse index verify photos.index --repair
      """)

  @Argument(help: "The index, a folder.", completion: .directory)
  var index: String

  @Flag(help: "Remove the damaged items.")
  var repair = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let index = try EmbeddingIndex(path: index)
    let total = try index.summary()
    let progress = RowProgress(rows: total.photos + total.captions, unit: "items")
    Interruption.install()
    let report = try index.verify(progress: { try progress.report(done: $0) }, waiting: Index.noteWaiting)
    Terminal.clearProgress()
    let removed =
      repair ? try index.remove(ids: report.damagedItems.map(\.id), waiting: Index.noteWaiting) : 0
    if repair, !report.damagedGraphs.isEmpty {
      try index.removeGraphs(of: report.damagedGraphs, waiting: Index.noteWaiting)
      _ = try Index.makeGraphs(of: index)
    }
    if json {
      try printJSON(
        Output(
          items: report.items, sound: report.isSound,
          damagedItems: report.damagedItems.map { ItemOutput($0) },
          damagedGraphs: report.damagedGraphs,
          catalogueProblems: report.catalogueProblems,
          vanishedPhotos: report.vanishedPhotos.map { ItemOutput($0) }, removed: removed))
    } else {
      for problem in report.catalogueProblems { print("catalogue: \(problem.shown())") }
      for item in report.damagedItems { print("damaged: \(item.line)") }
      for kind in report.damagedGraphs {
        print("damaged: the graph of \(kind.rawValue)s; vse index graph makes it anew")
      }
      for item in report.vanishedPhotos { print("file is gone: \(item.line)") }
      print(
        "\(self.index.shown()): \(counted(report.items, "item")), \(report.damagedItems.count) damaged"
          + outcome(removed))
    }
    if !report.isSound && !(repair && report.catalogueProblems.isEmpty) { throw ExitCode.failure }
  }

  private func outcome(_ removed: Int) -> String {
    removed > 0 ? ", which were removed; add their photos or captions once more" : ""
  }

  private struct Output: Encodable {
    let items: Int
    let sound: Bool
    let damagedItems: [ItemOutput]
    let damagedGraphs: [IndexItem.Kind]
    let catalogueProblems: [String]
    let vanishedPhotos: [ItemOutput]
    let removed: Int
  }
}

struct IndexCompact: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compact", abstract: "Give back the room of removed and replaced items.",
    discussion: """
      The vectors that are left are written anew, one after the other; 'vse index info' tells how many rows are unused. \
      For example:
        vse index remove photos.index --group beach.jpg
        vse index compact photos.index
      """)

  @Argument(help: "The index, a folder.", completion: .directory)
  var index: String

  func run() throws {
    let index = try EmbeddingIndex(path: index)
    let rows = try index.summary()
    let progress = RowProgress(rows: rows.rows - rows.unusedRows, unit: "rows")
    Interruption.install()
    let report = try index.compact(
      progress: { try progress.report(done: $0) }, waiting: Index.noteWaiting)
    _ = try Index.makeGraphs(of: index)
    print("\(self.index.shown()): \(counted(report.rowsBefore, "row")) before, \(report.rowsAfter) after")
  }
}
