import ArgumentParser
import Foundation
import ImageFeatures
import Retrieval
import Tensors
import VisualSemanticEmbedding

struct CaptionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "caption",
    abstract: "Caption images by retrieval: the nearest of many captions.",
    discussion: """
      The captions are those of an index, or of a text file, one a line. Images are photos, for --network to turn into \
      features, or rows of features. For example:
        vse caption beach.jpg --network vgg19 --weights vgg19.pkl --index photos.index
        vse caption --features test_ims.npy --model model.safetensors --captions train_caps.txt -k 5
        vse caption --features test_ims.npy --names test.txt --index photos.index --json
      """)

  @Argument(
    help: ArgumentHelp("Photos, and folders of photos; needs --network.", valueName: "photo-or-folder"))
  var photos: [String] = []

  @OptionGroup var networks: PhotoNetworkArguments

  @Option(help: ArgumentHelp("Features of images, an .npy file.", valueName: "file.npy"))
  var features: String?

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
    if photos.isEmpty == (features == nil) {
      throw ValidationError("give photos with --network NAME, or --features FILE.npy, and not both")
    }
    if photos.isEmpty != (networks.network == nil) {
      throw ValidationError("photos and --network belong together")
    }
    if names != nil, features == nil { throw ValidationError("--names belongs to --features") }
    if (index == nil) == (captions == nil) {
      throw ValidationError("say where the captions are: --index INDEX, or --model MODEL --captions FILE")
    }
    if captions != nil, model == nil { throw ValidationError("--captions needs --model MODEL") }
  }

  /// Images whose vectors are made, and answered, at a time.
  private static let imagesPerBlock = 1024

  func run() throws {
    let precision = compute.apply()
    let given = try model.map { try ModelFile.read($0, precision: precision) }
    let source = try Source(index: index, captions: captions, model: given)
    Interruption.install()
    if let features {
      try captionRows(of: FeatureTable(path: features, crops: crops), path: features, source: source)
    } else if let embedder = try networks.embedder(precision: precision) {
      try captionPhotos(PhotoList(paths: photos).entries.map(\.path), embedder: embedder, source: source)
    }
  }

  private func captionRows(of table: FeatureTable, path: String, source: Source) throws {
    let names = try names.map { try ItemLines.names(of: $0, count: table.rowCount, itemFile: path) }
    let images = RowProgress(rows: table.rowCount, unit: "images")
    for start in stride(from: 0, to: table.rowCount, by: Self.imagesPerBlock) {
      let rows = Array(start..<min(start + Self.imagesPerBlock, table.rowCount))
      let vectors = try source.model.imageVectors(of: table, rows: rows)
      for (row, answer) in zip(rows, try source.answers(for: vectors, count: count)) {
        try show(Output(image: names?[row] ?? "row \(row)", row: row, captions: answer))
      }
      try images.report(done: min(start + Self.imagesPerBlock, table.rowCount))
    }
  }

  /// Captions what can be read, and says what cannot; then the command fails.
  private func captionPhotos(_ paths: [String], embedder: NetworkEmbedder, source: Source) throws {
    var failed = 0
    let images = RowProgress(rows: paths.count, unit: "photos")
    for (number, path) in paths.enumerated() {
      do {
        guard let features = try embedder.features(ofPhotos: [path]).first?.get() else { continue }
        let answers = try source.answers(for: [try source.model.vector(ofFeatures: features)], count: count)
        try show(Output(image: path, row: nil, captions: answers.first ?? []))
      } catch let error as PhotoError {
        failed += 1
        Terminal.note("left out: \(error)")
      }
      try images.report(done: number + 1)
    }
    if failed > 0 { throw ExitCode.failure }
  }

  private func show(_ output: Output) throws {
    guard !json else { return try printJSONLine(output) }
    print(output.image.shown())
    for caption in output.captions { print(String(format: "%7.4f  ", caption.score) + caption.text.shown()) }
  }

  private struct Output: Encodable {
    let image: String
    let row: Int?
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

  var model: EmbeddingModel {
    switch self {
    case .index(_, let model): model
    case .captions(let matcher): matcher.model
    }
  }

  /// The captions nearest to image vectors.
  func answers(for vectors: [[Float]], count: Int) throws -> [[FoundCaption]] {
    switch self {
    case .captions(let matcher):
      return matcher.captions(for: vectors, count: count).map { found in
        found.map { FoundCaption(text: $0.text, score: $0.score) }
      }
    case .index(let index, _):
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
