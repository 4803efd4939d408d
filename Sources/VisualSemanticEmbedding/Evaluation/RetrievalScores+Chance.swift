extension RankingScores {
  /// The scores to expect of random vectors, for N images with `captionsPerImage` captions each.
  ///
  /// Search: the image of a caption is among the first K of N with probability K / N. Annotation: of all C
  /// captions, m of them the image's own, fewer than K others come before the best own one with probability
  /// 1 − Π_{i<K} (C − m − i) / (C − i).
  public static func chance(images: Int, captionsPerImage: Int) -> RankingScores {
    precondition(images > 0 && captionsPerImage > 0, "nothing to rank")
    let captions = images * captionsPerImage
    return RankingScores(
      annotation: RetrievalScores(ofRandomAnswersAmong: captions, correct: captionsPerImage),
      search: RetrievalScores(ofRandomAnswersAmong: images, correct: 1), images: images, captions: captions)
  }
}

extension RetrievalScores {
  /// What to expect when `count` answers, of which some are correct, stand in a random order.
  fileprivate init(ofRandomAnswersAmong count: Int, correct: Int) {
    let others = count - correct
    /// The probability that the first k answers are all wrong.
    func missed(_ k: Int) -> Double {
      (0..<k).reduce(1) { product, i in product * Double(max(0, others - i)) / Double(max(1, count - i)) }
    }
    r1 = 100 * (1 - missed(1))
    r5 = 100 * (1 - missed(5))
    r10 = 100 * (1 - missed(10))
    medianRank = (1...count).first { missed($0) <= 0.5 } ?? count
    // A wrong answer comes before all the correct ones with probability 1 / (correct + 1).
    meanRank = Double(others) / Double(correct + 1) + 1
  }
}
