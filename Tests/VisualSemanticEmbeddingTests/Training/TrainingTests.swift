import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct TrainingTests {
  @Test func sameSeedSameBytes() throws {
    var runs = [try ToyTraining(), try ToyTraining(), try ToyTraining()]
    runs[2].options.seed += 1
    for run in runs { try run.run() }
    #expect(try runs[0].files() == runs[1].files())
    #expect(try bytes(ofFile: runs[0].model) != bytes(ofFile: runs[2].model))
  }

  @Test func eventsHistoryAndSummary() throws {
    let training = try ToyTraining()
    var validated: [ValidationRecord] = []
    var progressed: [Int] = []
    var summary: TrainingSummary?
    let outcome = try training.run { event in
      switch event {
      case .started(let started): summary = started
      case .validated(let record): validated.append(record)
      case .progressed(let progress): progressed.append(progress.update)
      case .checkpointed: break
      }
    }
    let started = try #require(summary)
    let updates = started.updatesPerEpoch * 2
    #expect(started.trainImages == 30 && started.trainCaptions == 90 && started.developmentImages == 10)
    #expect(started.options == training.options && started.resumedUpdates == 0 && started.bestScore == nil)
    #expect(try training.records() == validated)
    // Every fourth update, and the last.
    let scored = Set(stride(from: 4, through: updates, by: 4)).union([updates])
    #expect(validated.map { $0.update } == scored.sorted())
    #expect(progressed == Array(stride(from: 10, through: updates, by: 10)))
    var highest = -1.0
    for record in validated {
      #expect(record.isBest == (record.sumOfRecalls > highest))
      highest = max(highest, record.sumOfRecalls)
      #expect(record.cost > 0 && record.gradientNorm > 0 && record.weightNorm > 0)
      #expect(record.regularizedCost == record.cost)
      #expect(abs(record.sumOfRecalls - record.scores.sumOfRecalls) < 1e-9)
    }
    #expect(outcome == .finished(bestScore: highest))
    #expect(
      try training.output.contents() == [
        "model.checkpoint.safetensors", "model.history.jsonl", "model.safetensors",
      ])
  }

  /// The file holds the best model, and scoring that again gives the score that it was kept for.
  @Test(arguments: ModelConfiguration.Encoder.allCases)
  func keepsTheBestModel(encoder: ModelConfiguration.Encoder) throws {
    var training = try ToyTraining()
    training.options = ToyTraining.options(encoder)
    training.options.epochs = 6
    guard case .finished(let best) = try training.run() else {
      Issue.record("the run did not finish")
      return
    }
    let model = try ModelFile.read(training.model)
    let report = try model.evaluate(on: Dataset(folder: training.dataset.path).open(.dev))
    #expect(report.scores.sumOfRecalls == best)
    #expect(model.training == training.options)
    let records = try training.records()
    #expect(records.first { $0.sumOfRecalls == best }?.scores == report.scores)
    let (first, last) = (try #require(records.first), try #require(records.last))
    #expect(best > first.sumOfRecalls, "training improves the model")
    #expect(last.cost < first.cost, "training lowers the cost")
  }

  @Test func weightDecayIsReported() throws {
    var training = try ToyTraining()
    training.options.weightDecay = 0.01
    try training.run()
    for record in try training.records() { #expect(record.regularizedCost > record.cost) }
  }

  @Test func hardNegativesAreReported() throws {
    var training = try ToyTraining()
    training.options.loss = .max
    training.options.hardNegativeWarmup = 1
    training.options.validatesEachEpoch = true
    training.options.epochs = 3
    try training.run()
    let records = try training.records()
    let counts = records.compactMap { $0.countedNegatives }
    #expect(counts.count == records.count)
    #expect(counts == counts.sorted { $0 > $1 } && counts.first != 1 && counts.last == 1)
  }

  @Test func rowForEachCaptionIsTheSame() throws {
    let (images, captions) = (try ToyTraining(), try ToyTraining(.init(hasRowForEachCaption: true)))
    try images.run()
    try captions.run()
    #expect(try images.records() == captions.records())
    #expect(try bytes(ofFile: images.model) == bytes(ofFile: captions.model))
  }

  @Test func emptyAndLongCaptionsAreLeftOutAndCounted() throws {
    var training = try ToyTraining()
    training.options.maximumLength = 4
    let captions = [
      "a", "b c", "", "d e f g", "h i j", "k", " ", "l", "m n", "o p q r s", "t u", "v",
    ]
    try training.dataset.write("train", captions: captions, features: identity(12))
    let summary = try Trainer(training.request()).summary
    #expect(summary.emptyCaptions == 2 && summary.tooLongCaptions == 2 && summary.trainCaptions == 8)
    #expect(summary.vocabularyWords == 22, "words of captions too long to train on count")
    try training.run()
    #expect(try ModelFile.read(training.model).vocabulary.wordCount == 22)
  }

  private func identity(_ size: Int) -> [[Float]] {
    (0..<size).map { row in (0..<size).map { $0 == row ? 1 : 0 } }
  }

  @Test func weightsOfAnotherModel() throws {
    let first = try ToyTraining()
    try first.run()
    var second = try ToyTraining()
    second.options.learningRate = 1e-30
    second.options.epochs = 1
    var request = second.request()
    request.initialModel = first.model
    _ = try Trainer(request).run()
    let (given, trained) = (try ModelFile.read(first.model), try ModelFile.read(second.model))
    #expect(given.vocabulary == trained.vocabulary && trained.training?.vocabularySource == .given)
    let (a, b) = (given.network.parameters.everything.values, trained.network.parameters.everything.values)
    #expect(a == b)
    second.options.dim = 8
    request = second.request(overwrites: true)
    request.initialModel = first.model
    #expect {
      try Trainer(request)
    } throws: {
      if case TrainingError.initialModelDiffers(let path, _) = $0 { path == first.model } else { false }
    }
  }

  @Test func sourcesOfTheVocabulary() throws {
    var training = try ToyTraining()
    var request = training.request()
    request.vocabularyFile = try training.output.write(Array("word1\nword2\nother\n".utf8), to: "words.txt")
    #expect(try Trainer(request).summary.vocabularyWords == 3)
    try training.dataset.write(
      "dev", captions: ["only-here word1", "word2"], features: [[Float]](identity(12)[0..<2]))
    let fromTrain = try Trainer(training.request()).summary.vocabularyWords
    training.options.vocabularySource = .trainAndDev
    #expect(try Trainer(training.request()).summary.vocabularyWords == fromTrain + 1)
    training.options.rarestWordsAreUnknown = true
    #expect(try Trainer(training.request()).summary.model.vocabularySize == fromTrain + 1)
  }

  /// Words come from any file that has some: a dictionary or a model of the original's, a vocabulary of VSE++'s.
  @Test(arguments: [
    ("kiros/gru/model.npz.dictionary.pkl", 57, 59), ("kiros/gru/model.npz", 57, 57),
    ("kiros/gru/words.txt", 57, 59),
    ("vsepp/stream/vocab/f8k_precomp_vocab.pkl", 14, 16),
  ]) func vocabulariesOfOthers(file: String, words: Int, rows: Int) throws {
    var training = try ToyTraining()
    func vocabulary() throws -> (words: Int, rows: Int) {
      var request = training.request()
      request.vocabularyFile = fixturePath(file)
      let trainer = try Trainer(request)
      return (trainer.summary.vocabularyWords, trainer.summary.model.vocabularySize)
    }
    #expect(try vocabulary() == (words, rows))
    // A model has its own rule; the others leave out the last words as the recipe says.
    training.options.rarestWordsAreUnknown = true
    #expect(try vocabulary() == (words, words))
  }

  @Test func vocabulariesThatAreNone() throws {
    let training = try ToyTraining()
    for file in ["kiros/gru/model.npz.pkl", "vsepp/stream/model_best.pth.tar", "none.pkl"] {
      var request = training.request()
      request.vocabularyFile = fixturePath(file)
      #expect(throws: (any Error).self, "\(file)") { try Trainer(request) }
    }
  }

  /// Words that no caption can hold would be rows that are never trained; a dictionary without words makes every
  /// word unknown.
  @Test func dictionariesToTrainWith() throws {
    let training = try ToyTraining()
    func expect(_ error: (String) -> WordDictionaryError, _ pickle: String) throws {
      var request = training.request()
      let file = try training.output.write(Array(pickle.utf8), to: "words.pkl")
      request.vocabularyFile = file
      #expect(throws: error(file)) { try Trainer(request) }
    }
    try expect({ .noWords(path: $0) }, "(dp1\n.")
    try expect({ .whiteSpaceInWord(path: $0, word: "a b") }, "(dp1\nS'word'\nI2\nsS'a b'\nI3\ns.")
    try expect({ .whiteSpaceInWord(path: $0, word: "\r") }, "(dp1\nS'\\r'\nI2\ns.")
  }

  @Test func startingFromAModelOfTheOriginal() throws {
    var training = try ToyTraining(.init(imageDim: 20))
    training.options.dim = 24
    training.options.wordDim = 12
    var request = training.request()
    request.initialModel = fixturePath("kiros/gru/model.npz")
    let trainer = try Trainer(request)
    #expect(trainer.summary.vocabularyWords == 57 && trainer.summary.model.vocabularySize == 57)
    _ = try trainer.run()
    #expect(try ModelFile.read(training.model).kirosPickles == nil)
  }
}
