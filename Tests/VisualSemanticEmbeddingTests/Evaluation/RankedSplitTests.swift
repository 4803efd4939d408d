import Tensors
import TestSupport
import Testing
import VisualSemanticEmbedding

/// What single queries retrieve, against the definitions.
@Suite struct RankedSplitTests {
  private let folder: DatasetFolder
  private let model: EmbeddingModel
  private let split: DatasetSplit

  init() throws {
    folder = try DatasetFolder.toy(.init(images: 30))
    // A caption without a word: captions are no longer numbered as rows are.
    try folder.write(
      "dev", captions: ["word1 word2", "", "word3", "word1", "word2 word2", "word7"],
      features: (0..<3).map { image in (0..<12).map { Float($0 % (image + 2)) } })
    let dataset = Dataset(folder: folder.path)
    split = try dataset.open(.dev)
    let vocabulary = try Vocabulary.build(from: [dataset.open(.train).captions], scheme: .kiros)
    let network = EmbeddingNetwork(
      configuration: ModelConfiguration(
        dim: 8, wordDim: 6, imageDim: 12, vocabularySize: vocabulary.embeddingRows))
    var generator = SeededRandomNumberGenerator(seed: 3)
    network.initialize(using: &generator)
    model = EmbeddingModel(network: network, vocabulary: vocabulary)
  }

  private func ranked(_ split: DatasetSplit) throws -> RankedSplit {
    try RankedSplit(split, model: model) { _ in }
  }

  private func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The scores of each image with each of the rows of captions, one pair at a time.
  private func scores(_ split: DatasetSplit, _ captions: CaptionFile, rows: [Int]) throws -> [[Float]] {
    let images = try model.network.encode(
      split.features, rows: (0..<split.grouping.imageCount).map { split.featureRow(ofImage: $0) })
    let sentences = model.network.encode(
      TokenizedCaptions(captions, vocabulary: model.vocabulary), rows: rows
    ) { _ in }
    return (0..<images.rows).map { image in
      (0..<sentences.rows).map { product(images.rowValues(image), sentences.rowValues($0)) }
    }
  }

  /// The numbers of the highest scores.
  private func best(_ scores: [Float], _ count: Int) -> [Int] {
    Array(scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }.prefix(count))
  }

  @Test func ranksAndScoresAreThoseOfTheEvaluation() throws {
    let ranked = try ranked(split)
    #expect(ranked.scores == (try model.evaluate(on: split).scores))
    #expect(ranked.captionRows == [0, 2, 3, 4, 5] && ranked.imageOfCaption == [0, 1, 1, 2, 2])
    #expect(ranked.intervals(Bootstrap(resamples: 20)).values.count == 7)
  }

  @Test func ownCaptionsHaveTheirRanks() throws {
    for split in [split, try Dataset(folder: folder.path).open(.test)] {
      let ranked = try ranked(split)
      let scores = try scores(split, split.captions, rows: ranked.captionRows)
      let images = Array(0..<split.grouping.imageCount)
      let ranks = ranked.ranksOfOwnCaptions(ofImages: images)
      for image in images {
        let own = ranked.captions(ofImage: image)
        #expect(own == ranked.imageOfCaption.indices.filter { ranked.imageOfCaption[$0] == image })
        for (place, caption) in own.enumerated() {
          let expected = scores[image].indices.count {
            ranked.imageOfCaption[$0] != image && scores[image][$0] >= scores[image][caption]
          }
          #expect(ranks[image][place] == expected)
        }
        #expect(ranks[image].min() == ranked.annotationRanks[image])
      }
    }
  }

  @Test(arguments: [0, 1, 3, 1000]) func theBestComeFirst(count: Int) throws {
    let test = try Dataset(folder: folder.path).open(.test)
    let ranked = try ranked(test)
    let own = try scores(test, test.captions, rows: ranked.captionRows)
    let images = [4, 0, 9]
    let captions = [5, 0, 29]
    #expect(
      ranked.bestCaptions(ofImages: images, count: count).map { $0.map(\.answer) }
        == images.map { best(own[$0], count) })
    #expect(
      ranked.bestImages(forCaptions: captions, count: count).map { $0.map(\.answer) }
        == captions.map { caption in best(own.map { $0[caption] }, count) })

    let train = try Dataset(folder: folder.path).open(.train)
    let encoded = try EncodedCaptions(train.captions, model: model) { _ in }
    let others = try scores(test, train.captions, rows: encoded.rows)
    let found = ranked.bestCaptions(ofImages: images, among: encoded, count: count)
    #expect(found.map { $0.map(\.answer) } == images.map { best(others[$0], count) })
    for (image, answers) in zip(images, found) {
      for answer in answers { #expect(abs(answer.score - others[image][answer.answer]) < 1e-5) }
    }
  }

  @Test func noQueries() throws {
    let ranked = try ranked(split)
    #expect(ranked.bestCaptions(ofImages: [], count: 3).isEmpty)
    #expect(ranked.bestImages(forCaptions: [], count: 3).isEmpty)
    #expect(ranked.ranksOfOwnCaptions(ofImages: []).isEmpty)
  }

  @Test func progressStops() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { _ = try RankedSplit(split, model: model) { _ in throw Stop() } }
  }
}
