import ArgumentParser
import DataFormats
import Foundation
import Galleries
import Retrieval
import VisualSemanticEmbedding

struct GalleryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gallery",
    abstract: "Make a page that shows what a model retrieves, or what is in an index.",
    discussion: """
      One file to be opened by any browser, from disk and without a network: the scores with their intervals, how \
      training went, images with the captions of the train split found for them and with their own, sentences with \
      the images found for them, and the hardest errors. The photos are found by the names in NAME_SPLIT_images.txt, \
      which vse prepare writes, or by those of --names. For example:
        vse gallery model.safetensors --data f8k --split dev --photos Flicker8k_Dataset --output report.html

      Of an index: what is in it, photos with the captions and photos nearest to them, the distribution of scores, hubs, \
      which are among the nearest of very many, and what looks like the same. Photos are where their names say, or in \
      --photos. For example:
        vse gallery photos.index --output index.html
      """)

  @Argument(
    help: ArgumentHelp(
      "The model: .safetensors, or .npz of the original; or an index, a folder.", valueName: "model-or-index"),
    completion: .file())
  var subject: String

  @Option(
    help: ArgumentHelp("Of a model: the dataset's folder.", valueName: "folder"), completion: .directory)
  var data: String?

  @Option(help: "Of a model: the split to show: train, dev or test (default: test).")
  var split: Dataset.Split?

  @Option(
    help: ArgumentHelp("The folder of the photos; a model needs it.", valueName: "folder"),
    completion: .directory)
  var photos: String?

  @Option(
    help: ArgumentHelp(
      "Of a model: the names of the photos, a line for each image (default: NAME_SPLIT_images.txt of the dataset).",
      valueName: "file"), completion: .file())
  var names: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The page to write.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var output: String

  @Option(help: ArgumentHelp("Images to show; of an index without photos, captions.", valueName: "count"))
  var images = GalleryOptions().images

  @Option(
    help: ArgumentHelp(
      "Of a model: sentences to show (default: \(GalleryOptions().sentences)).", valueName: "count"))
  var sentences: Int?

  @Option(help: "The seed by which they are drawn.")
  var seed = GalleryOptions().seed

  @Option(
    help: ArgumentHelp(
      "Of a model: rows of features of each image, averaged (default: as in training).", valueName: "count"))
  var crops: Int?

  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    if !(0...1000).contains(images) { throw ValidationError("--images must be 0 to 1000") }
    if let sentences, !(0...1000).contains(sentences) {
      throw ValidationError("--sentences must be 0 to 1000")
    }
    if let crops, crops < 1 { throw ValidationError("--crops must be 1 or more") }
    if output == "-" {
      throw ValidationError("--output should be a file: a page is not written to standard output")
    }
    if FileKind(path: subject) == .missing { throw ValidationError("there is no \(quoted(subject))") }
    if isOfIndex {
      if data != nil || split != nil || names != nil || sentences != nil || crops != nil {
        throw ValidationError(
          "--data, --split, --names, --sentences and --crops are about a model, not an index")
      }
    } else if data == nil || photos == nil {
      throw ValidationError("a model needs --data FOLDER and --photos FOLDER")
    }
  }

  private var isOfIndex: Bool { FileKind(path: subject) == .folder }

  func run() throws {
    let page = try GalleryFile(path: output)
    if let data, let photos {
      try showModel(data: data, photos: photos, on: page)
    } else {
      try showIndex(on: page)
    }
  }

  // MARK: - A model

  private func showModel(data: String, photos: String, on page: GalleryFile) throws {
    let embedding = try ModelFile.read(subject, precision: compute.apply())
    let dataset = Dataset(folder: data, crops: crops ?? embedding.training?.crops ?? 1)
    let split = try dataset.open(self.split ?? .test)
    let names =
      try names.map { try ImageNames(contentsOf: $0, of: split) } ?? ImageNames(of: split, in: dataset)
    let album = PhotoAlbum(finder: try PhotoFinder(folder: photos), maker: PhotoThumbnails())
    Interruption.install()
    let ranked = try RankedSplit(split, model: embedding, progress: progress(of: split.captions))
    var builder = GalleryBuilder(
      ranked, train: try trainCaptions(of: dataset, embedding), names: names, album: album,
      options: options)
    let gallery = try build(&builder, dataset: URL(fileURLWithPath: data).lastPathComponent)
    let bytes = GalleryPage(gallery).bytes
    try page.write(bytes)
    report(
      "\(counted(gallery.images.count, "image")), \(counted(gallery.sentences.count, "sentence"))",
      album: builder.album, bytes: bytes.count)
  }

  private var options: GalleryOptions {
    var options = GalleryOptions()
    options.images = images
    if let sentences { options.sentences = sentences }
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
      Terminal.note("no train split: captions are those of the \((split ?? .test).rawValue) split itself")
      return nil
    }
  }

  /// What shows the progress of encoding captions; Ctrl-C ends it.
  private func progress(of captions: CaptionFile) -> (Double) throws -> Void {
    let progress = RowProgress(rows: captions.count, unit: "captions")
    return { try progress.report(done: Int($0 * Double(captions.count))) }
  }

  private func build(_ builder: inout GalleryBuilder, dataset: String) throws -> Gallery {
    var progress: RowProgress?
    return try builder.build(
      model: FilePath.name(of: subject), dataset: dataset, history: TrainingHistory(ofModel: subject)
    ) { done, total in
      let shown = progress ?? RowProgress(rows: total, unit: "examples")
      progress = shown
      try shown.report(done: done)
    }
  }

  // MARK: - An index

  private func showIndex(on page: GalleryFile) throws {
    _ = compute.apply()
    let index = try EmbeddingIndex(path: subject)
    var options = IndexGalleryOptions()
    options.examples = images
    options.seed = seed
    let finder = try photos.map { try PhotoFinder(folder: $0) }
    var builder = IndexGalleryBuilder(
      index, album: PhotoAlbum(finder: finder, maker: PhotoThumbnails()), options: options)
    Interruption.install()
    let progress = RowProgress(rows: 100, unit: "% of the work")
    let gallery = try builder.build(
      name: FilePath.name(of: index.path), model: FilePath.name(of: try index.summary().modelPath)
    ) { try progress.report(done: Int($0 * 100)) }
    let bytes = IndexPage(gallery).bytes
    try page.write(bytes)
    report(counted(gallery.examples.count, "example"), album: builder.album, bytes: bytes.count)
  }

  // MARK: - What was done

  /// More names would hide what came before.
  private static let shownNames = 10

  private func report(_ shown: String, album: PhotoAlbum, bytes: Int) {
    let missing = album.missing
    for photo in missing.prefix(Self.shownNames) {
      Terminal.note("not to be seen: \(quoted(photo.name)), \(photo.reason)")
    }
    if missing.count > Self.shownNames { Terminal.note("and \(missing.count - Self.shownNames) more") }
    Terminal.note(
      "\(output): \(shown), \(album.count - missing.count) of \(counted(album.count, "photo")), "
        + String(format: "%.1f MB", Double(bytes) / 1e6))
  }
}
