public import Tensors
public import VisualSemanticEmbedding

/// How to search.
public struct SearchOptions: Sendable, Equatable {
  /// Whether to look at all items, or through a graph of neighbours.
  public enum Method: Sendable, Equatable {
    /// Exact up to the size that the index says, approximate beyond.
    case automatic
    /// All items.
    case exact
    /// The graph where there is one, whatever the size.
    case approximate
  }

  /// How many hits to give at most.
  public var count: Int
  /// Which items may be hits; without a kind photos and captions, and then all of them are looked at.
  public var filter: ItemFilter
  /// The lowest score of a hit.
  public var threshold: Float?
  /// Whether to order the hits by how near they are to their mean, which pushes outliers down (Kiros et al.).
  public var reranksByMean: Bool
  /// How to search.
  public var method: Method
  /// How scores are corrected for items that are near to everything; nil for plain cosines.
  ///
  /// There are no queries to measure items on but the one that is asked, so photos are measured on the captions of the
  /// index, and captions on its photos: see `SearchCorrection`. All items are looked at then, whatever `method` says:
  /// what stands first after the correction may be far down in a graph's answer.
  public var hubness: HubnessCorrection?
  /// Whether hits have their vectors.
  public var includesVectors = false

  /// Ten hits of any kind, unless told otherwise.
  public init(
    count: Int = 10, filter: ItemFilter = ItemFilter(), threshold: Float? = nil, reranksByMean: Bool = false,
    method: Method = .automatic, hubness: HubnessCorrection? = nil
  ) {
    self.count = count
    self.filter = filter
    self.threshold = threshold
    self.reranksByMean = reranksByMean
    self.method = method
    self.hubness = hubness
  }
}

/// An item that was found.
public struct SearchHit: Sendable, Equatable {
  /// The item.
  public var item: IndexItem
  /// What hits are ordered by: the cosine, lowered by a number of the item's where hubness is corrected.
  public var score: Float
  /// The cosine of its vector and the query's.
  public var cosine: Float
  /// Its vector [D], of unit norm, where vectors were asked for.
  public var vector: [Float]?
}

/// The answer to a search.
public struct SearchResult: Sendable, Equatable {
  /// What was found, the best first; fewer than asked for where there are not so many.
  public var hits: [SearchHit]
  /// The query.
  public var query: PreparedQuery
  /// How many items were to choose from.
  public var candidates: Int
  /// Mean and deviation of their scores.
  public var moments: ScoreMoments
  /// Whether items were looked at through a graph, which may miss some.
  public var isApproximate: Bool
  /// Whether all items were looked at since the graph that was to be used is missing or damaged.
  public var hasDamagedGraph: Bool
  /// Items that were left out since their vectors or their entries in the catalogue are not what was written.
  public var damagedItems: Int
  /// How scores were corrected for hubness, where they were.
  public var hubness: SearchCorrection?
  /// The best score of all, before the threshold and the re-ranking; nil where there was nothing to choose from.
  public var bestScore: Float?

  /// What sentences of random words reach; nil where the query is no sentence.
  public var noise: NoiseFloor?

  /// How likely a sentence of random words scores as high or higher; see `NoiseFloor`. 1 where there is nothing to
  /// choose from, and 0 where there is no noise to compare with.
  public var chance: Double { bestScore.map { noise?.chance(of: $0) ?? 0 } ?? 1 }

  /// Whether the best hit is no better than what chance gives.
  public var fitsNothing: Bool { chance > NoiseFloor.acceptedChance }
}
