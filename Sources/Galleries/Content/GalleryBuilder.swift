package import VisualSemanticEmbedding

/// Gathers what a gallery shows, of a model that has ranked a split.
package struct GalleryBuilder {
  private let ranked: RankedSplit
  private let train: (captions: CaptionFile, encoded: EncodedCaptions)?
  private let options: GalleryOptions
  private let names: ImageNames
  package private(set) var album: PhotoAlbum

  /// - Parameter names: the names of the split's photos.
  /// - Parameter train: captions to be retrieved for images; without them those of the split itself are.
  package init(
    _ ranked: RankedSplit, train: (captions: CaptionFile, encoded: EncodedCaptions)?, names: ImageNames,
    album: PhotoAlbum, options: GalleryOptions
  ) {
    self.ranked = ranked
    self.train = train
    self.names = names
    self.album = album
    self.options = options
  }

  /// Retrieves and looks at photos.
  ///
  /// - Parameter progress: told how many examples of how many are done; what it throws stops the work.
  /// - Throws: what making thumbnails throws about all photos.
  package mutating func build(
    model: String, dataset: String, history: TrainingHistory?,
    progress: (_ done: Int, _ total: Int) throws -> Void
  ) throws -> Gallery {
    let images = ExampleSelection.drawn(
      options.images, of: ranked.annotationRanks.indices.filter { ranked.annotationRanks[$0] != nil },
      seed: options.seed)
    let sentences = ExampleSelection.drawn(
      options.sentences, of: Array(ranked.searchRanks.indices), seed: options.seed &+ 1)
    let hardestImages = ExampleSelection.hardest(options.hardest, ranks: ranked.annotationRanks)
    let hardestSentences = ExampleSelection.hardest(options.hardest, ranks: ranked.searchRanks)
    let total = images.count + sentences.count + hardestImages.count + hardestSentences.count
    var done = 0
    func advance() throws {
      done += 1
      try progress(done, total)
    }
    return Gallery(
      model: model, dataset: dataset, split: ranked.split.name, scores: ranked.scores,
      intervals: ranked.intervals(options.bootstrap), bootstrap: options.bootstrap,
      annotationRanks: ranked.annotationRanks.compactMap(\.self), searchRanks: ranked.searchRanks,
      history: history, captionSource: train.map { .train($0.encoded.rows.count) } ?? .split,
      images: try examples(ofImages: images, retrieved: captions(forImages: images), advance),
      sentences: try examples(ofSentences: sentences, advance),
      hardestImages: try examples(
        ofImages: hardestImages, retrieved: splitCaptions(forImages: hardestImages), advance),
      hardestSentences: try examples(ofSentences: hardestSentences, advance))
  }

  // MARK: - Images

  private mutating func examples(
    ofImages images: [Int], retrieved: [[(text: String, score: Float)]], _ advance: () throws -> Void
  ) throws -> [ImageExample] {
    let ranks = ranked.ranksOfOwnCaptions(ofImages: images)
    return try images.enumerated().map { index, image in
      let own = ranked.captions(ofImage: image).map { text(ofCaption: $0) }
      let photo = try album.photo(ofImage: image, names: names)
      try advance()
      return ImageExample(
        photo: photo, rank: ranks[index].min() ?? 0,
        retrieved: retrieved[index].map {
          .init(text: $0.text, score: $0.score, isOwn: own.contains($0.text))
        },
        own: zip(own, ranks[index]).map { .init(text: $0, rank: $1) })
    }
  }

  private func captions(forImages images: [Int]) -> [[(text: String, score: Float)]] {
    guard let (captions, encoded) = train else { return splitCaptions(forImages: images) }
    return ranked.bestCaptions(ofImages: images, among: encoded, count: options.answers).map { answers in
      answers.map { (captions[encoded.rows[$0.answer]].description, $0.score) }
    }
  }

  private func splitCaptions(forImages images: [Int]) -> [[(text: String, score: Float)]] {
    ranked.bestCaptions(ofImages: images, count: options.answers).map { answers in
      answers.map { (text(ofCaption: $0.answer), $0.score) }
    }
  }

  private func text(ofCaption caption: Int) -> String {
    ranked.split.captions[ranked.captionRows[caption]].description
  }

  // MARK: - Sentences

  private mutating func examples(
    ofSentences captions: [Int], _ advance: () throws -> Void
  ) throws -> [SentenceExample] {
    let answers = ranked.bestImages(forCaptions: captions, count: options.answers)
    return try zip(captions, answers).map { caption, answers in
      let own = ranked.imageOfCaption[caption]
      let retrieved = try answers.map { answer in
        SentenceExample.RetrievedPhoto(
          photo: try album.photo(ofImage: answer.answer, names: names), score: answer.score,
          isOwn: answer.answer == own)
      }
      let isFound = retrieved.contains(where: \.isOwn)
      let missed = isFound ? nil : try album.photo(ofImage: own, names: names)
      try advance()
      return SentenceExample(
        text: text(ofCaption: caption), rank: ranked.searchRanks[caption], retrieved: retrieved,
        missed: missed)
    }
  }
}
