import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Training with all that encoders can do: options, resuming, word vectors, crops.
@Suite struct EncoderTrainingTests {
  /// Everything random and everything new at once.
  private func everything(_ encoder: ModelConfiguration.Encoder, _ precision: Precision) throws -> ToyTraining
  {
    var training = try ToyTraining()
    training.options = ToyTraining.options(encoder, precision: precision)
    training.options.bidirectional = true
    training.options.layers = 2
    training.options.pooling = .generalized
    training.options.wordDropout = 0.1
    training.options.dropoutWords = 0.2
    training.options.dropoutLayers = 0.1
    training.options.dropoutOutput = 0.1
    training.options.dropoutFeatures = 0.2
    training.options.featureNoise = 0.1
    training.options.imageHidden = 6
    return training
  }

  @Test(arguments: [ModelConfiguration.Encoder.gru, .lstm], Precision.allCases)
  func stopAndGoOn(encoder: ModelConfiguration.Encoder, precision: Precision) throws {
    let whole = try everything(encoder, precision)
    try whole.run()
    let parts = try everything(encoder, precision)
    var outcome = try parts.run(updates: 3)
    while case .interrupted = outcome { outcome = try parts.run(updates: 3, resumes: true) }
    #expect(try parts.files() == whole.files())
    let model = try ModelFile.read(whole.model)
    #expect(model.configuration.bidirectional && model.configuration.pooling == .generalized)
    #expect(model.training == whole.options)
  }

  @Test func theSeedDecides() throws {
    let first = try everything(.gru, .float32)
    try first.run(updates: 3)
    var other = try everything(.gru, .float32)
    other.options.seed = 2
    try other.run(updates: 3)
    let embeddings = try [first, other].map {
      try #require(try SafetensorsFile.read(path: $0.checkpoint)["parameters/word_embedding"]).float32Values()
    }
    #expect(embeddings[0] != embeddings[1])
  }

  /// Each of them changes what is trained.
  @Test func everyOptionActs() throws {
    func trained(_ change: (inout TrainingOptions) -> Void) throws -> [UInt8] {
      var training = try ToyTraining(.init(images: 8))
      training.options.layers = 2
      training.options.epochs = 1
      change(&training.options)
      try training.run(updates: 2)
      return try SafetensorsFile.read(path: training.checkpoint)["parameters/word_embedding"]?
        .withUnsafeBytes { Array($0) } ?? []
    }
    let plain = try trained { _ in }
    #expect(try trained { _ in } == plain)
    let changes: [(inout TrainingOptions) -> Void] = [
      { $0.wordDropout = 0.3 }, { $0.dropoutWords = 0.3 }, { $0.dropoutLayers = 0.3 },
      { $0.dropoutOutput = 0.3 }, { $0.dropoutFeatures = 0.3 }, { $0.featureNoise = 0.3 },
      { $0.pooling = .mean }, { $0.pooling = .max }, { $0.pooling = .generalized },
      { $0.bidirectional = true }, { $0.imageHidden = 5 }, { $0.layers = 3 },
    ]
    for (index, change) in changes.enumerated() {
      #expect(try trained(change) != plain, "change \(index)")
    }
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var option: String
    var value: String
    var change: @Sendable (inout TrainingOptions) -> Void
    var testDescription: String { "--\(option) \(value)" }

    init(_ option: String, _ value: String, _ change: @escaping @Sendable (inout TrainingOptions) -> Void) {
      self.option = option
      self.value = value
      self.change = change
    }

    /// Something that a bag of words does not have.
    static func ofBag(
      _ option: String, _ value: String, _ change: @escaping @Sendable (inout TrainingOptions) -> Void
    ) -> Fault {
      Fault(option, "\(value) with bow") {
        $0.encoder = .bow
        change(&$0)
      }
    }
  }

  static let faults = [
    Fault("dropout-words", "1") { $0.dropoutWords = 1 },
    Fault("dropout-words", "-0.1") { $0.dropoutWords = -0.1 },
    Fault("dropout-output", "nan") { $0.dropoutOutput = .nan },
    Fault("dropout-features", "1.5") { $0.dropoutFeatures = 1.5 },
    Fault("dropout-layers", "0.5") { $0.dropoutLayers = 0.5 },
    Fault("word-dropout", "inf") { $0.wordDropout = .infinity },
    Fault("feature-noise", "-1") { $0.featureNoise = -1 },
    Fault("feature-noise", "nan") { $0.featureNoise = .nan },
    Fault("layers", "0") { $0.layers = 0 },
    Fault("layers", "65") { $0.layers = 65 },
    Fault("image-hidden", "-1") { $0.imageHidden = -1 },
    Fault("crops", "0") { $0.crops = 0 },
    Fault("sample-crops", "") { $0.samplesCrops = true },
    Fault("freeze-word-vectors", "without --word-vectors") { $0.freezesWordVectors = true },
    Fault("freeze-word-vectors", "with weight decay") {
      $0.freezesWordVectors = true
      $0.weightDecay = 0.1
    },
    .ofBag("layers", "2") { $0.layers = 2 },
    .ofBag("bidirectional", "") { $0.bidirectional = true },
    .ofBag("pooling", "mean") { $0.pooling = .mean },
  ]

  @Test(arguments: faults) func outOfRange(fault: Fault) throws {
    var training = try ToyTraining(.init(images: 6))
    fault.change(&training.options)
    let error = #expect(throws: TrainingOptionError.self) { try training.run() }
    #expect(error?.option == fault.option)
    #expect(try training.output.contents().isEmpty)
  }

