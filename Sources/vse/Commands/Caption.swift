import ArgumentParser
import Foundation
import Retrieval
import Tensors
import VisualSemanticEmbedding

struct CaptionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "caption",
    abstract: "Caption images by retrieval: the nearest of many captions.",
    discussion: """
      The captions are those of an index, or of a text file, one a line. Images come as rows of features. For example:
        vse caption --features test_ims.npy --model model.safetensors --captions train_caps.txt -k 5
        vse caption --features test_ims.npy --names test.txt --index photos.index --json
      """)

  @Option(help: ArgumentHelp("Features of images, an .npy file.", valueName: "file.npy"))
  var features: String

  @Option(help: ArgumentHelp("Names of these images, one a line (default: their rows).", valueName: "file"))
  var names: String?

  @Option(
    help: ArgumentHelp(
      "Rows of features that follow each other for each image, averaged.", valueName: "count"))
  var crops = 1

  @Option(help: ArgumentHelp("The index whose captions to choose from.", valueName: "folder"))
  var index: String?

  @Option(help: ArgumentHelp("The model; with --index the one that made it.", valueName: "file"))
  var model: String?

  @Option(help: ArgumentHelp("Captions to choose from, one a line.", valueName: "file"))
  var captions: String?

  @Option(name: .customShort("k"), help: ArgumentHelp("Give so many for each image.", valueName: "count"))
  var count = 5

  @Flag(help: "Print JSON, an object a line for each image.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if count < 1 { throw ValidationError("-k must be 1 or more") }
    if crops < 1 { throw ValidationError("--crops must be 1 or more") }
    if (index == nil) == (captions == nil) {
      throw ValidationError("say where the captions are: --index INDEX, or --model MODEL --captions FILE")
    }
    if captions != nil, model == nil { throw ValidationError("--captions needs --model MODEL") }
  }

  /// Images whose vectors are made, and answered, at a time.
  private static let imagesPerBlock = 1024

  func run() throws {
    let precision = compute.apply()
    let table = try FeatureTable(path: features, crops: crops)
    let names = try names.map { try ItemLines.names(of: $0, count: table.rowCount, itemFile: features) }
    let given = try model.map { try ModelFile.read($0, precision: precision) }
    let source = try Source(index: index, captions: captions, model: given)
    let images = RowProgress(rows: table.rowCount, unit: "images")
    Interruption.install()
    for start in stride(from: 0, to: table.rowCount, by: Self.imagesPerBlock) {
      let rows = Array(start..<min(start + Self.imagesPerBlock, table.rowCount))
      let answers = try source.answers(for: table, rows: rows, count: count)
      for (row, answer) in zip(rows, answers) {
        let name = names?[row] ?? "row \(row)"
        if json {
          try printJSONLine(Output(image: name, row: row, captions: answer))
        } else {
          print(name.shown())
          for caption in answer { print(String(format: "%7.4f  ", caption.score) + caption.text.shown()) }
        }
      }
      try images.report(done: min(start + Self.imagesPerBlock, table.rowCount))
    }
  }

  private struct Output: Encodable {
    let image: String
    let row: Int
    let captions: [FoundCaption]
  }
}

/// A caption that was found, and its score.
private struct FoundCaption: Encodable {
  let text: String
  let score: Float
  var group: String?
  var row: Int?
}

/// Where captions come from.
private enum Source {
  case index(EmbeddingIndex, EmbeddingModel)
  case captions(CaptionMatcher)

  init(index: String?, captions: String?, model: EmbeddingModel?) throws {
    if let index {
      let opened = try EmbeddingIndex(path: index, model: model)
      self = .index(opened, try opened.model())
    } else if let captions, let model {
      let file = try captions == "-" ? StandardInput.captions() : CaptionFile(contentsOf: captions)
      let progress = RowProgress(rows: file.count - file.emptyCaptionCount, unit: "captions")
      self = .captions(try CaptionMatcher(model: model, captions: file) { try progress.report(done: $0) })
    } else {
      throw ValidationError("say where the captions are: --index INDEX, or --model MODEL --captions FILE")
    }
  }

  func answers(for table: FeatureTable, rows: [Int], count: Int) throws -> [[FoundCaption]] {
    switch self {
    case .captions(let matcher):
      return try matcher.captions(for: table, rows: rows, count: count).map { found in
        found.map { FoundCaption(text: $0.text, score: $0.score) }
      }
    case .index(let index, let model):
      let vectors = try model.imageVectors(of: table, rows: rows)
      let options = SearchOptions(count: count, filter: ItemFilter(kind: .caption))
      return try index.search(batch: vectors.map { PreparedQuery(vector: $0) }, options: options).map {
        result in
        result.hits.map {
          FoundCaption(
            text: $0.item.name, score: $0.score, group: $0.item.group.isEmpty ? nil : $0.item.group,
            row: $0.item.row)
        }
      }
    }
  }
}
