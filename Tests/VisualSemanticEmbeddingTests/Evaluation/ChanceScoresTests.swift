import Testing
import VisualSemanticEmbedding

@Suite struct ChanceScoresTests {
  @Test func searchIsKOfN() {
    let scores = RankingScores.chance(images: 40, captionsPerImage: 3).search
    #expect(abs(scores.r1 - 2.5) < 1e-9 && abs(scores.r5 - 12.5) < 1e-9 && abs(scores.r10 - 25) < 1e-9)
    #expect(scores.medianRank == 20)
    #expect(abs(scores.meanRank - 20.5) < 1e-9)
  }

  /// Two images with two captions each: the best own caption is first, second or third in 3, 2 and 1 of the
  /// 6 ways to place it and its sister among four.
  @Test func annotationCountsTheWaysToPlaceOwnCaptions() {
    let scores = RankingScores.chance(images: 2, captionsPerImage: 2).annotation
    #expect(abs(scores.r1 - 50) < 1e-9)
    #expect(abs(scores.meanRank - (3 * 1 + 2 * 2 + 1 * 3) / 6.0) < 1e-9)
    #expect(scores.medianRank == 1)
  }

  @Test(arguments: [(1, 1), (1, 5), (3, 1), (4, 5)])
  func fewerAnswersThanKAreAllFound(images: Int, captionsPerImage: Int) {
    let scores = RankingScores.chance(images: images, captionsPerImage: captionsPerImage)
    #expect(abs(scores.search.r10 - 100) < 1e-9 && scores.search.r1 <= 100)
    #expect(scores.images == images && scores.captions == images * captionsPerImage)
    #expect((scores.annotation.r1...100 + 1e-9).contains(scores.annotation.r5))
  }
}
