/// Recall and rank of one direction of retrieval.
public struct RetrievalScores: Sendable, Equatable, Codable {
  /// R@1, the percentage of queries whose answer comes first.
  public var r1: Double
  /// R@5, the percentage of queries whose answer is among the first 5.
  public var r5: Double
  /// R@10, the percentage of queries whose answer is among the first 10.
  public var r10: Double
  /// floor(median) + 1 of the 0-based ranks.
  public var medianRank: Int
  /// Mean of the 1-based ranks.
  public var meanRank: Double

  enum CodingKeys: String, CodingKey {
    case r1, r5, r10
    case medianRank = "median_rank"
    case meanRank = "mean_rank"
  }

  /// The scores of 0-based ranks; there is at least one.
  public init(ranks: [Int]) {
    precondition(!ranks.isEmpty, "no query was ranked")
    let sorted = ranks.sorted()
    let count = Double(sorted.count)
    func recall(_ k: Int) -> Double { 100 * Double(sorted.count { $0 < k }) / count }
    r1 = recall(1)
    r5 = recall(5)
    r10 = recall(10)
    let middle = sorted.count / 2
    // floor of the mean of the two middle ranks
    medianRank = (sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2) + 1
    meanRank = Double(sorted.reduce(0, +)) / count + 1
  }

  /// The mean of the scores of several folds; the median rank is the floor of the mean.
  package init(meanOf folds: [RetrievalScores]) {
    precondition(!folds.isEmpty, "no fold")
    let count = Double(folds.count)
    func mean(_ value: (RetrievalScores) -> Double) -> Double { folds.map(value).reduce(0, +) / count }
    r1 = mean(\.r1)
    r5 = mean(\.r5)
    r10 = mean(\.r10)
    medianRank = Int(mean { Double($0.medianRank) })
    meanRank = mean(\.meanRank)
  }

  /// R@1 + R@5 + R@10.
  public var sumOfRecalls: Double { r1 + r5 + r10 }
}

/// Recall and rank in both directions.
public struct RankingScores: Sendable, Equatable, Codable {
  /// Image annotation: an image is the query, captions are ranked.
  public var annotation: RetrievalScores
  /// Image search: a caption is the query, images are ranked.
  public var search: RetrievalScores
  /// The number of images, N.
  public var images: Int
  /// The number of captions that were ranked, C.
  public var captions: Int

  /// The scores of both directions.
  public init(annotation: RetrievalScores, search: RetrievalScores, images: Int, captions: Int) {
    self.annotation = annotation
    self.search = search
    self.images = images
    self.captions = captions
  }

  package init(_ ranks: CrossModalRanks) {
    self.init(
      annotation: RetrievalScores(ranks: ranks.annotation), search: RetrievalScores(ranks: ranks.search),
      images: ranks.imageCount, captions: ranks.search.count)
  }

  /// The sum of the six recalls, by which models are chosen.
  public var sumOfRecalls: Double { annotation.sumOfRecalls + search.sumOfRecalls }
}