  @Test func optionsRoundTripAsJSON() throws {
    var options = try everything(.lstm, .bfloat16).options
    options.crops = 10
    options.samplesCrops = true
    options.wordVectors = "glove.txt"
    options.freezesWordVectors = true
    let data = try JSONEncoder().encode(options)
    #expect(try JSONDecoder().decode(TrainingOptions.self, from: data) == options)
    #expect(try JSONDecoder().decode(TrainingOptions.self, from: Data("{}".utf8)).layers == 1)
  }

  /// A file for half of the toy's words.
  private func wordVectors(_ training: ToyTraining) throws -> String {
    let lines = (0..<20).map { "word\($0 * 2) " + (0..<8).map { "\(Float($0) / 8)" }.joined(separator: " ") }
    return try training.output.write(Array(lines.joined(separator: "\n").utf8), to: "vectors.txt")
  }

  @Test(arguments: [false, true], [AdamForm.standard, .decoupled])
  func startsFromWordVectors(freezes: Bool, adam: AdamForm) throws {
    func start() throws -> (ToyTraining, Trainer.Request) {
      var training = try ToyTraining()
      training.options.freezesWordVectors = freezes
      training.options.learningRate = 0.0005
      training.options.adam = adam
      if adam == .decoupled { training.options.weightDecay = 0.05 }
      var request = training.request()
      request.wordVectorFile = try wordVectors(training)
      request.reportEvery = 1
      return (training, request)
    }
    let (training, request) = try start()
    let trainer = try Trainer(request)
    let coverage = try #require(trainer.summary.wordVectorCoverage)
    #expect(coverage.words == 20 && coverage.foundWords == 10)
    _ = try trainer.run()
    let model = try ModelFile.read(training.model)
    #expect(model.training?.wordVectors == "vectors.txt")
    let words = try #require(model.network.parameters["word_embedding"])
    let given = (0..<8).map { Float($0) / 8 }
    for number in 0..<20 {
      let row = words.rowValues(Int(model.vocabulary.token(of: Word("word\(number)"))))
      #expect((row == given) == (freezes && number % 2 == 0), "word\(number)")
      if number % 2 == 0 { #expect(relativeError(row, expected: given) < 0.5, "it began there") }
    }

    // Stopped and resumed without the file: what stays as it is stands in the checkpoint.
    let (parts, partRequest) = try start()
    var left = 3
    _ = try Trainer(partRequest).run(
      shouldStop: { left <= 0 },
      report: { if case .progressed = $0 { left -= 1 } })
    try FileManager.default.removeItem(atPath: parts.output.path("vectors.txt"))
    try parts.run(resumes: true)
    #expect(try parts.files() == training.files())
  }

  @Test func wordVectorsThatDoNotFit() throws {
    let training = try ToyTraining()
    var request = training.request()
    request.wordVectorFile = try training.output.write(Array("word1 1 2 3\n".utf8), to: "vectors.txt")
    #expect(throws: WordVectorError.self) { try Trainer(request) }
    #expect(try training.output.contents() == ["vectors.txt"])
    request.initialModel = "model"
    let error = #expect(throws: TrainingOptionError.self) { try Trainer(request) }
    #expect(error?.option == "word-vectors")
  }

  @Test func otherStructuresAreNotTakenOver() throws {
    let training = try ToyTraining()
    try training.run()
    var other = try ToyTraining()
    other.options.bidirectional = true
    var request = other.request()
    request.initialModel = training.model
    let error = #expect(throws: TrainingError.self) { try Trainer(request) }
    #expect("\(try #require(error))".contains("bidirectional"))
  }

  /// A dataset with three rows for each image, which differ a little.
  private func cropped() throws -> DatasetFolder {
    let dataset = try DatasetFolder()
    var generator = SeededGenerator(seed: 8)
    for (split, images) in [("train", 12), ("dev", 4), ("test", 4)] {
      let captions = (0..<images * 2).map { "a\($0 / 2 % 5) b\($0 % 3)" }
      let features = (0..<images).flatMap { image in
        (0..<3).map { _ in (0..<4).map { Float($0 * image % 7) + Float(generator.next() >> 40) * 0x1p-24 } }
      }
      try dataset.write(split, captions: captions, features: features)
    }
    return dataset
  }

  @Test(arguments: [false, true]) func crops(samples: Bool) throws {
    func training() throws -> ToyTraining {
      var training = try ToyTraining(dataset: cropped())
      training.options.crops = 3
      training.options.samplesCrops = samples
      return training
    }
    let whole = try training()
    try whole.run()
    let parts = try training()
    var outcome = try parts.run(updates: 2)
    while case .interrupted = outcome { outcome = try parts.run(updates: 2, resumes: true) }
    #expect(try parts.files() == whole.files())
    let model = try ModelFile.read(whole.model)
    #expect(model.training?.crops == 3)
    let report = try model.evaluate(on: Dataset(folder: whole.dataset.path, crops: 3).open(.dev))
    #expect(report.scores.images == 4 && report.scores.captions == 8)
    #expect(report.scores.sumOfRecalls == model.validation?.sumOfRecalls)
    // The mean of the crops differs from one of them.
    if samples {
      var mean = try training()
      mean.options.samplesCrops = false
      try mean.run()
      #expect(try mean.files()[0] != whole.files()[0])
    }
  }
}
