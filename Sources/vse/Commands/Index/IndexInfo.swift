import ArgumentParser
import Foundation
import Retrieval
import Tensors

struct IndexInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Tell what an index holds.",
    discussion: """
      How many photos and captions, of which model, whether searches are exact, and what its graphs are. For example:
        vse index info photos.index
        vse index info photos.index --json
      """)

  @Argument(help: "The index, a folder.", completion: .directory)
  var index: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let index = try EmbeddingIndex(path: index)
    let summary = try index.summary()
    let graphs = try index.graphs()
    if json {
      try printJSON(Output(summary, graphs: graphs.map { GraphOutput($0.summary, isCurrent: $0.isCurrent) }))
    } else {
      print(
        """
        photos       \(summary.photos)
        captions     \(summary.captions)
        vectors      \(summary.rows) x \(summary.dim), \(summary.precision.rawValue), \
        \(String(format: "%.1f", Double(summary.vectorBytes) / 1e6)) MB
        unused rows  \(summary.unusedRows)\(summary.unusedRows > 0 ? " (vse index compact removes them)" : "")
        model        \(summary.modelPath.shown()) (\(summary.modelIdentity))
        search       exact below \(summary.approximateFrom) items of a kind, approximate from there on
        """)
      for graph in graphs { print(line(of: graph.summary, isCurrent: graph.isCurrent)) }
    }
  }

  private func line(of graph: GraphSummary, isCurrent: Bool) -> String {
    "graph        \(graph.items) \(graph.kind.rawValue)s, \(graph.recallText), "
      + String(format: "%.1f MB", Double(graph.byteCount) / 1e6)
      + (isCurrent ? "" : "; stale or damaged, so searches are exact: vse index graph makes it anew")
  }

  private struct GraphOutput: Encodable {
    let kind: IndexItem.Kind
    let items, breadth, bytes: Int
    let recallAt10: Double?
    let recallQueries: IndexItem.Kind
    let current: Bool

    init(_ graph: GraphSummary, isCurrent: Bool) {
      kind = graph.kind
      items = graph.items
      breadth = graph.breadth
      bytes = graph.byteCount
      recallAt10 = graph.recall
      recallQueries = graph.queries
      current = isCurrent
    }
  }

  private struct Output: Encodable {
    let photos, captions, rows, unusedRows, dim, vectorBytes, approximateFrom: Int
    let precision, model, modelIdentity: String
    let graphs: [GraphOutput]

    init(_ summary: IndexSummary, graphs: [GraphOutput]) {
      self.graphs = graphs
      photos = summary.photos
      captions = summary.captions
      rows = summary.rows
      unusedRows = summary.unusedRows
      dim = summary.dim
      vectorBytes = summary.vectorBytes
      approximateFrom = summary.approximateFrom
      precision = summary.precision.rawValue
      model = summary.modelPath
      modelIdentity = summary.modelIdentity
    }
  }
}
