import ArgumentParser
import VisualSemanticEmbedding

/// The options of `vse train` that say how sentences and images are encoded beyond one plain layer, and what
/// training drops.
struct EncoderArguments: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Read captions from both ends, GRU and LSTM (default: yes; fast, kiros, vse++: no).")
  var bidirectional: Bool?

  @Option(help: ArgumentHelp("Recurrent layers on top of each other (default: 1).", valueName: "count"))
  var layers: Int?

  @Option(
    help:
      "From states to a vector: last, mean, max or generalized, VSE∞'s learned pooling (default: mean; kiros, vse++: last)."
  )
  var pooling: ModelConfiguration.Pooling?

  @Option(help: "Probability that a whole word reads as unknown (default: 0).")
  var wordDropout: Float?

  @Option(
    help:
      "Probability that an element of a word vector is dropped (default: 0.3; fast: 0.2, kiros, vse++: 0).")
  var dropoutWords: Float?

  @Option(help: "That an element of a state is dropped between two layers (default: 0).")
  var dropoutLayers: Float?

  @Option(
    help:
      "That an element of a sentence's pooled states is dropped (default: 0.3; fast: 0.2, kiros, vse++: 0).")
  var dropoutOutput: Float?

  @Option(help: "That an image feature is dropped (default: 0.3; fast: 0.2, kiros, vse++: 0).")
  var dropoutFeatures: Float?

  @Option(help: "Deviation of normal noise on features, relative to their root mean square (default: 0).")
  var featureNoise: Float?

  @Option(help: "Size of a hidden layer beside the projection of images (default: 0, none).")
  var imageHidden: Int?

  @Option(
    help: ArgumentHelp(
      "Rows of features that follow each other for each image, averaged (default: 1).", valueName: "count"))
  var crops: Int?

  @Flag(inversion: .prefixedNo, help: "Train on one crop of an image at a time, drawn at random.")
  var sampleCrops: Bool?

  @Option(
    help: ArgumentHelp("Start from the word vectors of a text file (GloVe, word2vec).", valueName: "file"),
    completion: .file())
  var wordVectors: String?

  @Flag(inversion: .prefixedNo, help: "Leave the vectors that the file has as they are.")
  var freezeWordVectors: Bool?

  func validate(initFrom: String?) throws {
    if initFrom != nil && wordVectors != nil {
      throw ValidationError("--init-from brings its own word vectors; leave out --word-vectors")
    }
    if freezeWordVectors == true && wordVectors == nil {
      throw ValidationError("--freeze-word-vectors needs vectors to start from; give --word-vectors")
    }
  }

  /// Overwrites what was given; what a recipe has and the encoder or the layers given explicitly have not gives way.
  func apply(to options: inout TrainingOptions, encoder: ModelConfiguration.Encoder?) {
    if encoder == .bow {
      options.bidirectional = false
      options.layers = 1
      options.pooling = .last
    }
    func set<Value>(_ path: WritableKeyPath<TrainingOptions, Value>, _ value: Value?) {
      if let value { options[keyPath: path] = value }
    }
    set(\.bidirectional, bidirectional)
    set(\.layers, layers)
    if options.layers == 1 { options.dropoutLayers = 0 }
    set(\.pooling, pooling)
    set(\.wordDropout, wordDropout)
    set(\.dropoutWords, dropoutWords)
    set(\.dropoutLayers, dropoutLayers)
    set(\.dropoutOutput, dropoutOutput)
    set(\.dropoutFeatures, dropoutFeatures)
    set(\.featureNoise, featureNoise)
    set(\.imageHidden, imageHidden)
    set(\.crops, crops)
    set(\.samplesCrops, sampleCrops)
    set(\.freezesWordVectors, freezeWordVectors)
  }
}

extension TrainingOptions {
  /// The same as one would type them, what belongs together in one string; what is off is left out, but where the
  /// recipe has it on.
  var encoderGroups: [String] {
    let base = recipe?.options ?? TrainingOptions()
    func option<Value: Equatable>(
      _ name: String, _ path: KeyPath<TrainingOptions, Value>, off: Value, text: (Value) -> String
    ) -> String? {
      let value = self[keyPath: path]
      return value != off || base[keyPath: path] != off ? "--\(name) " + text(value) : nil
    }
    func rate(_ name: String, _ path: KeyPath<TrainingOptions, Float>) -> String? {
      option(name, path, off: 0) { "\($0)" }
    }
    func count(_ name: String, _ path: KeyPath<TrainingOptions, Int>, off: Int) -> String? {
      option(name, path, off: off) { "\($0)" }
    }
    let groups: [[String?]] = [
      [
        bidirectional ? "--bidirectional" : base.bidirectional ? "--no-bidirectional" : nil,
        count("layers", \.layers, off: 1), option("pooling", \.pooling, off: .last) { $0.rawValue },
      ],
      [
        rate("word-dropout", \.wordDropout), rate("dropout-words", \.dropoutWords),
        rate("dropout-layers", \.dropoutLayers), rate("dropout-output", \.dropoutOutput),
      ],
      [
        count("image-hidden", \.imageHidden, off: 0), rate("dropout-features", \.dropoutFeatures),
        rate("feature-noise", \.featureNoise), count("crops", \.crops, off: 1),
        samplesCrops ? "--sample-crops" : nil,
      ],
      [
        wordVectors.map { "--word-vectors \($0)" + (freezesWordVectors ? " --freeze-word-vectors" : "") }
      ],
    ]
    return groups.map { $0.compactMap { $0 }.joined(separator: " ") }.filter { !$0.isEmpty }
  }
}
