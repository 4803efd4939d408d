import ArgumentParser
import DataFormats
import ImageFeatures
import VisualSemanticEmbedding

struct Prepare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a dataset of your captions and photos, or features.",
    discussion: """
      The captions may be, told by their content or by --format:
        flickr    Flickr8k's or Flickr30k's .token file: IMAGE#N, a tab, the caption
        coco      COCO's captions_*.json
        karpathy  Karpathy's dataset_*.json, with its tokens and splits
        csv, tsv  image,caption: with or without a header, quoted as in RFC 4180, several captions an image in rows \
      or columns; a column "split" is heeded where there is a header
        folder    a folder with a .txt of the same name for each photo, a caption a line
      The splits come from lists, from the source, or from chance (by image, with a seed). A photo in two splits is \
      refused. What lacks a photo, a caption or features is left out and told, and so is what is there twice.

      The features are an .npy file with the names of its rows, or are computed of the photos by a network, as `vse \
      features` does it. Photos that cannot be read are left out and listed in OUTPUT.features.failed.txt, \
      like all else that is left out without an error: the exit code is 0. Those that are cut short are among them, \
      unless --truncated-photos accept has them, and lists them in OUTPUT.features.truncated.txt. With --incomplete refuse the first one ends \
      the work. Until the dataset is there, what is computed stands in \
      OUTPUT.features.npy.partial, from where the same command goes on after it was stopped. For example:
        vse prepare --captions captions.csv --photos photos --network vgg19 --weights vgg19.pkl --output mine
        vse prepare --captions Flickr8k.token.txt --train-list Flickr_8k.trainImages.txt \
      --dev-list Flickr_8k.devImages.txt --test-list Flickr_8k.testImages.txt \
      --features features.npy --names names.txt --output f8k
        vse prepare --captions captions.csv --dev-size 500 --test-size 10% \
      --features features.npy --names names.txt --output mine
      """)

  @Option(
    help: ArgumentHelp("A file of captions, or a folder; may be given several times.", valueName: "file"),
    completion: .file())
  var captions: [String]

  @Option(
    help: ArgumentHelp("The features, an .npy file with a row for each photo.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var features: String?

  @Option(
    help: ArgumentHelp("The names of the features' photos, one a line.", valueName: "file"),
    completion: .file())
  var names: String?

  @Option(
    help: ArgumentHelp("The photos: images that are not in this folder are left out.", valueName: "folder"),
    completion: .directory)
  var photos: String?

  @OptionGroup(title: "Features of the photos") var networks: FeatureNetworkArguments

  @OptionGroup(title: "Features of the photos") var extraction: ExtractionArguments

  @OptionGroup(title: "Features of the photos") var compute: ComputeOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to make.", valueName: "folder"),
    completion: .directory)
  var output: String

  @Option(
    help: ArgumentHelp("The beginning of the files' names (default: the folder's name).", valueName: "name"))
  var name: String?

  @Option(help: "What the captions are (default: told by their content).")
  var format: CaptionSourceKind?

  @Option(
    help: """
      "as-given", or "words": lower case, punctuation apart, dog 's, do n't (default: as-given for flickr and \
      karpathy, else words).
      """)
  var tokens: CaptionTokenization?

  @OptionGroup(title: "Splits") var splits: SplitArguments

  @Option(help: "Captions that repeat another one of their image.")
  var repeatedCaptions = RepeatedCaptions.keep

  @Option(help: "Images that lack a caption, a photo or features.")
  var incomplete = IncompleteImages.skip

  @Option(help: "A row of features for each image, or for each caption as the original's files have.")
  var rows = FeatureRows.image

  @Flag(help: "Scale each row of features to unit L2 norm.")
  var normalize = false

  @Flag(help: "Replace a dataset that is there.")
  var overwrite = false

  @Flag(help: "Print JSON, with the names of all that was left out.")
  var json = false

  func validate() throws {
    if networks.network != nil {
      guard features == nil, names == nil else {
        throw ValidationError("give either --network, or --features FILE and --names FILE")
      }
      guard photos != nil else {
        throw ValidationError("give --photos FOLDER, whose photos the network is to see")
      }
    } else {
      guard features != nil, names != nil else {
        throw ValidationError(
          "give --photos FOLDER and --network NAME, or --features FILE.npy and --names FILE")
      }
      guard !extraction.areGiven else {
        throw ValidationError("--ten-crop and how photos are decoded belong to --network; leave them out")
      }
    }
  }

  func run() throws {
    var preparation = DatasetPreparation(captions: captions, output: output)
    preparation.kind = format
    preparation.photos = photos
    preparation.name = name
    preparation.tokenization = tokens
    preparation.splits = splits.rule
    preparation.restval = splits.restval
    preparation.repeatedCaptions = repeatedCaptions
    preparation.incompleteImages = incomplete
    preparation.rows = rows
    preparation.normalizesFeatures = normalize
    preparation.overwrites = overwrite
    var progress: RowProgress?
    var files: FeatureExtraction?
    let report = try preparation.run { photos in
      // Not before: while captions are read nobody asks, and a pipe may never end.
      Interruption.install()
      if let features, let names { return try NamedFeatures(features: features, names: names) }
      let rows = try computation.rows(of: photos)
      files = rows.files
      return rows.features
    } progress: { done, total in
      if progress == nil { progress = RowProgress(rows: total, unit: "rows") }
      try progress?.report(done: done)
    }
    files?.removeFiles()
    if json {
      try printJSON(report)
    } else {
      print(report.text)
    }
    if let files, !report.unreadablePhotos.isEmpty {
      Terminal.note(
        "\(counted(report.unreadablePhotos.count, "photo")) could not be read; the reasons are in \(files.failuresPath)"
      )
    }
  }

  private var computation: ComputedFeatures {
    ComputedFeatures(
      networks: networks, extraction: extraction, compute: compute, dataset: output,
      isStrict: incomplete == .refuse, overwrites: overwrite)
  }
}
