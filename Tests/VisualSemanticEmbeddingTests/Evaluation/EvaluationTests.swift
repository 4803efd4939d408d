import Foundation
import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

@Suite struct EvaluationTests {
  private func model(imageDim: Int = 12, for captions: CaptionFile) throws -> EmbeddingModel {
    let vocabulary = try Vocabulary.build(from: [captions], scheme: .kiros)
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        dim: 16, wordDim: 8, imageDim: imageDim, vocabularySize: vocabulary.embeddingRows))
    var generator = SeededRandomNumberGenerator(seed: 2)
    network.initialize(using: &generator)
    return EmbeddingModel(network: network, vocabulary: vocabulary, training: nil)
  }

  /// The scores of a range of images, put together from the parts.
  private func scores(_ model: EmbeddingModel, _ split: DatasetSplit, images: Range<Int>) throws
    -> RankingScores
  {
    let tokens = TokenizedCaptions(split.captions, vocabulary: model.vocabulary)
    let rows = tokens.includedRows.filter { images.contains(split.grouping.imageOfCaption[$0]) }
    let captionVectors = model.network.encode(tokens, rows: rows) { _ in }
    let imageVectors = try model.network.encode(
      split.features, rows: images.map { split.featureRow(ofImage: $0) })
    return RankingScores(
      try CrossModalRanks(
        images: imageVectors, captions: captionVectors,
        imageOfCaption: rows.map { split.grouping.imageOfCaption[$0] - images.lowerBound }))
  }

  @Test(arguments: [false, true]) func foldsAndFirst(hasRowForEachCaption: Bool) throws {
    let folder = try DatasetFolder()
    try folder.writeToy("test", .init(images: 33, hasRowForEachCaption: hasRowForEachCaption))
    let split = try Dataset(folder: folder.path).open(.test)
    #expect(split.hasRowForEachCaption == hasRowForEachCaption)
    let model = try model(for: split.captions)

    let whole = try model.evaluate(on: split)
    #expect(whole.scores == (try scores(model, split, images: 0..<33)))
    #expect(whole.folds.isEmpty && whole.split == .test)
    #expect(whole.scores.images == 33 && whole.scores.captions == 99)

    let folds = try model.evaluate(on: split, options: EvaluationOptions(folds: 4))
    let expected = try [0..<8, 8..<16, 16..<24, 24..<33].map { try scores(model, split, images: $0) }
    #expect(folds.folds == expected)
    #expect(abs(folds.scores.annotation.r5 - expected.map(\.annotation.r5).reduce(0, +) / 4) < 1e-9)
    #expect(abs(folds.scores.search.meanRank - expected.map(\.search.meanRank).reduce(0, +) / 4) < 1e-9)
    #expect(folds.scores.images == 33 && folds.scores.captions == 99)

    let first = try model.evaluate(on: split, options: EvaluationOptions(firstImages: 10))
    #expect(first.scores == (try scores(model, split, images: 0..<10)))
    let firstFolds = try model.evaluate(on: split, options: EvaluationOptions(folds: 2, firstImages: 10))
    #expect(firstFolds.folds == (try [0..<5, 5..<10].map { try scores(model, split, images: $0) }))
    let tooMany = try model.evaluate(on: split, options: EvaluationOptions(firstImages: 1000))
    #expect(tooMany.scores == whole.scores)
  }

  @Test(arguments: [0, -1, 34]) func impossibleFolds(folds: Int) throws {
    let folder = try DatasetFolder()
    try folder.writeToy("test", .init(images: 33))
    let split = try Dataset(folder: folder.path).open(.test)
    let model = try model(for: split.captions)
    #expect(throws: EvaluationError.tooManyFolds(folds: folds, images: 33)) {
      try model.evaluate(on: split, options: EvaluationOptions(folds: folds))
    }
  }

  @Test func emptyCaptionsAreSkippedAndCounted() throws {
    let folder = try DatasetFolder()
    let features: [[Float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    try folder.write("test", captions: ["a b", "", "b", "c a", " \t", "b c"], features: features)
    let split = try Dataset(folder: folder.path).open(.test)
    let model = try model(imageDim: 3, for: split.captions)
    let report = try model.evaluate(on: split)
    #expect(report.emptyCaptions == 2)
    #expect(report.scores.captions == 4 && report.scores.images == 3)
  }

  @Test func unknownWordsAreCounted() throws {
    let folder = try DatasetFolder()
    try folder.write("test", captions: ["a b x", "y a"], features: [[1, 0, 0], [0, 1, 0]])
    let split = try Dataset(folder: folder.path).open(.test)
    let known = try CaptionFile(bytes: Array("a b\n".utf8), path: "known")
    #expect(try model(imageDim: 3, for: known).evaluate(on: split).unknownWords == 2)
  }

  /// What stands behind the first images is not scored, and not counted.
  @Test func countsAreOfTheScoredImages() throws {
    let folder = try DatasetFolder()
    try folder.write(
      "test", captions: ["a x", "b", "", "y y", "y", ""], features: [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    let split = try Dataset(folder: folder.path).open(.test)
    let known = try CaptionFile(bytes: Array("a b\n".utf8), path: "known")
    let model = try model(imageDim: 3, for: known)
    for (images, unknown, empty) in [(1, 1, 0), (2, 3, 1), (3, 4, 2)] {
      let options = EvaluationOptions(firstImages: images)
      let report = try model.evaluate(on: split, options: options)
      #expect(report.unknownWords == unknown && report.emptyCaptions == empty)
      let trust = try model.trustReport(
        on: split, train: nil, options: options, bootstrap: Bootstrap(resamples: 2))
      #expect(trust.evaluation == report && trust.vocabulary.unknown == unknown)
    }
  }

  @Test func spreadIsOfModelsOnTheSameSet() throws {
    let folder = try DatasetFolder()
    try folder.writeToy("test", .init(images: 9))
    let split = try Dataset(folder: folder.path).open(.test)
    let model = try model(for: split.captions)
    let whole = try model.evaluate(on: split)
    let part = try model.evaluate(on: split, options: EvaluationOptions(firstImages: 8))
    let spread = try PerRecall<MeanAndDeviation>(of: [whole, whole])
    #expect(spread == PerRecall<MeanAndDeviation>(of: [whole.scores, whole.scores]))
    #expect(
      throws: EvaluationError.splitsDiffer(
        first: "9 images with 27 captions of test", second: "8 images with 24 captions of test")
    ) { try PerRecall<MeanAndDeviation>(of: [whole, part]) }
  }

  @Test func featuresOfAnotherWidth() throws {
    let folder = try DatasetFolder()
    try folder.writeToy("test", .init(images: 4, imageDim: 5))
    let split = try Dataset(folder: folder.path).open(.test)
    let model = try model(imageDim: 6, for: split.captions)
    #expect(
      throws: DatasetError.widthsDiffer(
        found: 5, file: split.features.path, expected: 6, expectedBy: "the model")
    ) { try model.evaluate(on: split) }
  }

  @Test func progressGrowsAndCanStop() throws {
    struct Stop: Error {}
    let folder = try DatasetFolder()
    try folder.writeToy("test", .init(images: 33))
    let split = try Dataset(folder: folder.path).open(.test)
    let model = try model(for: split.captions)
    var told: [Double] = []
    _ = try model.evaluate(on: split) { told.append($0) }
    #expect(told == told.sorted() && told.last == 1 && (told.first ?? 0) > 0)
    #expect(throws: Stop.self) { try model.evaluate(on: split) { _ in throw Stop() } }
  }

  @Test func messagesAreOneLine() {
    for message in [
      EvaluationError.tooManyFolds(folds: 7, images: 3).localizedDescription,
      RankingError.notFinite(vectors: "image", row: 3).localizedDescription,
      RankingError.nothingToRank.localizedDescription,
    ] {
      #expect(!message.contains("\n") && message.count > 20)
    }
  }
}
