import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct TrustReportTests {
  private func model(imageDim: Int, words: CaptionFile, seed: UInt64 = 2, dim: Int = 8) throws
    -> EmbeddingModel
  {
    let vocabulary = try Vocabulary.build(from: [words], scheme: .kiros)
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        dim: dim, wordDim: 6, imageDim: imageDim, vocabularySize: vocabulary.embeddingRows))
    var generator = SeededRandomNumberGenerator(seed: seed)
    network.initialize(using: &generator)
    return EmbeddingModel(network: network, vocabulary: vocabulary)
  }

  private static let options = Bootstrap(resamples: 50)

  /// Images 2 and 4 have the features of image 0; five captions are of no use or stand twice.
  private static let captions = [
    "a red dog", "the dog runs", "a cat", "a cat", "a red  dog", "a horse", "a cat", "", "the dog runs",
    "an x zebra",
  ]
  private static let features: [[Float]] = [[1, 0, 2], [0, 1, 0], [1, 0, 2], [0, 1, 1], [1, 0, 2]]

  @Test func whatStandsTwice() throws {
    let folder = try DatasetFolder()
    try folder.write("test", captions: Self.captions, features: Self.features)
    try folder.write(
      "train", captions: ["a  horse", "the dog", "a red dog", "x"], features: [[0, 1, 1], [0, 0, 0]])
    let split = try Dataset(folder: folder.path).open(.test)
    let model = try model(
      imageDim: 3, words: CaptionFile(bytes: Array("a the red dog cat horse runs".utf8), path: "known"))
    let report = try model.trustReport(
      on: split, train: Dataset(folder: folder.path).open(.train), bootstrap: Self.options)

    #expect(report.evaluation == (try model.evaluate(on: split)))
    #expect(report.repetitions.images == 2)
    // Rows 3 and 6 repeat row 2, 4 repeats 0, and 8 repeats 1; row 3 is of the same image as row 2.
    #expect(report.repetitions.captions == 4 && report.repetitions.captionsOfOtherImages == 3)
    #expect(report.trainOverlap?.images == 1 && report.trainOverlap?.captions == 3)
    #expect(report.vocabulary.words == 23 && report.vocabulary.unknown == 3)
    #expect(report.vocabulary.unknownShare == 3.0 / 23 && report.vocabulary.captionsWithUnknown == 1)
    #expect(report.thousandImageFolds == nil)

    // The same without them, as a dataset of its own: image 3 stays, though it has no caption left.
    let rest = try DatasetFolder()
    try rest.write(
      "test", captions: ["a red dog", "the dog runs", "a cat", ""],
      features: [[1, 0, 2], [0, 1, 0], [0, 1, 1]], identifiers: ["0", "0", "1", "3"])
    let expected = try model.evaluate(on: Dataset(folder: rest.path).open(.test)).scores
    #expect(report.repetitions.scoresWithout?.scores == expected)
  }

  @Test func nothingTwiceAndNoTrain() throws {
    let folder = try DatasetFolder()
    try folder.write("test", captions: ["a b", "b"], features: [[1, 0], [0, 1]])
    let split = try Dataset(folder: folder.path).open(.test)
    let report = try model(imageDim: 2, words: split.captions).trustReport(
      on: split, train: nil, bootstrap: Self.options)
    #expect(report.repetitions.images == 0 && report.repetitions.captions == 0)
    #expect(report.repetitions.scoresWithout == nil && report.trainOverlap == nil)
    #expect(report.vocabulary.unknown == 0)
  }

  @Test func thousandImageFoldsAndLengths() throws {
    let images = 2003
    let folder = try DatasetFolder()
    var generator = SeededGenerator(seed: 3)
    let lengths = (0..<images).map { $0 == 0 ? 30 : 1 + Int(generator.next() % 14) }
    try folder.write(
      "dev",
      captions: lengths.map { length in
        (0..<length).map { _ in "w\(generator.next() % 50)" }.joined(separator: " ")
      },
      features: (0..<images).map { image in (0..<4).map { _ in Float(generator.next() % 1000) } },
      identifiers: (0..<images).map { "\($0)" })
    let split = try Dataset(folder: folder.path).open(.dev)
    let model = try model(imageDim: 4, words: split.captions, dim: 4)
    let options = EvaluationOptions(hubness: .csls(neighbors: 3))
    let report = try model.trustReport(on: split, train: nil, options: options, bootstrap: Self.options)
    let folds = try #require(report.thousandImageFolds)
    #expect(folds.imagesLeftOut == 3 && folds.folds.map(\.images) == [1000, 1000])
    let expected = try model.evaluate(
      on: split, options: EvaluationOptions(folds: 2, firstImages: 2000, hubness: .csls(neighbors: 3)))
    #expect(folds.folds.map(\.scores) == expected.folds && folds.mean.scores == expected.scores)

    // Recalls of the groups are those of all, by their numbers of captions.
    let groups = report.searchByLength
    #expect(groups.map(\.minimumWords) == [1, 7, 10, 13, 21])
    #expect(groups.map(\.maximumWords) == [6, 9, 12, 15, nil])
    for group in groups {
      #expect(
        group.captions == lengths.count { group.minimumWords...(group.maximumWords ?? .max) ~= $0 })
    }
    let hits = groups.reduce(0) { $0 + $1.r10 * Double($1.captions) }
    #expect(abs(hits / Double(images) - report.evaluation.scores.search.r10) < 1e-9)
    let interval = report.intervals.search.r10
    #expect(interval.low <= report.evaluation.scores.search.r10)
    #expect(report.evaluation.scores.search.r10 <= interval.high)
  }

  @Test func tiesAreCounted() throws {
    let folder = try DatasetFolder()
    // The same features and the same words: no answer can be told from the other.
    try folder.write(
      "test", captions: ["a", "a", "b"], features: [[1, 1], [1, 1], [0, 3]], identifiers: ["0", "1", "2"])
    let split = try Dataset(folder: folder.path).open(.test)
    let report = try model(imageDim: 2, words: split.captions).trustReport(
      on: split, train: nil, bootstrap: Self.options)
    #expect(report.ties.annotation == 2 && report.ties.search == 2)
  }

  @Test func comparingModels() throws {
    let folder = try DatasetFolder()
    try folder.writeToy("test", .init(images: 40))
    let split = try Dataset(folder: folder.path).open(.test)
    let first = try model(imageDim: 12, words: split.captions)
    let second = try model(imageDim: 12, words: split.captions, seed: 5, dim: 16)
    let outcomes = try [first, second].map { try $0.outcome(on: split) }
    let comparison = try ModelComparison(outcomes[0], outcomes[1], bootstrap: Self.options)
    #expect(comparison.scores.first == (try first.evaluate(on: split).scores))
    #expect(comparison.scores.second == (try second.evaluate(on: split).scores))
    let sum = comparison.scores.second.sumOfRecalls - comparison.scores.first.sumOfRecalls
    #expect(abs(comparison.differences.sumOfRecalls.difference - sum) < 1e-9)
    #expect(try ModelComparison(outcomes[0], outcomes[0]).verdict == .undecided)

    let part = try first.outcome(on: split, options: EvaluationOptions(firstImages: 39))
    #expect(
      throws: EvaluationError.splitsDiffer(
        first: "40 images with 120 captions of test", second: "39 images with 117 captions of test")
    ) { try ModelComparison(outcomes[0], part) }
  }

  /// By the interval of the sum alone.
  @Test func verdicts() throws {
    let folder = try DatasetFolder()
    try folder.writeToy("test", .init(images: 30))
    let split = try Dataset(folder: folder.path).open(.test)
    let outcome = try model(imageDim: 12, words: split.captions).outcome(on: split)
    let chance = outcome.scores.sumOfRecalls
    let trained = try trainedToy(folder)
    let better = try trained.outcome(on: split)
    try #require(better.scores.sumOfRecalls > chance + 100)
    #expect(try ModelComparison(outcome, better).verdict == .second)
    #expect(try ModelComparison(better, outcome).verdict == .first)
    // All of a few resamples may lie on one side, and tell nothing: p is 2 / (n + 1) then.
    for (resamples, verdict) in [(1, ModelComparison.Verdict.undecided), (39, .undecided), (40, .second)] {
      let comparison = try ModelComparison(outcome, better, bootstrap: Bootstrap(resamples: resamples))
      #expect(comparison.differences.sumOfRecalls.interval.low > 0 && comparison.verdict == verdict)
    }
  }

  /// A model that was trained on the very split.
  private func trainedToy(_ folder: DatasetFolder) throws -> EmbeddingModel {
    for split in ["train", "dev"] { try folder.writeToy(split, .init(images: 30)) }
    var options = TrainingOptions()
    (options.dim, options.wordDim, options.batchSize, options.epochs) = (16, 8, 30, 15)
    options.learningRate = 0.02
    let output = folder.folder.path("model.safetensors")
    _ = try Trainer(.init(options: options, dataset: Dataset(folder: folder.path), output: output)).run()
    return try ModelFile.read(output)
  }
}
