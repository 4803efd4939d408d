import ArgumentParser
import Foundation
import Tensors
import VisualSemanticEmbedding

/// The options of `vse train`: a recipe, and what is given explicitly, which wins.
struct TrainingArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The dataset's folder.", valueName: "folder"))
  var data: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The model's file.", valueName: "model.safetensors"))
  var output: String

  @Option(help: "A whole set of options: kiros (the original's) or vse++; what is given beside it wins.")
  var recipe: Recipe?

  @Option(help: "The sentence encoder: gru, lstm or bow, a bag of words (default: gru).")
  var encoder: ModelConfiguration.Encoder?

  @Flag(inversion: .prefixedNo, help: "Gates of the LSTM that see its cell.")
  var peepholes: Bool?

  @Flag(inversion: .prefixedNo, help: "A bias inside the GRU's reset gate, as PyTorch has it.")
  var hiddenBias: Bool?

  @Option(help: "Size of the joint space (default: 1024).")
  var dim: Int?

  @Option(help: "Size of a word vector (default: 300).")
  var wordDim: Int?

  @Option(help: "Margin of the ranking loss (default: 0.2).")
  var margin: Float?

  @Option(help: "Contrast with all others of the minibatch (sum) or with the hardest (max; default: sum).")
  var loss: RankingLoss?

  @Option(
    help: ArgumentHelp(
      "With --loss max: epochs over which the counted negatives fall from all to the hardest (default: 8).",
      valueName: "epochs"))
  var hardNegativeWarmup: Double?

  @Flag(inversion: .prefixedNo, help: "Scale image vectors to unit norm in training too.")
  var normalizeImages: Bool?

  @Option(help: "Adam's bias correction: kiros, the original's, or standard (default: kiros).")
  var adam: AdamForm?

  @Option(help: "Adam's rate (default: 0.0002).")
  var learningRate: Float?

  @Option(
    help: ArgumentHelp("Divide the rate by 10 after each so many epochs; 0: never.", valueName: "epochs"))
  var learningRateDecay: Int?

  @Option(help: "Captions of a minibatch (default: 128).")
  var batchSize: Int?

  @Option(help: "Times that each caption is seen (default: 15; vse++: 12).")
  var epochs: Int?

  @Option(help: "Bound on the joint norm of all gradients (default: 2); 0: none.")
  var gradClip: Float?

  @Option(help: "Weight of the sum of squares of all parameters in the cost (default: 0).")
  var weightDecay: Float?

  @Option(help: "Leave out captions of so many words or more; 0: none (default: 100; vse++: 0).")
  var maxLength: Int?

  @Option(help: "Words seen less often are unknown (default: 1).")
  var minCount: Int?

  @Option(
    help: ArgumentHelp(
      "train, train+dev, or a file: a word a line, or a model whose words to use.",
      valueName: "train|train+dev|file"))
  var vocabularyFrom: String?

  @Option(help: "Report progress every so many updates.")
  var reportEvery = 10

  @Option(help: "Score the development set every so many updates (default: 100).")
  var validateEvery: Int?

  @Option(help: "Seed of everything random (default: 1234).")
  var seed: UInt64?

  @Flag(help: "Go on with an interrupted run of the same output.")
  var resume = false

  @Flag(help: "Replace a model or an interrupted run at the output.")
  var overwrite = false

  @Option(help: ArgumentHelp("Start from the weights and words of another model.", valueName: "model"))
  var initFrom: String?

  @OptionGroup(title: "Encoder options") var encoders: EncoderArguments

  func validate() throws {
    if reportEvery < 1 { throw ValidationError("--report-every must be 1 or more") }
    if resume && overwrite { throw ValidationError("give --resume or --overwrite, not both") }
    if initFrom != nil && vocabularyFrom != nil {
      throw ValidationError("--init-from brings its own words; leave out --vocabulary-from")
    }
    if encoder == .bow, let wordDim, wordDim != options(precision: .float32).dim {
      throw ValidationError("a bag of words has --word-dim equal to --dim; leave out --word-dim")
    }
    try encoders.validate(initFrom: initFrom)
    do { try options(precision: .float32).check() } catch { throw ValidationError("\(error)") }
  }

  /// The recipe's options with those that were given.
  func options(precision: Precision) -> TrainingOptions {
    var options = recipe?.options ?? TrainingOptions()
    func set<Value>(_ path: WritableKeyPath<TrainingOptions, Value>, _ value: Value?) {
      if let value { options[keyPath: path] = value }
    }
    set(\.encoder, encoder)
    set(\.peepholes, peepholes)
    // A recipe's hidden bias is a GRU's; another encoder given explicitly wins over it.
    if let encoder, encoder != .gru { options.hiddenBias = false }
    set(\.hiddenBias, hiddenBias)
    set(\.dim, dim)
    set(\.wordDim, wordDim)
    set(\.margin, margin)
    set(\.loss, loss)
    set(\.hardNegativeWarmup, hardNegativeWarmup)
    set(\.normalizeImages, normalizeImages)
    set(\.adam, adam)
    set(\.learningRate, learningRate)
    set(\.learningRateDecay, learningRateDecay)
    set(\.batchSize, batchSize)
    set(\.epochs, epochs)
    set(\.gradientClip, gradClip)
    set(\.weightDecay, weightDecay)
    if let maxLength { options.maximumLength = maxLength == 0 ? nil : maxLength }
    set(\.minimumCount, minCount)
    switch vocabularyFrom {
    case nil: break
    case "train": options.vocabularySource = .train
    case "train+dev": options.vocabularySource = .trainAndDev
    default: options.vocabularySource = .given
    }
    set(\.validateEvery, validateEvery)
    set(\.seed, seed)
    options.precision = precision
    encoders.apply(to: &options, encoder: encoder)
    return options
  }

  func request(precision: Precision) throws -> Trainer.Request {
    let options = options(precision: precision)
    var request = Trainer.Request(options: options, dataset: Dataset(folder: data), output: output)
    if options.vocabularySource == .given { request.vocabularyFile = vocabularyFrom }
    request.initialModel = initFrom
    request.wordVectorFile = encoders.wordVectors
    request.resumes = resume
    request.overwrites = overwrite
    request.reportEvery = reportEvery
    return request
  }
}

