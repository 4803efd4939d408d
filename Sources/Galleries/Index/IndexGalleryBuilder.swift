package import Retrieval
internal import Tensors

/// How much a page of an index shows.
package struct IndexGalleryOptions: Sendable, Equatable {
  /// How many photos are drawn, or captions where there are no photos.
  package var examples = 50
  /// How many captions and neighbours are shown of each.
  package var answers = 5
  /// The seed of what is drawn.
  package var seed: UInt64 = 1234

  package init() {}
}

/// Gathers what a page of an index shows.
///
/// Of large indexes only some items are looked at, drawn evenly: the work is a few passes over the vectors.
package struct IndexGalleryBuilder {
  private let index: EmbeddingIndex
  private let options: IndexGalleryOptions
  package private(set) var album: PhotoAlbum

  /// The cosine from which on items look like the same.
  package static let likeness: Float = 0.99
  /// Items of each kind between which scores are counted, that ask for their nearest to find hubs, and that are compared
  /// with all to find those that look the same.
  private static let scoredItems = 500
  private static let askingItems = 2000
  private static let comparedItems = 5000
  private static let hubDepth = 10
  private static let shownHubs = 12
  private static let shownPairs = 12
  private static let shownGroups = 20
  private static let queriesPerBlock = 250

  package init(_ index: EmbeddingIndex, album: PhotoAlbum, options: IndexGalleryOptions) {
    self.index = index
    self.album = album
    self.options = options
  }

  /// Searches and looks at photos.
  ///
  /// - Parameter progress: told which part of the work is done, 0 to 1; what it throws stops the work.
  /// - Throws: `IndexError`, and what making thumbnails throws about all photos.
  package mutating func build(
    name: String, model: String, progress: (Double) throws -> Void
  ) throws -> IndexGallery {
    let summary = try index.summary()
    var gallery = IndexGallery(name: name, model: model, summary: summary)
    gallery.groups = try index.groups(limit: Self.shownGroups)
    let kinds = IndexItem.Kind.allCases.filter { (try? index.hasItems(of: $0)) == true }
    gallery.scores = try distributions()
    // Looking for what looks the same takes most of the time.
    for (step, kind) in kinds.enumerated() {
      let (start, share) = (Double(step) / Double(kinds.count), 1 / Double(kinds.count))
      let other = kinds.first { $0 != kind } ?? kind
      gallery.hubs.append(try hubs(of: kind, for: other) { try progress(start + 0.3 * share * $0) })
      gallery.lookalikes.append(
        try lookalikes(of: kind, damaged: &gallery.damagedItems) {
          try progress(start + (0.3 + 0.6 * $0) * share)
        })
    }
    if let kind = kinds.first { gallery.examples = try examples(of: kind, kinds: kinds) }
    try progress(1)
    return gallery
  }

  // MARK: - Examples

  private mutating func examples(of kind: IndexItem.Kind, kinds: [IndexItem.Kind]) throws -> [IndexExample] {
    let sample = try index.sample(of: kind, limit: Self.askingItems)
    let chosen = ExampleSelection.drawn(options.examples, of: Array(sample.items.indices), seed: options.seed)
    let queries = queries(sample, chosen)
    let near = try index.search(batch: queries, options: searching(kind, options.answers))
    let captions =
      kind == .photo && kinds.contains(.caption)
      ? try index.search(batch: queries, options: searching(.caption, options.answers)) : []
    var examples: [IndexExample] = []
    for (number, place) in chosen.enumerated() {
      let item = sample.items[place]
      var neighbours: [IndexExample.Neighbour] = []
      for hit in near[number].hits { neighbours.append(.init(item: try shown(hit.item), score: hit.score)) }
      let found = captions.isEmpty ? [] : captions[number].hits
      examples.append(
        IndexExample(
          item: try shown(item),
          captions: found.map {
            .init(text: $0.item.name, score: $0.score, isOwn: belongs($0.item, to: item))
          },
          neighbours: neighbours))
    }
    return examples
  }

  /// Whether a caption is one of a photo, as far as groups say.
  private func belongs(_ caption: IndexItem, to photo: IndexItem) -> Bool {
    !caption.group.isEmpty && (caption.group == photo.name || caption.group == photo.group)
  }

  private mutating func shown(_ item: IndexItem) throws -> ShownItem {
    guard item.kind == .photo else { return .caption(item.name, group: Self.title(item.group)) }
    return .photo(
      try album.photo(number: Int(item.id), name: item.name, shownAs: Self.title(item.name)))
  }

  /// The last part of a whole path: a page may be given to others, whom the rest does not concern.
  package static func title(_ name: String) -> String {
    guard name.utf8.first == UInt8(ascii: "/"), let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return name
    }
    return String(name[name.utf8.index(after: slash)...])
  }

  // MARK: - Queries

  /// Items as queries, of which none is its own answer.
  private func queries(_ sample: VectorSample, _ places: some Sequence<Int>) -> [PreparedQuery] {
    places.map {
      PreparedQuery(vector: sample.vectors.rowValues($0), items: [sample.items[$0].id])
    }
  }

  private func searching(_ kind: IndexItem.Kind, _ count: Int) -> SearchOptions {
    SearchOptions(count: count, filter: ItemFilter(kind: kind), method: .exact)
  }

  /// Asks with all items of a sample for their nearest of a kind, block by block.
  private func visitNearest(
    _ count: Int, of kind: IndexItem.Kind, to sample: VectorSample, progress: (Double) throws -> Void,
    _ body: (IndexItem, SearchResult) -> Void
  ) throws {
    for start in stride(from: 0, to: sample.items.count, by: Self.queriesPerBlock) {
      let places = start..<min(start + Self.queriesPerBlock, sample.items.count)
      let results = try index.search(batch: queries(sample, places), options: searching(kind, count))
      for (place, result) in zip(places, results) { body(sample.items[place], result) }
      try progress(Double(places.upperBound) / Double(sample.items.count))
    }
  }

  // MARK: - What the vectors say

  /// The scores of pairs of items of each two kinds.
  private func distributions() throws -> [ScoreDistribution] {
    let photos = try index.sample(of: .photo, limit: Self.scoredItems).vectors
    let captions = try index.sample(of: .caption, limit: Self.scoredItems).vectors
    return [
      distribution("a photo and a caption", photos, captions), distribution("two photos", photos, nil),
      distribution("two captions", captions, nil),
    ].filter { $0.total > 0 }
  }

  /// The scores of all of `first` with all of `second`, or of all pairs of `first` where there is none.
  private func distribution(_ name: String, _ first: Matrix, _ second: Matrix?) -> ScoreDistribution {
    var distribution = ScoreDistribution(name: name)
    let other = second ?? first
    guard first.rows > 0, other.rows > 0 else { return distribution }
    let scores = Matrix(rows: first.rows, columns: other.rows)
    multiply(first, by: other, transposingRight: true, into: scores)
    for row in 0..<first.rows {
      let first = second == nil ? row + 1 : 0
      for column in first..<other.rows { distribution.add(scores[row, column]) }
    }
    return distribution
  }

  private mutating func hubs(
    of kind: IndexItem.Kind, for queryKind: IndexItem.Kind, progress: (Double) throws -> Void
  ) throws -> HubReport {
    let sample = try index.sample(of: queryKind, limit: Self.askingItems)
    var found: [Int64: (item: IndexItem, queries: Int)] = [:]
    var items = 0
    try visitNearest(Self.hubDepth, of: kind, to: sample, progress: progress) { _, result in
      items = max(items, result.candidates)
      for hit in result.hits { found[hit.item.id, default: (hit.item, 0)].queries += 1 }
    }
    var report = HubReport(
      kind: kind, queryKind: queryKind, queries: sample.items.count, depth: Self.hubDepth, items: items,
      neverFound: items - found.count, hubs: [])
    let most = found.values.sorted { ($1.queries, $0.item.id) < ($0.queries, $1.item.id) }
    for hub in most.prefix(Self.shownHubs) where Double(hub.queries) > 2 * report.even {
      report.hubs.append(.init(item: try shown(hub.item), queries: hub.queries))
    }
    return report
  }

  private mutating func lookalikes(
    of kind: IndexItem.Kind, damaged: inout Int, progress: (Double) throws -> Void
  ) throws -> LookalikeReport {
    let sample = try index.sample(of: kind, limit: Self.comparedItems)
    var pairs: [(first: IndexItem, second: IndexItem, score: Float)] = []
    var seen: Set<[Int64]> = []
    var damagedItems = 0
    try visitNearest(1, of: kind, to: sample, progress: progress) { item, result in
      damagedItems = result.damagedItems
      guard let hit = result.hits.first, hit.score >= Self.likeness else { return }
      let isFirst = item.id < hit.item.id
      let pair = isFirst ? (item, hit.item, hit.score) : (hit.item, item, hit.score)
      if seen.insert([pair.0.id, pair.1.id]).inserted { pairs.append(pair) }
    }
    damaged = damagedItems
    pairs.sort { ($1.score, $0.first.id) < ($0.score, $1.first.id) }
    var report = LookalikeReport(kind: kind, examined: sample.items.count, total: pairs.count, pairs: [])
    for pair in pairs.prefix(Self.shownPairs) {
      report.pairs.append(
        .init(first: try shown(pair.first), second: try shown(pair.second), score: pair.score))
    }
    return report
  }
}
