package import Retrieval

/// What a page about an index shows: what is in it, and what its vectors say of each other.
package struct IndexGallery {
  /// The names of the index's folder and of its model's file.
  package var name: String
  package var model: String
  package var summary: IndexSummary
  /// Items that are left out since their vectors are damaged.
  package var damagedItems: Int
  /// How many groups there are, and the largest of them.
  package var groups: (count: Int, largest: [(name: String, items: Int)])
  /// Photos with what is near to them; captions where there are no photos.
  package var examples: [IndexExample]
  package var scores: [ScoreDistribution]
  /// For each kind that there is.
  package var hubs: [HubReport]
  package var lookalikes: [LookalikeReport]

  package init(name: String, model: String, summary: IndexSummary) {
    self.name = name
    self.model = model
    self.summary = summary
    damagedItems = 0
    groups = (0, [])
    examples = []
    scores = []
    hubs = []
    lookalikes = []
  }

  /// All photos that are shown, some more than once.
  var photos: [GalleryPhoto] {
    let near = examples.flatMap { [$0.item] + $0.neighbours.map(\.item) }
    let items =
      near + hubs.flatMap { $0.hubs.map(\.item) }
      + lookalikes.flatMap { $0.pairs.flatMap { [$0.first, $0.second] } }
    return items.compactMap { if case .photo(let photo) = $0 { photo } else { nil } }
  }
}

/// An item as a page shows it.
package enum ShownItem: Sendable, Equatable {
  case photo(GalleryPhoto)
  /// A caption's text, and the group that it belongs to.
  case caption(String, group: String)
}

/// An item with what is near to it.
package struct IndexExample: Sendable, Equatable {
  package var item: ShownItem
  /// The captions nearest to a photo.
  package var captions: [ImageExample.RetrievedCaption]
  /// The nearest items of its own kind.
  package var neighbours: [Neighbour]

  package struct Neighbour: Sendable, Equatable {
    package var item: ShownItem
    package var score: Float
  }
}

/// How many of some scores are in each range of a tenth.
package struct ScoreDistribution: Sendable, Equatable {
  /// Of what, in a few words.
  package var name: String
  /// Scores from −1 to 1, those beyond by rounding counted with the last.
  package private(set) var counts = [Int](repeating: 0, count: 20)

  package init(name: String) { self.name = name }

  /// Takes in a score.
  package mutating func add(_ score: Float) {
    let tenth = (Double(score) * 10).rounded(.down)
    counts[Int(min(max(tenth.isFinite ? tenth : 0, -10), 9)) + 10] += 1
  }

  /// How many there are.
  package var total: Int { counts.reduce(0, +) }
}

/// Which items of a kind are among the nearest of very many queries.
package struct HubReport: Sendable, Equatable {
  package var kind: IndexItem.Kind
  /// What they were asked with: items of the other kind, or of their own where there are none.
  package var queryKind: IndexItem.Kind
  package var queries: Int
  /// How many of the nearest of each query count.
  package var depth: Int
  /// How many items there are, and how many were among the nearest of no query.
  package var items: Int
  package var neverFound: Int
  /// Those that were found most often.
  package var hubs: [Hub]

  package struct Hub: Sendable, Equatable {
    package var item: ShownItem
    /// Of how many queries it is among the nearest.
    package var queries: Int
  }

  /// Of how many queries each item would be, were all found equally often.
  package var even: Double { Double(queries * min(depth, items)) / Double(max(items, 1)) }
}

/// Items of a kind that may be the same.
package struct LookalikeReport: Sendable, Equatable {
  package var kind: IndexItem.Kind
  /// How many items were compared with all.
  package var examined: Int
  /// How many pairs of nearest items are so near.
  package var total: Int
  package var pairs: [Pair]

  package struct Pair: Sendable, Equatable {
    package var first, second: ShownItem
    package var score: Float
  }
}
