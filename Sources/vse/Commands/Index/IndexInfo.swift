import ArgumentParser
import Foundation
import Retrieval

struct IndexInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Tell what an index holds.")

  @Argument(help: "The index, a folder.")
  var index: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let index = try EmbeddingIndex(path: index)
    let summary = try index.summary()
    if json {
      try printJSON(Output(summary))
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
    }
  }

  private struct Output: Encodable {
    let photos, captions, rows, unusedRows, dim, vectorBytes, approximateFrom: Int
    let precision, model, modelIdentity: String

    init(_ summary: IndexSummary) {
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
