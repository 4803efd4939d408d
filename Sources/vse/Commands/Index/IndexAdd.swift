import ArgumentParser
import DataFormats
import ImageFeatures
import Retrieval
import Tensors
import VisualSemanticEmbedding

struct IndexAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add photos or captions; the index is made where there is none.",
    discussion: """
      Photos come as files, for --network to turn into features, or as its features, a row of an .npy file for each, \
      and their names, a line for each. The network must be the one that the model's training data came from. \
      Captions are a text file, one a line. Photos that cannot be used are listed; the others are added, and the \
      command ends with 1. For example:
        vse index add photos.index --model model.safetensors --features features.npy --names names.txt
        vse index add photos.index --photos holiday --network vgg19 --weights vgg19.pkl
        vse index add photos.index --captions captions.txt --groups photo_of_each_caption.txt
      """)

  @Argument(help: "The index, a folder.", completion: .directory)
  var index: String

  @Option(
    help: ArgumentHelp("The model (default: the one that the index was made with).", valueName: "file"),
    completion: .file(extensions: ["safetensors", "npz"]))
  var model: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Photos, and folders of photos; needs --network.", valueName: "photo-or-folder"),
    completion: .file())
  var photos: [String] = []

  @OptionGroup var images: ImageSourceArguments

  @Option(
    help: ArgumentHelp("Captions, one a line, or - for standard input.", valueName: "file"),
    completion: .file())
  var captions: String?

  @Option(help: ArgumentHelp("The group of all these items.", valueName: "name"))
  var group: String?

  @Option(
    help: ArgumentHelp(
      "The group of each item, one a line, such as the photo that a caption describes.", valueName: "file"),
    completion: .file())
  var groups: String?

  @Option(
    help: ArgumentHelp("Metadata of each item: a JSON object a line.", valueName: "file"), completion: .file()
  )
  var metadata: String?

  @Option(
    help:
      "Number format of the vectors of an index that is made: float32 (the default), or bfloat16 (half the room)."
  )
  var store: Precision?

  @Option(
    help: ArgumentHelp(
      "Search an index that is made approximately from so many items of a kind on (default: 200000).",
      valueName: "count"))
  var approximateFrom: Int?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard images.features != nil || captions != nil || !photos.isEmpty else {
      throw ValidationError(
        "give what to add: --photos FOLDER --network NAME, --features FILE.npy --names FILE, or --captions FILE"
      )
    }
    try images.check(photos: photos)
    if !photos.isEmpty, groups != nil || metadata != nil {
      throw ValidationError("--groups and --metadata have a line for each row of --features or of --captions")
    }
    if images.features != nil, images.names == nil {
      throw ValidationError("--features and --names belong together: a name for each row")
    }
    if images.features != nil, captions != nil, groups != nil || metadata != nil {
      throw ValidationError(
        "--groups and --metadata are about one file: add photos and captions one after the other")
    }
    if group != nil, groups != nil { throw ValidationError("give either --group or --groups") }
    if let approximateFrom, approximateFrom < 1 {
      throw ValidationError("--approximate-from must be 1 or more")
    }
  }

  func run() throws {
    let precision = compute.apply()
    let index = try opened(precision: precision)
    try checkSettings(of: index)
    Interruption.install()
    var reports: [AddingReport] = []
    if let embedder = try images.photoFeatures.embedder(
      precision: precision, threads: compute.threadCount)
    {
      let list = try PhotoList.entries(atPaths: photos).map(\.path)
      let progress = AddingProgress(items: list.count, unit: "photos")
      reports.append(
        try index.add(
          photos: list, embedder: embedder, labels: ItemLabels(groups: group.map { [$0] } ?? []),
          progress: progress.report, waiting: Index.noteWaiting))
    }
    if let features = images.features, let (table, names) = try images.rows(), let list = names {
      try ItemNames.check(list, file: images.names ?? "")
      let progress = AddingProgress(items: list.count, unit: "photos")
      reports.append(
        try index.add(
          features: table, names: list,
          labels: labels(count: list.count, itemFile: features),
          progress: progress.report, waiting: Index.noteWaiting))
    }
    if let captions {
      let file = try captions == "-" ? StandardInput.captions() : CaptionFile(contentsOf: captions)
      let progress = AddingProgress(items: file.count - file.emptyCaptionCount, unit: "captions")
      reports.append(
        try index.add(
          captions: file, labels: labels(count: file.count, itemFile: captions), progress: progress.report,
          waiting: Index.noteWaiting))
    }
    _ = try Index.makeGraphs(of: index)
    let failed = try tell(reports, of: index)
    if failed > 0 { throw ExitCode.failure }
  }

  /// What an index was made with stays; that it was asked for otherwise should not pass in silence.
  private func checkSettings(of index: EmbeddingIndex) throws {
    let summary = try index.summary()
    if let store, store != summary.precision {
      throw IndexError.otherSetting(
        index: self.index, asked: "--store \(store.rawValue)", made: "--store \(summary.precision.rawValue)")
    }
    if let approximateFrom, approximateFrom != summary.approximateFrom {
      throw IndexError.otherSetting(
        index: self.index, asked: "--approximate-from \(approximateFrom)",
        made: "--approximate-from \(summary.approximateFrom)")
    }
  }

  /// The index with its model: the one given, or the one that made it.
  private func opened(precision: Precision) throws -> EmbeddingIndex {
    guard let model else {
      let index = try EmbeddingIndex(path: index)
      _ = try index.model()
      return index
    }
    return try EmbeddingIndex.opening(
      path: index, model: try ModelFile.read(model, precision: precision),
      modelPath: FilePath.absolute(model), options: options, waiting: Index.noteWaiting)
  }

  private var options: IndexOptions {
    var options = IndexOptions()
    if let store { options.precision = store }
    if let approximateFrom { options.approximateFrom = approximateFrom }
    return options
  }

  private func labels(count: Int, itemFile: String) throws -> ItemLabels {
    ItemLabels(
      groups: try groups.map {
        try ItemLines.checked(ItemLines.lines(of: $0), of: $0, count: count, itemFile: itemFile)
      } ?? group.map { [$0] } ?? [],
      metadata: try metadata.map { try ItemLines.metadata(of: $0, count: count, itemFile: itemFile) } ?? [])
  }

  /// Tells what was done, and returns how many photos failed.
  private func tell(_ reports: [AddingReport], of index: EmbeddingIndex) throws -> Int {
    let total = reports.reduce(into: AddingReport()) { total, report in
      total.added += report.added
      total.replaced += report.replaced
      total.unchanged += report.unchanged
      total.emptyCaptions += report.emptyCaptions
      total.unknownWords += report.unknownWords
      total.failures += report.failures
    }
    if total.emptyCaptions > 0 { Terminal.note("captions without a word, left out: \(total.emptyCaptions)") }
    if total.unknownWords > 0 { Terminal.note("words that the model does not know: \(total.unknownWords)") }
    for failure in total.failures.prefix(20) { Terminal.note("\(failure.name.shown()): \(failure.reason)") }
    if total.failures.count > 20 { Terminal.note("… and \(total.failures.count - 20) more") }
    let summary = try index.summary()
    if json {
      try printJSON(
        Output(
          added: total.added, replaced: total.replaced, unchanged: total.unchanged,
          failed: total.failures.count, photos: summary.photos, captions: summary.captions))
    } else {
      print(
        "\(self.index.shown()): added \(total.added), replaced \(total.replaced), unchanged \(total.unchanged)"
          + (total.failures.isEmpty ? "" : ", failed \(total.failures.count)")
          + "; it has \(counted(summary.photos, "photo")) and \(counted(summary.captions, "caption"))")
    }
    return total.failures.count
  }

  private struct Output: Encodable {
    let added, replaced, unchanged, failed, photos, captions: Int
  }
}

/// Progress of adding; after Ctrl-C what is done stays.
private struct AddingProgress {
  private let items: Int
  private let unit: String
  private let rows: RowProgress

  init(items: Int, unit: String) {
    self.items = items
    self.unit = unit
    rows = RowProgress(rows: items, unit: unit)
  }

  func report(done: Int) throws {
    if Interruption.isRequested, done < items {
      Terminal.note(
        "stopped after \(done) of \(items) \(unit), which are in the index; the same command goes on")
      throw ExitCode(130)
    }
    if !Interruption.isRequested { try rows.report(done: done) }
  }
}
