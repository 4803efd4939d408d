import ArgumentParser
import Foundation
import VisualSemanticEmbedding

struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn sentences or image features into vectors of the joint space.",
    discussion: """
      Writes a float32 .npy array with a row of unit norm for each line or row of the input, so that the \
      product of two rows is their cosine. For example:
        vse embed sentences model.safetensors captions.txt --output captions.npy
        vse embed images model.safetensors features.npy --output images.npy
      """,
    subcommands: [Sentences.self, Images.self])

  /// What both kinds of input have in common.
  struct Arguments: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("The array to write, or - for standard output.", valueName: "file.npy"),
      completion: .file(extensions: ["npy"]))
    var output: String

    @OptionGroup var compute: ComputeOptions

    /// Where the array goes: - stands for standard output.
    var path: String { output == "-" ? "/dev/stdout" : output }
  }

  struct Sentences: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vectors of the sentences of a text file.",
      discussion: """
        A sentence a line, its words parted by spaces and spelled as in the captions that the model was trained \
        on (usually lower case, punctuation apart). Row i of the array belongs to line i; the row of an empty \
        line is zeros. For example:
          vse embed sentences model.safetensors captions.txt --output captions.npy
          vse embed sentences kiros.npz captions.txt --output captions.npy --threads 1
          echo "a dog runs" | vse embed sentences model.safetensors - -o query.npy
        """)

    @Argument(
      help: "The model: .safetensors, or .npz of the original.",
      completion: .file(extensions: ["safetensors", "npz"]))
    var model: String

    @Argument(help: "The text file, or - for standard input.", completion: .file())
    var input: String

    @OptionGroup var arguments: Arguments

    func run() throws {
      let model = try ModelFile.read(model, precision: arguments.compute.apply())
      let sentences = try input == "-" ? StandardInput.captions() : CaptionFile(contentsOf: input)
      let progress = RowProgress(rows: sentences.count, unit: "sentences")
      Interruption.install()
      let report = try model.embed(sentences, to: arguments.path) { try progress.report(done: $0) }
      if report.emptySentences > 0 {
        Terminal.note("lines without a word, whose rows are zeros: \(report.emptySentences)")
      }
      if report.unknownWords > 0 {
        Terminal.note("words that the model does not know: \(report.unknownWords) of \(sentences.wordCount)")
      }
      Terminal.note("\(arguments.output): \(report.rows) x \(model.configuration.dim), float32")
    }
  }

  struct Images: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Vectors of the images whose features an .npy file holds.",
      discussion: """
        The features are float16 or float32 [images, width], from the network that the model's training data \
        came from. The file may be larger than the memory. For example:
          vse embed images model.safetensors f8k/f8k_test_ims.npy --output images.npy
          vse embed images model.safetensors crops.npy --crops 10 --output images.npy
        """)

    @Argument(
      help: "The model: .safetensors, or .npz of the original.",
      completion: .file(extensions: ["safetensors", "npz"]))
    var model: String

    @Argument(help: "The features, an .npy file.", completion: .file(extensions: ["npy"]))
    var input: String

    @Option(
      help: ArgumentHelp("Rows that follow each other for each image, to be averaged.", valueName: "count"))
    var crops = 1

    @OptionGroup var arguments: Arguments

    func validate() throws {
      if crops < 1 { throw ValidationError("--crops must be 1 or more") }
    }

    func run() throws {
      let model = try ModelFile.read(model, precision: arguments.compute.apply())
      let features = try FeatureTable(path: input, crops: crops)
      let progress = RowProgress(rows: features.rowCount, unit: "images")
      Interruption.install()
      let report = try model.embed(features, to: arguments.path) { try progress.report(done: $0) }
      Terminal.note("\(arguments.output): \(report.rows) x \(model.configuration.dim), float32")
    }
  }
}
