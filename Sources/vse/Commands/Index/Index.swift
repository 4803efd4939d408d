import ArgumentParser
import Foundation
import Retrieval

struct Index: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep the vectors of photos and captions, to be searched.",
    discussion: """
      An index is a folder. Adding can be interrupted and repeated: what is there already is skipped, what has \
      changed is replaced, and what was reported as added survives a crash. For example:
        vse index add photos.index --model model.safetensors --features features.npy --names names.txt
        vse search photos.index "a dog on a beach"
      """,
    subcommands: [
      IndexAdd.self, IndexList.self, IndexInfo.self, IndexRemove.self, IndexVerify.self, IndexCompact.self,
      IndexGraph.self,
    ])

  /// Makes the graphs that are wanted and missing or stale, and shows how far it is.
  static func makeGraphs(of index: EmbeddingIndex, forced: Bool = false) throws -> [GraphSummary] {
    var progress: RowProgress?
    var shown: IndexItem.Kind?
    return try index.makeGraphs(
      forced: forced,
      progress: { kind, done, items in
        if shown != kind {
          shown = kind
          progress = RowProgress(rows: items, unit: "\(kind.rawValue)s linked")
        }
        try progress?.report(done: done)
      }, waiting: noteWaiting)
  }

  /// Tells on standard error that another process has the index.
  static func noteWaiting() { Terminal.note("waiting: another process is changing the index") }
}

struct IndexGraph: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Make the graphs of approximate searches anew.",
    discussion: """
      They are made on their own when items are added to a large index. Searches are exact while there is none. For example:
        vse index graph photos.index
        vse index graph photos.index --threads 4
      """)

  @Argument(help: "The index, a folder.", completion: .directory)
  var index: String

  @OptionGroup var compute: ComputeOptions

  func run() throws {
    _ = compute.apply()
    let index = try EmbeddingIndex(path: index)
    Interruption.install()
    for graph in try Index.makeGraphs(of: index, forced: true) {
      print(
        "\(self.index.shown()): linked \(graph.items) \(graph.kind.rawValue)s, \(graph.recallText)")
    }
  }
}

extension GraphSummary {
  /// What searches find through it, and with what that was measured.
  var recallText: String {
    "recall@10 \(recall.map { String(format: "%.3f", $0) } ?? "unknown") at a breadth of \(breadth), measured with "
      + "\(queries.rawValue)s of the index as queries"
  }
}
