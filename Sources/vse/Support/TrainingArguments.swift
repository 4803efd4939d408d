import ArgumentParser
import Foundation
import Tensors
import VisualSemanticEmbedding

/// The options of `vse train`: a recipe, and what is given explicitly, which wins.
struct TrainingArguments: ParsableArguments {
  @OptionGroup(title: "Essential options") var essentials: EssentialArguments
  @OptionGroup(title: "Encoder options") var encoders: EncoderArguments

  @Option(help: "The sentence encoder: gru, lstm or bow, a bag of words (default: gru).")
  var encoder: ModelConfiguration.Encoder?

  @Flag(inversion: .prefixedNo, help: "Gates of the LSTM that see its cell (default: no).")
  var peepholes: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "A bias inside the GRU's reset gate, as PyTorch has it (default: yes; kiros: no).")
  var hiddenBias: Bool?

  @Option(help: "Size of the joint space (default: 1024).")
  var dim: Int?

  @Option(help: "Size of a word vector (default: 300).")
  var wordDim: Int?

  @Option(help: "With --loss sum or max: the margin (default: 0.2).")
  var margin: Float?

  @Option(
    help:
      "Hinges of all others of the minibatch (sum) or of the hardest (max), softmax (infonce) or sigmoid (default: infonce; kiros: sum, vse++: max)."
  )
  var loss: RankingLoss?

  @Flag(
    inversion: .prefixedNo,
    help: "Do not contrast captions of one image with each other (default: yes; kiros, vse++: no).")
  var excludeSameImage: Bool?

  @Option(
    help: ArgumentHelp(
      "With --loss infonce or sigmoid: the scale of the scores at first, 1 / temperature (default: 14.3, 10).",
      valueName: "scale"))
  var initialScale: Float?

  @Option(
    help: ArgumentHelp(
      "With --loss sigmoid: the bias of the scores at first (default: -10).", valueName: "bias"))
  var initialBias: Float?

  @Option(
    help: ArgumentHelp(
      "With --loss max: epochs over which the counted negatives fall from all to the hardest (default: 8; vse++: 12).",
      valueName: "epochs"))
  var hardNegativeWarmup: Double?

  @Flag(
    inversion: .prefixedNo,
    help:
      "Scale image vectors to unit norm in training too; always with --loss infonce and sigmoid (default: yes; kiros: no)."
  )
  var normalizeImages: Bool?

  @Option(
    help:
      "Adam with the original's bias correction (kiros) or the standard one, or adamw (default: adamw; kiros: kiros, vse++: standard)."
  )
  var adam: AdamForm?

  @Option(help: "Adam's rate (default: 0.004; kiros, vse++: 0.0002).")
  var learningRate: Float?

  @Option(
    help:
      "How the rate falls: constant, step or cosine (default: cosine; kiros: constant, vse++: step; with --learning-rate-decay: step)."
  )
  var rateSchedule: TrainingOptions.RateSchedule?

  @Option(
    help: ArgumentHelp(
      "Divide the rate by 10 after each so many epochs; 0: never (default: 0; vse++: 8).",
      valueName: "epochs"))
  var learningRateDecay: Int?

  @Option(
    help: ArgumentHelp(
      "Raise the rate from 0 over so many epochs (default: 0.25; kiros, vse++: 0).", valueName: "epochs"))
  var warmup: Double?

  @Option(
    help: ArgumentHelp(
      "Score and keep an average of the weights with this decay, such as 0.999; 0: none (default: 0).",
      valueName: "decay"))
  var ema: Float?

  @Option(
    help: "Minibatches of captions of one length (equal-length) or of any (mixed; default: equal-length).")
  var batching: TrainingOptions.Batching?

  @Option(help: "Captions of a minibatch (default: 128).")
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      "Tokens of a minibatch, in place of --batch-size; 0: none (default: 0).", valueName: "tokens"))
  var batchTokens: Int?

  @Option(
    help: ArgumentHelp(
      "Encode so many captions of a minibatch at a time, twice: less memory, the same result; 0: all (default: 0).",
      valueName: "captions"))
  var chunkSize: Int?

  @Option(
    help: ArgumentHelp(
      "Stop after so many scorings in a row without a better one; 0: never (default: 0).",
      valueName: "scorings"))
  var patience: Int?

  @Option(help: "Times that each caption is seen (default: 6; fast: 4, kiros: 15, vse++: 12).")
  var epochs: Int?

  @Option(help: "Bound on the joint norm of all gradients (default: 2); 0: none.")
  var gradClip: Float?

  @Option(
    help:
      "Weight of the sum of squares of all parameters in the cost; of adamw, its decay (default: 0.05; kiros, vse++, and without adamw: 0)."
  )
  var weightDecay: Float?

  @Option(help: "Leave out captions of so many words or more; 0: none (default: 0; kiros: 100).")
  var maxLength: Int?

  @Option(help: "Words seen less often are unknown (default: 1; vse++: 4).")
  var minCount: Int?

  @Option(
    help: ArgumentHelp(
      "train, train+dev, or a file: a word a line, a model, or a pickled dictionary of Kiros et al. or VSE++ (default: train; kiros: train+dev).",
      valueName: "train|train+dev|file"))
  var vocabularyFrom: String?

  @Option(help: "Report progress every so many updates.")
  var reportEvery = 10

  @Option(
    help: "Score the development set every so many updates (default: 500, and after each epoch; kiros: 100).")
  var validateEvery: Int?

  @Option(
    help: ArgumentHelp("Start from the weights and words of another model.", valueName: "model"),
    completion: .file(extensions: ["safetensors", "npz"]))
  var initFrom: String?

  func validate() throws {
    if reportEvery < 1 { throw ValidationError("--report-every must be 1 or more") }
    if initFrom != nil && vocabularyFrom != nil {
      throw ValidationError("--init-from brings its own words; leave out --vocabulary-from")
    }
    if encoder == .bow, let wordDim, wordDim != options(precision: .float32).dim {
      throw ValidationError("a bag of words has --word-dim equal to --dim; leave out --word-dim")
    }
    try encoders.validate(initFrom: initFrom)
    try validateLoss()
    do { try options(precision: .float32).check() } catch { throw ValidationError("\(error)") }
  }

  /// Refuses what was given for another loss than the one in force, and would do nothing.
  private func validateLoss() throws {
    let loss = options(precision: .float32).loss
    func require(_ isUsed: Bool, _ isGiven: Bool, _ option: String, _ losses: String) throws {
      guard isGiven, !isUsed else { return }
      throw ValidationError("--\(option) belongs to --loss \(losses); this run has --loss \(loss.rawValue)")
    }
    try require(loss.hasMargin, margin != nil, "margin", "sum and max")
    try require(loss == .max, hardNegativeWarmup != nil, "hard-negative-warmup", "max")
    try require(loss == .sigmoid, initialBias != nil, "initial-bias", "sigmoid")
  }

  /// The recipe's options with those that were given.
  func options(precision: Precision) -> TrainingOptions {
    var options = essentials.recipe.options
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
    // The scale of one loss means nothing to another.
    if loss != nil { options.initialScale = nil }
    set(\.excludesSameImage, excludeSameImage)
    if let initialScale { options.initialScale = initialScale }
    set(\.initialBias, initialBias)
    // Losses that learn a scale are of cosines.
    if let loss, loss.learnsScale { options.normalizeImages = true }
    set(\.hardNegativeWarmup, hardNegativeWarmup)
    set(\.normalizeImages, normalizeImages)
    if let adam {
      // The decay of AdamW means another thing than one in the cost.
      if (adam == .decoupled) != (options.adam == .decoupled) { options.weightDecay = 0 }
      options.adam = adam
    }
    set(\.learningRate, learningRate)
    setSchedule(of: &options)
    set(\.warmup, warmup)
    set(\.averageDecay, ema)
    set(\.batching, batching)
    set(\.batchSize, batchSize)
    set(\.batchTokens, batchTokens)
    set(\.chunkSize, chunkSize)
    set(\.patience, patience)
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
    set(\.seed, essentials.seed)
    options.precision = precision
    encoders.apply(to: &options, encoder: encoder)
    return options
  }

  /// The schedule and the number of epochs of its steps, of which one may follow from the other.
  private func setSchedule(of options: inout TrainingOptions) {
    if let learningRateDecay {
      options.learningRateDecay = learningRateDecay
      options.rateSchedule = learningRateDecay > 0 ? .step : .constant
    }
    if let rateSchedule {
      options.rateSchedule = rateSchedule
      if rateSchedule != .step, learningRateDecay == nil { options.learningRateDecay = 0 }
    }
  }

  /// A run, or one for each seed.
  func requests(precision: Precision) throws -> [Trainer.Request] {
    let options = options(precision: precision)
    var request = Trainer.Request(
      options: options, dataset: Dataset(folder: essentials.data), output: essentials.output)
    if options.vocabularySource == .given { request.vocabularyFile = vocabularyFrom }
    request.initialModel = initFrom
    request.wordVectorFile = encoders.wordVectors
    request.resumes = essentials.resume
    request.overwrites = essentials.overwrite
    request.reportEvery = reportEvery
    return try essentials.seeds.map { try request.requests(seeds: $0) } ?? [request]
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
    parts.append(lossGroup + " " + flag("exclude-same-image", excludesSameImage))
    parts.append(flag("normalize-images", normalizeImages))
    parts += optimizationGroups
    parts.append("--max-length \(maximumLength ?? 0) --min-count \(minimumCount)")
    if vocabularySource != .given { parts.append("--vocabulary-from \(vocabularySource.rawValue)") }
    parts.append("--validate-every \(validateEvery) --seed \(seed) --precision \(precision.rawValue)")
    return parts + encoderGroups
  }

  private var lossGroup: String {
    switch loss {
    case .sum: "--margin \(margin) --loss sum"
    case .max: "--margin \(margin) --loss max --hard-negative-warmup \(hardNegativeWarmup)"
    case .infoNCE, .sigmoid:
      "--loss \(loss.rawValue)" + (initialScale.map { " --initial-scale \($0)" } ?? "")
        + (loss == .sigmoid ? " --initial-bias \(initialBias)" : "")
    }
  }

  private var optimizationGroups: [String] {
    let steps = rateSchedule == .step ? " --learning-rate-decay \(learningRateDecay)" : ""
    let tokens = batchTokens > 0 ? " --batch-tokens \(batchTokens)" : ""
    return [
      "--adam \(adam.rawValue) --learning-rate \(learningRate) --weight-decay \(weightDecay)",
      "--rate-schedule \(rateSchedule.rawValue)\(steps) --warmup \(warmup) --epochs \(epochs)",
      "--batching \(batching.rawValue) --batch-size \(batchSize)\(tokens) --chunk-size \(chunkSize)",
      "--grad-clip \(gradientClip) --ema \(averageDecay) --patience \(patience)",
    ]
  }
}
