import DataFormats
import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// Losses, optimisers, schedules and minibatches in whole runs.
@Suite struct TrainingSettingsTests {
  /// Stopped after every k-th update and resumed, again and again, with everything on.
  @Test(arguments: TrainingSettings.all, [1, 3, 10]) func stopAndGoOn(
    settings: TrainingSettings, every: Int
  ) throws {
    let (whole, parts) = (try settings.training(), try settings.training())
    try whole.run()
    var outcome = try parts.run(updates: every)
    while case .interrupted = outcome { outcome = try parts.run(updates: every, resumes: true) }
    #expect(try parts.files() == whole.files())
  }

  @Test(arguments: TrainingSettings.all) func learns(settings: TrainingSettings) throws {
    var training = try settings.training()
    training.options.epochs = 6
    try training.run()
    let records = try training.records()
    let (first, last) = (try #require(records.first), try #require(records.last))
    #expect(last.cost < first.cost)
    #expect(records.contains { $0.sumOfRecalls > first.sumOfRecalls })
    let learnsScale = training.options.loss.learnsScale
    for record in records {
      #expect(
        (record.scale != nil) == learnsScale && (record.bias != nil) == (training.options.loss == .sigmoid))
    }
    if learnsScale { #expect(first.scale != last.scale) }
    let model = try ModelFile.read(training.model)
    #expect(model.training == training.options)
  }

  /// What is scored and kept is the average of the weights; without one it is the weights.
  @Test(arguments: [Float(0), 0.9]) func theAverageIsKept(decay: Float) throws {
    var training = try ToyTraining()
    training.options.averageDecay = decay
    training.options.epochs = 1
    training.options.validateEvery = 1000  // at the end alone
    guard case .finished(let best) = try training.run() else {
      Issue.record("the run did not finish")
      return
    }
    let checkpoint = try SafetensorsFile.read(path: training.checkpoint)
    let model = try ModelFile.read(training.model)
    for entry in model.network.parameters.layout.entries {
      let kept = try #require(model.network.parameters[entry.name]).values
      let weights = try #require(checkpoint["parameters/" + entry.name]).float32Values()
      let average = try checkpoint["average/" + entry.name]?.float32Values()
      #expect((average == nil) == (decay == 0))
      #expect(kept == average ?? weights)
      if average != nil { #expect(kept != weights) }
    }
    let report = try model.evaluate(on: Dataset(folder: training.dataset.path).open(.dev))
    #expect(report.scores.sumOfRecalls == best)
  }

  /// The average of float32 weights is rounded anew for each scoring in bfloat16.
  @Test func theAverageIsScoredInBFloat16() throws {
    var training = try ToyTraining()
    training.options.averageDecay = 0.9
    training.options.precision = .bfloat16
    guard case .finished(let best) = try training.run() else {
      Issue.record("the run did not finish")
      return
    }
    let model = try ModelFile.read(training.model, precision: .bfloat16)
    let report = try model.evaluate(on: Dataset(folder: training.dataset.path).open(.dev))
    #expect(report.scores.sumOfRecalls == best)
  }

  @Test(arguments: [1, 2]) func patience(patience: Int) throws {
    var (whole, training) = (try ToyTraining(), try ToyTraining())
    for options in [\ToyTraining.options] {
      whole[keyPath: options].epochs = 30
      whole[keyPath: options].learningRate = 0.02
      training[keyPath: options] = whole[keyPath: options]
    }
    training.options.patience = patience
    try whole.run()
    let outcome = try training.run()
    let (all, records) = (try whole.records(), try training.records())
    // The first place where so many scorings in a row were no better.
    var sinceBest = 0
    let end = all.firstIndex { record in
      sinceBest = record.isBest ? 0 : sinceBest + 1
      return sinceBest == patience
    }
    let count = (try #require(end)) + 1
    #expect(count < all.count && records == Array(all.prefix(count)))
    #expect(outcome == .finished(bestScore: records.map(\.sumOfRecalls).max() ?? 0))

    // A run that ended so is finished: resumed it stays as it is, and with more patience it goes on.
    let before = try training.files()
    #expect(try training.run(resumes: true) == outcome)
    #expect(try training.files() == before)
    #expect(throws: TrainingError.finishedRunExists(checkpoint: training.checkpoint)) { try training.run() }
    training.options.patience = 0
    try training.run(resumes: true)
    #expect(try training.records() == all)
    #expect(try bytes(ofFile: training.model).count == bytes(ofFile: whole.model).count)
  }

  /// The scale goes on where the model's was; a loss without one starts anew, as does one with other numbers.
  @Test func whatTheLossLearnedGoesOn() throws {
    var first = try ToyTraining()
    first.options.loss = .infoNCE
    first.options.normalizeImages = true
    first.options.learningRate = 0.05
    try first.run()
    let learned = try #require(try ModelFile.read(first.model).network.parameters["loss.log_scale"])[0, 0]
    #expect(abs(exp(learned) - 1 / 0.07) > 0.1)

    for (loss, scale) in [(RankingLoss.infoNCE, exp(learned)), (.sigmoid, exp(learned)), (.sum, nil)] {
      var second = first
      second.name = "\(loss).safetensors"
      second.options.loss = loss
      second.options.learningRate = 1e-30
      second.options.epochs = 1
      var request = second.request()
      request.initialModel = first.model
      _ = try Trainer(request).run()
      let record = try #require(try second.records().last)
      #expect(record.scale == scale)
      if loss == .sigmoid { #expect(record.bias == -10) }
    }
  }

  @Test func weightDecayBesideTheGradientIsNoCost() throws {
    var (plain, decayed) = (try ToyTraining(), try ToyTraining())
    plain.options.adam = .decoupled
    decayed.options.adam = .decoupled
    decayed.options.weightDecay = 1
    try plain.run()
    try decayed.run()
    for record in try decayed.records() { #expect(record.regularizedCost == record.cost) }
    #expect(try #require(decayed.records().last).weightNorm < #require(plain.records().last).weightNorm)
  }

  /// Two images, and captions of lengths that only one of them has: minibatches without a contrast teach nothing,
  /// but do not fail.
  @Test(arguments: RankingLoss.allCases) func minibatchesOfOneImage(loss: RankingLoss) throws {
    var training = try ToyTraining()
    training.options.loss = loss
    training.options.normalizeImages = true
    training.options.excludesSameImage = true
    let captions = (0..<9).map { "a\($0) b" } + ["a1 b c", "a2 b c"]
    try training.dataset.write(
      "train", captions: captions,
      features: [(0..<12).map { Float($0) }, (0..<12).map { Float(12 - $0) }],
      identifiers: captions.map { $0.hasSuffix("c") && $0.hasPrefix("a2") ? "two" : "one" })
    try training.run()
    for record in try training.records() {
      #expect(record.cost.isFinite && record.gradientNorm.isFinite)
    }
  }

  @Test func captionsOfDifferentLengthsMakeAMixedMinibatch() throws {
    var training = try ToyTraining()
    training.options.batching = .mixed
    training.options.batchSize = 2
    let captions = (1...7).map { [String](repeating: "a", count: $0).joined(separator: " ") }
    try training.dataset.write(
      "train", captions: captions,
      features: (0..<7).map { row in (0..<12).map { Float(row * $0 % 5) } })
    let trainer = try Trainer(training.request())
    #expect(trainer.summary.updatesPerEpoch == 4)
    _ = try trainer.run()
    let one = try ToyTraining()
    try one.dataset.write("train", captions: ["a"], features: [[Float](repeating: 1, count: 12)])
    var request = one.request()
    request.options.batching = .mixed
    #expect(throws: DatasetError.self) { try Trainer(request) }
  }
}
