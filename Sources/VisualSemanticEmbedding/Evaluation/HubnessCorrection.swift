/// How scores are made fair against hubs: items that are near to everything, and so among the first answers of many
/// queries.
///
/// Both ways lower the score s(q, g) of a query with an item of the gallery by a number of that item alone, as what
/// a query itself brings in is the same for all its answers (`HubnessOffsets`). The numbers are measured on what is
/// scored, all queries and all of the gallery together, without looking at which belongs to which. Someone who asks
/// one question at a time has no such set of queries: corrected scores are not those of a plain search. A search in an
/// index measures on the index's items of the other kind instead.
public enum HubnessCorrection: Sendable, Hashable {
  /// Cross-domain similarity local scaling, 2 · s(q, g) − r(q) − r(g), where r is the mean score of an item with
  /// its nearest neighbours on the other side: so many, 1 or more, or all where there are fewer.
  ///
  /// Conneau et al. 2018, "Word Translation Without Parallel Data", https://arxiv.org/abs/1710.04087, with 10.
  case csls(neighbors: Int)
  /// The inverted softmax, e^(s(q, g) / T) / Σ_q′ e^(s(q′, g) / T): how sure the item is of the query, among all
  /// queries; T is positive.
  ///
  /// Smith et al. 2017, "Offline bilingual word vectors, orthogonal transformations and the inverted softmax",
  /// https://arxiv.org/abs/1702.03859.
  case invertedSoftmax(temperature: Float)

  /// The number of neighbours of the paper.
  public static let defaultNeighbors = 10
  /// 1/30, what Conneau et al.'s own code has beside CSLS (`invsm_beta_30`); Smith et al. fit theirs to their data.
  public static let defaultTemperature: Float = 1 / 30

  /// The name that one gives it by.
  public var name: String {
    switch self {
    case .csls: "csls"
    case .invertedSoftmax: "inverted-softmax"
    }
  }

  /// What was looked at beside the two vectors of a score, in a few words.
  public var looksAt: String { looksAt(among: "all queries of the scored set") }

  /// The same where answers are measured on other `references` than those.
  public func looksAt(among references: String) -> String {
    switch self {
    case .csls(let neighbors):
      "the \(neighbors) nearest neighbours (all, where there are fewer) of each answer among \(references)"
    case .invertedSoftmax: "the scores of each answer with \(references)"
    }
  }
}
