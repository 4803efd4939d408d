import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// What stops training, and what it leaves behind.
@Suite struct TrainingFailureTests {
  /// A rate at which the first update makes weights infinite.
  private let hugeRate = Float(3e38)

  @Test(arguments: ModelConfiguration.Encoder.allCases, [1, 100])
  func divergedLoss(encoder: ModelConfiguration.Encoder, validateEvery: Int) throws {
    var training = try ToyTraining()
    training.options = ToyTraining.options(encoder)
    training.options.validateEvery = validateEvery
    training.options.learningRate = hugeRate
    #expect {
      try training.run()
    } throws: {
      if case TrainingError.diverged(_, let epoch, let model, let hasModel) = $0 {
        epoch == 1 && model == training.model && !hasModel
      } else {
        false
      }
    }
    #expect(!FileManager.default.fileExists(atPath: training.model))
  }

  @Test func lastGoodModelStays() throws {
    let good = try ToyTraining()
    try good.run()
    let before = try bytes(ofFile: good.model)
    var bad = good
    bad.options.learningRate = hugeRate
    var request = bad.request(overwrites: true)
    request.initialModel = good.model
    #expect(throws: TrainingError.self) { try Trainer(request).run() }
    #expect(try bytes(ofFile: good.model) == before)
    #expect(try ModelFile.read(good.model).training == good.options)
  }

  @Test func outputThatIsNotAModel() throws {
    let training = try ToyTraining()
    let text = Array("my thesis".utf8)
    _ = try training.output.write(text, to: training.name)
    for overwrites in [false, true] {
      #expect(throws: TrainingError.outputIsNotAModel(path: training.model)) {
        try training.run(overwrites: overwrites)
      }
    }
    #expect(try bytes(ofFile: training.model) == text)
    #expect(try training.output.contents() == [training.name])
  }

  @Test func modelsAndRunsAreNotReplacedUnasked() throws {
    let training = try ToyTraining()
    try training.run(updates: 5)
    let before = try training.files()
    #expect(throws: TrainingError.interruptedRunExists(checkpoint: training.checkpoint)) {
      try training.run()
    }
    #expect(try training.files() == before)
    try FileManager.default.removeItem(atPath: training.checkpoint)
    #expect(throws: TrainingError.outputExists(path: training.model)) { try training.run() }
    #expect(try bytes(ofFile: training.model) == before[0])

    let fresh = try ToyTraining()
    try fresh.run()
    try training.run(overwrites: true)
    #expect(try training.files() == fresh.files(), "nothing is left of the run that was replaced")
  }

  @Test(arguments: [Float.nan, .infinity]) func brokenFeatures(value: Float) throws {
    let training = try ToyTraining()
    try training.run(updates: 5)
    let before = try training.files()
    var features: [[Float]] = (0..<30).map { _ in [Float](repeating: 1, count: 12) }
    features[17][3] = value
    let captions = (0..<90).map { "a\($0 % 7)" }
    try training.dataset.write("train", captions: captions, features: features)
    let file = training.dataset.folder.path("toy_train_ims.npy")
    #expect {
      try training.run(overwrites: true)
    } throws: {
      if case FeatureTableError.notFinite(file, 17, 3, _) = $0 { true } else { false }
    }
    #expect(try training.files() == before, "a run that does not start replaces nothing")
  }

  @Test func widthsThatDiffer() throws {
    let training = try ToyTraining()
    try training.dataset.writeToy("dev", .init(images: 4, imageDim: 5))
    #expect(
      throws: DatasetError.widthsDiffer(
        found: 5, file: training.dataset.folder.path("toy_dev_ims.npy"), expected: 12,
        expectedBy: training.dataset.folder.path("toy_train_ims.npy"))
    ) { try training.run() }
    #expect(try training.output.contents().isEmpty)
  }

  @Test func nothingToTrainOn() throws {
    var training = try ToyTraining()
    training.options.maximumLength = 2
    let features = (0..<3).map { _ in [Float](repeating: 1, count: 12) }
    try training.dataset.write("train", captions: ["a b", "c d e", "f"], features: features)
    let captions = training.dataset.folder.path("toy_train_caps.txt")
    #expect(throws: DatasetError.nothingToTrain(captionFile: captions, batchSize: 12)) { try training.run() }
    #expect(try training.output.contents().isEmpty)
  }

  /// Of minibatches in which all captions are of one image nothing would be learned.
  @Test(arguments: [
    (["a b", "b a"], false, false), (["a b", "b a", "c", "d"], false, true),
    (["a", "a b", "c", "c d"], true, true),
  ]) func nothingToContrast(captions: [String], isEnough: Bool, isEnoughMixed: Bool) throws {
    var training = try ToyTraining()
    // Two captions of each image.
    let features = (0..<captions.count / 2).map { [Float](repeating: Float($0 + 1), count: 12) }
    try training.dataset.write(
      "train", captions: captions, features: features, identifiers: captions.indices.map { "\($0 / 2)" })
    let error = DatasetError.nothingToTrain(
      captionFile: training.dataset.folder.path("toy_train_caps.txt"), batchSize: 12)
    training.options.excludesSameImage = true
    for (batching, isEnough) in [(TrainingOptions.Batching.equalLength, isEnough), (.mixed, isEnoughMixed)] {
      training.options.batching = batching
      training.name = "\(batching).safetensors"
      if isEnough { try training.run() } else { #expect(throws: error) { try training.run() } }
    }
    training.options.excludesSameImage = false
    training.name = "all.safetensors"
    try training.run()
  }

  @Test func resumingWithoutTheKeptModel() throws {
    let training = try ToyTraining()
    try training.run(updates: 5)
    try FileManager.default.removeItem(atPath: training.model)
    #expect(
      throws: TrainingError.keptModelIsMissing(path: training.model, checkpoint: training.checkpoint)
    ) { try training.run(resumes: true) }
    // Before the first scoring there is none.
    let early = try ToyTraining()
    try early.run(updates: 2)
    #expect(try early.output.contents().contains(early.name) == false)
    try early.run(resumes: true)
  }

  @Test func missingSplits() throws {
    let training = try ToyTraining()
    try FileManager.default.removeItem(atPath: training.dataset.folder.path("toy_dev_caps.txt"))
    #expect(throws: DatasetError.noSplit(.dev, folder: training.dataset.path)) { try training.run() }
  }

  @Test func outputFolderThatIsMissing() throws {
    var training = try ToyTraining()
    training.name = "none/model.safetensors"
    #expect(throws: (any Error).self) { try training.run() }
  }

  @Test(arguments: [
    TrainingError.outputIsNotAModel(path: "f"), .outputExists(path: "f"),
    .interruptedRunExists(checkpoint: "f"), .nothingToResume(checkpoint: "f"),
    .keptModelIsMissing(path: "f", checkpoint: "g"), .brokenCheckpoint(path: "f", reason: "r"),
    .optionsDiffer(checkpoint: "f", options: ["--dim"]),
    .dataDiffers(checkpoint: "f"), .initialModelDiffers(path: "f", what: "w"),
    .diverged(update: 1, epoch: 1, model: "f", hasModel: true),
  ]) func messagesAreOneLineThatNamesTheFile(error: TrainingError) {
    #expect(error.localizedDescription == error.description)
    #expect(error.description.contains("f: ") || error.description.contains("; f holds the best model"))
    #expect(error.description.contains(";") || error.description.contains("needs"))
    #expect(!error.description.contains("\n"))
  }
}