extension TrainingOptions {
  /// The options as one would type them. A vocabulary or model file that was given is not among them.
  var commandLine: String { commandLineGroups.joined(separator: " ") }

  /// The same, what belongs together in one string.
  var commandLineGroups: [String] {
    func flag(_ name: String, _ isOn: Bool) -> String { isOn ? "--\(name)" : "--no-\(name)" }
    var parts = recipe.map { ["--recipe \($0.rawValue)"] } ?? []
    var sentences = "--encoder \(encoder.rawValue)"
    if encoder == .lstm { sentences += " " + flag("peepholes", peepholes) }
    if encoder == .gru { sentences += " " + flag("hidden-bias", hiddenBias) }
    parts.append(sentences + " --dim \(dim)" + (encoder == .bow ? "" : " --word-dim \(wordDim)"))
    let warmup = loss == .max ? " --hard-negative-warmup \(hardNegativeWarmup)" : ""
    parts.append("--margin \(margin) --loss \(loss.rawValue)" + warmup)
    parts.append(flag("normalize-images", normalizeImages))
    parts.append("--adam \(adam.rawValue) --learning-rate \(learningRate)")
    parts.append("--learning-rate-decay \(learningRateDecay) --batch-size \(batchSize) --epochs \(epochs)")
    parts.append("--grad-clip \(gradientClip) --weight-decay \(weightDecay)")
    parts.append("--max-length \(maximumLength ?? 0) --min-count \(minimumCount)")
    if vocabularySource != .given { parts.append("--vocabulary-from \(vocabularySource.rawValue)") }
    parts.append("--validate-every \(validateEvery) --seed \(seed) --precision \(precision.rawValue)")
    return parts + encoderGroups
  }
}
