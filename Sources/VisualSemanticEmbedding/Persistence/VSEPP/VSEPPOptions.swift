internal import DataFormats

/// The options of a VSE++ checkpoint, the attributes of an `argparse.Namespace`, as far as they matter here.
struct VSEPPOptions {
  /// E, the size of a word vector.
  let wordDim: Int
  /// D, the size of the joint space.
  let dim: Int
  /// Whether image vectors have unit norm, in training and in use.
  let normalizesImages: Bool
  /// The network that the features come from, for checkpoints that have it inside.
  let network: String
  /// The data that it was trained on, by which its vocabulary is named.
  let dataName: String?
  /// All options by name, for display.
  let values: [String: OptionValue]

  /// Takes what a pickle holds for options; throws for those of models that ours cannot be. Options that are
  /// missing have the defaults of VSE++'s train.py, which had fewer of them at first.
  init(_ value: PickleValue, path: String) throws(VSEPPError) {
    let reader = Reader(options: value, path: path)
    try reader.refuse("use_abs", "its vectors are absolute values (use_abs), as order-embeddings' are")
    try reader.refuse(
      "finetune", "the network of its images was trained along (finetune), so that no other features fit it")
    let measure = try reader.text("measure") ?? "cosine"
    guard measure == "cosine" else {
      throw .unsupported(
        path: path,
        what: "its scores are no cosines (measure \(quoted(measure, limit: 40))); train it with cosine")
    }
    let layers = try reader.size("num_layers") ?? 1
    guard layers == 1 else {
      throw .unsupported(path: path, what: "its encoder has \(layers) layers (num_layers), ours have one")
    }
    guard let wordDim = try reader.size("word_dim"), let dim = try reader.size("embed_size") else {
      throw .notACheckpoint(path: path, lacks: "its options lack word_dim or embed_size")
    }
    self.wordDim = wordDim
    self.dim = dim
    normalizesImages = try !reader.flag("no_imgnorm")
    network = try reader.text("cnn_type") ?? "vgg19"
    dataName = try reader.text("data_name")
    values = OptionValue.named(value)
  }

  /// Looks up options by name; nil for those that are missing.
  private struct Reader {
    let options: PickleValue
    let path: String

    private func value<Value>(
      _ name: String, expected: String, _ convert: (PickleValue) -> Value?
    ) throws(VSEPPError) -> Value? {
      guard let found = options[name] else { return nil }
      guard let value = convert(found) else {
        throw .unusableOption(
          path: path, name: name, value: OptionValue(found).description, expected: expected)
      }
      return value
    }

    func size(_ name: String) throws(VSEPPError) -> Int? {
      let limit = ModelFile.sizeLimit
      return try value(name, expected: "a whole number from 1 to \(limit)") { value in
        value.int.flatMap { (1...limit).contains($0) ? $0 : nil }
      }
    }

    func text(_ name: String) throws(VSEPPError) -> String? {
      try value(name, expected: "a name") { $0.string }
    }

    func flag(_ name: String) throws(VSEPPError) -> Bool {
      try value(name, expected: "True or False") { $0.boolean } ?? false
    }

    /// Throws `reason` where the flag is set.
    func refuse(_ name: String, _ reason: String) throws(VSEPPError) {
      if try flag(name) { throw .unsupported(path: path, what: reason) }
    }
  }
}
