import ArgumentParser
import DataFormats
import VisualSemanticEmbedding

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Convert models between the files of Kiros et al., VSE++ and vse.",
    discussion: """
      FROM is told by its bytes, TO by its suffix: .safetensors for a model of vse, .npz for the files of \
      ryankiros/visual-semantic-embedding, which also are TO.pkl (options) and TO.dictionary.pkl (words). Between \
      these two nothing is lost, either way. Pickles are read as data; nothing in them is run. For example:
        vse convert coco.npz coco.safetensors
        vse convert coco.safetensors coco.npz --overwrite
        vse convert model_best.pth.tar new.safetensors --vocabulary coco_vocab.pkl
      A model of VSE++ takes features of the network that it was trained with, and captions that are split as \
      NLTK's word_tokenize does, in lower case.
      """)

  @Argument(
    help: "A model: .safetensors, .npz of the original, or a checkpoint of VSE++ (.pth.tar).",
    completion: .file())
  var from: String

  @Argument(help: "The model to write: .safetensors or .npz.", completion: .file())
  var to: String

  @Option(
    help: ArgumentHelp(
      "The vocabulary of a VSE++ checkpoint (default: vocab/*_vocab.pkl beside it).", valueName: "file.pkl"),
    completion: .file(extensions: ["pkl"]))
  var vocabulary: String?

  @Flag(help: "Replace a model at TO.")
  var overwrite = false

  func validate() throws {
    if ModelConversion.format(ofDestination: to) == nil {
      throw ValidationError("TO must end in .safetensors or .npz, which says what to write")
    }
  }

  func run() throws {
    var conversion = ModelConversion(from: from, to: to)
    conversion.vocabularyFile = vocabulary
    conversion.overwrites = overwrite
    print(try conversion.run().text(source: from))
  }
}

extension ModelConversion.Report {
  /// What was done, in a few lines.
  fileprivate func text(source: String) -> String {
    var lines = [
      "\(source): \(from.name), \(configuration.text)",
      "  \(words) words, \(parameters) parameters",
    ]
    if let vocabularyFile { lines.append("  words from \(vocabularyFile)") }
    lines += remarks.map { "  " + $0.text }
    return (lines + ["written: " + files.joined(separator: " ")]).joined(separator: "\n")
  }
}

extension ModelConversion.Remark {
  fileprivate var text: String {
    switch self {
    case .takesFeaturesOf(let network):
      "its images are features of \(printable(network, limit: 80)), each scaled to unit norm; the network is not converted"
    case .imagesAreNormalized:
      "image vectors get unit norm, which VSE++ did not give them (no_imgnorm); search ranks by the cosine"
    case .cannotBeWrittenBack(let pickle, let name):
      "in its \(pickle) stands \(quoted(name, limit: 80)), which Python would run; it can be made an .npz again only "
        + "without that"
    }
  }
}
