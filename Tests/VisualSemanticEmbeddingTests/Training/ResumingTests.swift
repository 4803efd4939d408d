import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// An interrupted run, resumed, ends with the bytes of an uninterrupted one.
@Suite struct ResumingTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var encoder: ModelConfiguration.Encoder
    var precision: Precision
    var testDescription: String { "\(encoder) \(precision)" }

    static let all = ModelConfiguration.Encoder.allCases.flatMap { encoder in
      Precision.allCases.map { Kind(encoder: encoder, precision: $0) }
    }
  }

  private func training(_ kind: Kind) throws -> ToyTraining {
    var training = try ToyTraining()
    training.options = ToyTraining.options(kind.encoder, precision: kind.precision)
    training.options.peepholes = kind.encoder == .lstm
    training.options.hiddenBias = kind.encoder == .gru
    training.options.loss = .max
    training.options.hardNegativeWarmup = 1
    training.options.weightDecay = 1e-4
    training.options.validatesEachEpoch = true
    return training
  }

  /// Stops after every k-th update, again and again, until the run is over.
  @Test(arguments: Kind.all, [1, 3, 10]) func stopAndGoOn(kind: Kind, every: Int) throws {
    let whole = try training(kind)
    try whole.run()
    let parts = try training(kind)
    var outcome = try parts.run(updates: every)
    var resumed = 0
    while case .interrupted(let update) = outcome {
      resumed += 1
      #expect(update == resumed * every)
      outcome = try parts.run(updates: every, resumes: true)
    }
    #expect(resumed > 0)
    #expect(try parts.files() == whole.files())
  }

  @Test func stopBeforeTheFirstUpdate() throws {
    let (whole, parts) = (try ToyTraining(), try ToyTraining())
    try whole.run()
    #expect(try parts.run(updates: 0) == .interrupted(update: 0))
    try parts.run(resumes: true)
    #expect(try parts.files() == whole.files())
  }

  /// A crash leaves a model and a history that are newer than the checkpoint: resuming makes them again.
  @Test func crashAfterTheCheckpoint() throws {
    let (whole, parts) = (try ToyTraining(), try ToyTraining())
    try whole.run()
    try parts.run(updates: 3)
    let checkpoint = try bytes(ofFile: parts.checkpoint)
    try parts.run(updates: 9, resumes: true)
    #expect(try parts.records().count > 1)
    _ = try parts.output.write(checkpoint, to: "model.checkpoint.safetensors")
    let history = try bytes(ofFile: parts.history)
    _ = try parts.output.write(history + Array("{\"half a li".utf8), to: "model.history.jsonl")
    let trainer = try Trainer(parts.request(resumes: true))
    #expect(try bytes(ofFile: parts.history).isEmpty, "the checkpoint is older than the first scoring")
    #expect(trainer.summary.resumedUpdates == 3)
    _ = try trainer.run()
    #expect(try parts.files() == whole.files())
  }

  @Test func moreEpochsGoOn() throws {
    var (parts, whole) = (try ToyTraining(), try ToyTraining())
    // With a scoring at the end of each epoch anyway, so that ending changes nothing.
    parts.options.validatesEachEpoch = true
    parts.options.epochs = 1
    try parts.run()
    parts.options.epochs = 3
    try parts.run(resumes: true)
    whole.options.validatesEachEpoch = true
    whole.options.epochs = 3
    let outcome = try whole.run()
    // The checkpoint keeps the number of epochs that the run was started with.
    #expect(try parts.records() == whole.records())
    let (a, b) = (try ModelFile.read(parts.model), try ModelFile.read(whole.model))
    #expect(bits(a) == bits(b))
    let before = try whole.files()
    #expect(try whole.run(resumes: true) == outcome)
    #expect(try whole.files() == before, "a finished run that is resumed changes nothing")
  }

  private func bits(_ model: EmbeddingModel) -> [UInt32] {
    model.network.parameters.everything.values.map { $0.bitPattern }
  }

  @Test func otherOptions() throws {
    var training = try ToyTraining()
    try training.run(updates: 2)
    let before = try bytes(ofFile: training.checkpoint)
    training.options.margin = 0.1
    training.options.batchSize = 13
    #expect(
      throws: TrainingError.optionsDiffer(
        checkpoint: training.checkpoint, options: ["--batch-size", "--margin"])
    ) { try training.run(resumes: true) }
    training.options = ToyTraining.options(.lstm)
    #expect(throws: TrainingError.optionsDiffer(checkpoint: training.checkpoint, options: ["--encoder"])) {
      try training.run(resumes: true)
    }
    #expect(try bytes(ofFile: training.checkpoint) == before)
  }

  @Test func otherCaptions() throws {
    let training = try ToyTraining()
    try training.run(updates: 2)
    var captions = try bytes(ofFile: training.dataset.folder.path("toy_train_caps.txt"))
    captions[4] = captions[4] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
    _ = try training.dataset.folder.write(captions, to: "toy_train_caps.txt")
    #expect(throws: TrainingError.dataDiffers(checkpoint: training.checkpoint)) {
      try training.run(resumes: true)
    }
  }

  @Test func featuresOfAnotherWidth() throws {
    let training = try ToyTraining()
    try training.run(updates: 2)
    try training.dataset.writeToy("train", .init(imageDim: 13, seed: 3))
    try training.dataset.writeToy("dev", .init(images: 10, imageDim: 13, seed: 4))
    #expect(throws: TrainingError.dataDiffers(checkpoint: training.checkpoint)) {
      try training.run(resumes: true)
    }
  }

  @Test func nothingToResume() throws {
    let training = try ToyTraining()
    #expect(throws: TrainingError.nothingToResume(checkpoint: training.checkpoint)) {
      try training.run(resumes: true)
    }
    #expect(try training.output.contents().isEmpty)
  }

  @Test func damagedCheckpoints() throws {
    let training = try ToyTraining()
    try training.run(updates: 2)
    let whole = try bytes(ofFile: training.checkpoint)
    for length in [0, 7, 100, whole.count / 2, whole.count - 1] {
      _ = try training.output.write(whole.prefix(length), to: "model.checkpoint.safetensors")
      #expect(throws: (any Error).self) { try training.run(resumes: true) }
    }
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<100 {
      var damaged = whole
      let place = Int(generator.next() % UInt64(whole.count))
      damaged[place] ^= 1 << UInt8(generator.next() % 8)
      _ = try training.output.write(damaged, to: "model.checkpoint.safetensors")
      #expect(throws: (any Error).self, "byte \(place)") { try Trainer(training.request(resumes: true)) }
    }
    _ = try training.output.write(whole, to: "model.checkpoint.safetensors")
    try training.run(resumes: true)
    // A model is no checkpoint.
    _ = try training.output.write(try bytes(ofFile: training.model), to: "model.checkpoint.safetensors")
    #expect {
      try training.run(resumes: true)
    } throws: {
      if case TrainingError.brokenCheckpoint(let path, _) = $0 { path == training.checkpoint } else { false }
    }
  }
}
