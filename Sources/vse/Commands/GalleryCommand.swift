import ArgumentParser
import DataFormats
import Foundation
import Galleries
import VisualSemanticEmbedding

struct GalleryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gallery",
    abstract: "Make a page that shows what a model retrieves.",
    discussion: """
      One file to be opened by any browser, from disk and without a network: the scores with their intervals, how \
      training went, images with the captions of the train split found for them and with their own, sentences with \
      the images found for them, and the hardest errors. The photos are found by the names in NAME_SPLIT_images.txt, \
      which vse prepare writes, or by those of --names. For example:
        vse gallery model.safetensors --data f8k --split dev --photos Flicker8k_Dataset --output report.html
      """)

  @Argument(help: "The model: .safetensors, or .npz of the original.")
  var model: String

  @Option(help: ArgumentHelp("The dataset's folder.", valueName: "folder"))
  var data: String

  @Option(help: "The split to show: train, dev or test.")
  var split: Dataset.Split = .test

  @Option(help: ArgumentHelp("The folder of the photos.", valueName: "folder"))
  var photos: String

  @Option(
    help: ArgumentHelp(
      "The names of the photos, a line for each image (default: NAME_SPLIT_images.txt of the dataset).",
      valueName: "file"))
  var names: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The page to write.", valueName: "file.html"))
  var output: String

  @Option(help: ArgumentHelp("Images to show.", valueName: "count"))
  var images = GalleryOptions().images

  @Option(help: ArgumentHelp("Sentences to show.", valueName: "count"))
  var sentences = GalleryOptions().sentences

  @Option(help: "The seed by which they are drawn.")
  var seed = GalleryOptions().seed

  @Option(
    help: ArgumentHelp(
      "Rows of features of each image, averaged (default: as in training).", valueName: "count"))
  var crops: Int?

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if !(0...1000).contains(images) { throw ValidationError("--images must be 0 to 1000") }
    if !(0...1000).contains(sentences) { throw ValidationError("--sentences must be 0 to 1000") }
    if let crops, crops < 1 { throw ValidationError("--crops must be 1 or more") }
  }

  func run() throws {
    let page = try GalleryFile(path: output)
    let embedding = try ModelFile.read(model, precision: compute.apply())
    let dataset = Dataset(folder: data, crops: crops ?? embedding.training?.crops ?? 1)
    let split = try dataset.open(self.split)
    let names =
      try names.map { try ImageNames(contentsOf: $0, of: split) } ?? ImageNames(of: split, in: dataset)
    let album = PhotoAlbum(
      names: names, finder: try PhotoFinder(folder: photos), maker: PhotoThumbnails())
    Interruption.install()
    let ranked = try RankedSplit(split, model: embedding, progress: progress(of: split.captions))
    var builder = GalleryBuilder(
      ranked, train: try trainCaptions(of: dataset, embedding), album: album, options: options)
    let gallery = try build(&builder)
    let bytes = GalleryPage(gallery).bytes
    try page.write(bytes)
    report(gallery, missing: builder.album.missing, photos: builder.album.count, bytes: bytes.count)
  }

  private var options: GalleryOptions {
    var options = GalleryOptions()
    options.images = images
    options.sentences = sentences
    options.seed = seed
    return options
  }

  /// The captions of the train split, encoded; nil where the dataset has none.
  private func trainCaptions(
    of dataset: Dataset, _ model: EmbeddingModel
  ) throws -> (captions: CaptionFile, encoded: EncodedCaptions)? {
    do {
      let captions = try dataset.captions(of: .train)
      return (captions, try EncodedCaptions(captions, model: model, progress: progress(of: captions)))
    } catch DatasetError.noSplit {
      Terminal.note("no train split: captions are those of the \(split.rawValue) split itself")
      return nil
    }
  }

  /// What shows the progress of encoding captions; Ctrl-C ends it.
  private func progress(of captions: CaptionFile) -> (Double) throws -> Void {
    let progress = RowProgress(rows: captions.count, unit: "captions")
    return { try progress.report(done: Int($0 * Double(captions.count))) }
  }

  private func build(_ builder: inout GalleryBuilder) throws -> Gallery {
    var progress: RowProgress?
    return try builder.build(
      model: FilePath.name(of: model), dataset: URL(fileURLWithPath: data).lastPathComponent,
      history: TrainingHistory(ofModel: model)
    ) { done, total in
      let shown = progress ?? RowProgress(rows: total, unit: "examples")
      progress = shown
      try shown.report(done: done)
    }
  }

  /// More names would hide what came before.
  private static let shownNames = 10

  private func report(_ gallery: Gallery, missing: [PhotoAlbum.Missing], photos: Int, bytes: Int) {
    for photo in missing.prefix(Self.shownNames) {
      Terminal.note("not to be seen: \(quoted(photo.name)), \(photo.reason)")
    }
    if missing.count > Self.shownNames { Terminal.note("and \(missing.count - Self.shownNames) more") }
    Terminal.note(
      "\(output): \(gallery.images.count) images, \(gallery.sentences.count) sentences, "
        + "\(photos - missing.count) of \(photos) photos, " + String(format: "%.1f MB", Double(bytes) / 1e6))
  }
}
