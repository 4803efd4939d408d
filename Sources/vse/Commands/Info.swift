import ArgumentParser
import Retrieval
import VisualSemanticEmbedding

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what a model, checkpoint, array, archive, pickle or dataset holds.",
    discussion: """
      Looks at the bytes, whatever the name. Models, checkpoints and archives are compared with their checksums, \
      and the rows of an array are measured, so that a damaged file or a NaN is found. Nothing of a pickle is \
      ever run. For example:
        vse info model.safetensors
        vse info data/train_ims.npy --json
        vse info arrays.npz
        vse info model_best.pth.tar
        vse info data
      """)

  @Argument(
    help: "A model, a checkpoint, any .safetensors, .npy, .npz, .pkl or .pth file, or a dataset's folder.",
    completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Rows of features of each image of a dataset.", valueName: "count"))
  var crops = 1

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if crops < 1 { throw ValidationError("--crops must be 1 or more") }
  }

  func run() throws {
    if EmbeddingIndex.isIndex(path: file) { throw IndexError.isAnIndex(path: file) }
    let summary = try FileSummary(path: file, crops: crops)
    if json {
      try printJSON(SummaryOutput(path: file, summary: summary))
    } else {
      print(summary.text(path: file))
    }
  }
}

/// A summary as JSON: its kind and path beside what it says.
private struct SummaryOutput: Encodable {
  let path: String
  let summary: FileSummary

  enum CodingKeys: String, CodingKey { case kind, path }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(summary.kind, forKey: .kind)
    switch summary {
    case .model(let model): try model.encode(to: encoder)
    case .checkpoint(let checkpoint): try checkpoint.encode(to: encoder)
    case .safetensors(let file): try file.encode(to: encoder)
    case .array(let array): try array.encode(to: encoder)
    case .archive(let archive): try archive.encode(to: encoder)
    case .dataset(let dataset): try dataset.encode(to: encoder)
    case .pickle(let pickle), .pytorch(let pickle): try pickle.encode(to: encoder)
    }
  }
}

extension FileSummary {
  fileprivate var kind: String {
    switch self {
    case .model: "model"
    case .checkpoint: "checkpoint"
    case .safetensors: "safetensors"
    case .array: "array"
    case .archive: "archive"
    case .dataset: "dataset"
    case .pickle: "pickle"
    case .pytorch: "pytorch"
    }
  }
}
