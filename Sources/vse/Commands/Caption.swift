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
    help: ArgumentHelp("Photos, and folders of photos; needs --network.", valueName: "photo-or-folder"),
    completion: .file())
  var photos: [String] = []

  @OptionGroup var images: ImageSourceArguments

  @Option(
    help: ArgumentHelp("The index whose captions to choose from.", valueName: "folder"),
    completion: .directory)
  var index: String?

  @Option(
    help: ArgumentHelp("The model; with --index the one that made it.", valueName: "file"),
    completion: .file(extensions: ["safetensors", "npz"]))
  var model: String?

  @Option(help: ArgumentHelp("Captions to choose from, one a line.", valueName: "file"), completion: .file())
  var captions: String?

  @Option(name: .customShort("k"), help: ArgumentHelp("Give so many for each image.", valueName: "count"))
  var count = 5

  @OptionGroup var hubness: HubnessArguments

  @Flag(help: "Print JSON, an object a line for each image.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if count < 1 { throw ValidationError("-k must be 1 or more") }
    if photos.isEmpty == (images.features == nil) {
      throw ValidationError("give photos with --network NAME, or --features FILE.npy, and not both")
    }
    try images.check(photos: photos)
    if (index == nil) == (captions == nil) {
      throw ValidationError("say where the captions are: --index INDEX, or --model MODEL --captions FILE")
    }
    if index == nil, hubness.correction != nil {
      throw ValidationError("--hubness needs --index INDEX, whose photos captions are measured on")
    }
    if captions != nil, model == nil { throw ValidationError("--captions needs --model MODEL") }
  }

  /// Images whose vectors are made, and answered, at a time; of photos, which take longer.
  private static let imagesPerBlock = 1024
  private static let photosPerBlock = 32

  func run() throws {
    let precision = compute.apply()
    let given = try model.map { try ModelFile.read($0, precision: precision) }
    let source = try Source(
      index: index, captions: captions, model: given, modelPath: model, hubness: hubness.correction)
    Interruption.install()
    if let rows = try images.rows() {
      try captionRows(of: rows.table, names: rows.names, source: source)
    } else if let embedder = try images.photoFeatures.embedder(
      precision: precision, threads: compute.threadCount)
    {
      try captionPhotos(PhotoList(paths: photos).entries.map(\.path), embedder: embedder, source: source)
    }
  }

  private func captionRows(of table: FeatureTable, names: [String]?, source: Source) throws {
    let progress = RowProgress(rows: table.rowCount, unit: "images")
    var hubness: SearchCorrection?
    for start in stride(from: 0, to: table.rowCount, by: Self.imagesPerBlock) {
      let rows = Array(start..<min(start + Self.imagesPerBlock, table.rowCount))
      let vectors = try source.model.imageVectors(of: table, rows: rows)
      for (row, answer) in zip(rows, try source.answers(for: vectors, count: count)) {
        try show(Output(names?[row] ?? "row \(row)", row: row, answer))
        hubness = answer.hubness
      }
      try progress.report(done: min(start + Self.imagesPerBlock, table.rowCount))
    }
    if let hubness { Terminal.note(hubness.line) }
  }

  /// Captions what can be read, and says what cannot; then the command fails.
  private func captionPhotos(_ paths: [String], embedder: NetworkEmbedder, source: Source) throws {
    var failed = 0
    var hubness: SearchCorrection?
    let progress = RowProgress(rows: paths.count, unit: "photos")
    for start in stride(from: 0, to: paths.count, by: Self.photosPerBlock) {
      let block = Array(paths[start..<min(start + Self.photosPerBlock, paths.count)])
      var read: [(path: String, vector: [Float])] = []
      for (path, features) in zip(block, embedder.features(ofPhotos: block)) {
        do {
          read.append((path, try source.model.vector(ofFeatures: try features.get())))
        } catch let error as PhotoError {
          failed += 1
          Terminal.note("left out: \(error)")
        }
      }
      for (photo, answer) in zip(read, try source.answers(for: read.map(\.vector), count: count)) {
        try show(Output(photo.path, row: nil, answer))
        hubness = answer.hubness
      }
      try progress.report(done: start + block.count)
    }
    if let hubness { Terminal.note(hubness.line) }
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
    let hubness: HubnessRecord?

    init(_ image: String, row: Int?, _ answer: FoundCaptions) {
      self.image = image
      self.row = row
      captions = answer.captions
      hubness = answer.hubness.map { HubnessRecord($0) }
    }
  }
}

/// The captions that were found for an image.
private struct FoundCaptions {
  var captions: [FoundCaption]
  var hubness: SearchCorrection?
}

/// A caption that was found, and its score.
private struct FoundCaption: Encodable {
  let text: String
  let score: Float
  /// Where the score is not the cosine.
  var cosine: Float?
  var group: String?
  var row: Int?
}

/// Where captions come from.
private enum Source {
  case index(EmbeddingIndex, EmbeddingModel, HubnessCorrection?)
  case captions(CaptionMatcher)

  init(
    index: String?, captions: String?, model: EmbeddingModel?, modelPath: String?, hubness: HubnessCorrection?
  ) throws {
    if let index {
      let opened = try EmbeddingIndex(path: index, model: model, modelPath: modelPath)
      if try !opened.hasItems(of: .caption) {
        Terminal.note("the index has no captions to choose from; add some with vse index add")
      }
      self = .index(opened, try opened.model(), hubness)
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
    case .index(_, let model, _): model
    case .captions(let matcher): matcher.model
    }
  }

  /// The captions nearest to image vectors.
  func answers(for vectors: [[Float]], count: Int) throws -> [FoundCaptions] {
    switch self {
    case .captions(let matcher):
      return matcher.captions(for: vectors, count: count).map { found in
        FoundCaptions(captions: found.map { FoundCaption(text: $0.text, score: $0.score) })
      }
    case .index(let index, _, let hubness):
      let options = SearchOptions(count: count, filter: ItemFilter(kind: .caption), hubness: hubness)
      return try index.search(batch: vectors.map { PreparedQuery(vector: $0) }, options: options).map {
        result in
        let captions = result.hits.map {
          FoundCaption(
            text: $0.item.name, score: $0.score, cosine: result.hubness == nil ? nil : $0.cosine,
            group: $0.item.group.isEmpty ? nil : $0.item.group, row: $0.item.row)
        }
        return FoundCaptions(captions: captions, hubness: result.hubness)
      }
    }
  }
}
