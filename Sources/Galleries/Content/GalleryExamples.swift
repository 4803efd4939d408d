/// An image, the captions that a model finds for it, and its own.
package struct ImageExample: Sendable, Equatable {
  package var photo: GalleryPhoto
  /// The 0-based rank of its best own caption among all captions of the split.
  package var rank: Int
  /// What was found, the best first.
  package var retrieved: [RetrievedCaption]
  /// Its captions, with their 0-based ranks among the captions of other images.
  package var own: [RankedCaption]

  package init(photo: GalleryPhoto, rank: Int, retrieved: [RetrievedCaption], own: [RankedCaption]) {
    self.photo = photo
    self.rank = rank
    self.retrieved = retrieved
    self.own = own
  }

  package struct RetrievedCaption: Sendable, Equatable {
    package var text: String
    package var score: Float
    /// Whether the image has a caption of the same words.
    package var isOwn: Bool

    package init(text: String, score: Float, isOwn: Bool) {
      self.text = text
      self.score = score
      self.isOwn = isOwn
    }
  }

  package struct RankedCaption: Sendable, Equatable {
    package var text: String
    package var rank: Int

    package init(text: String, rank: Int) {
      self.text = text
      self.rank = rank
    }
  }
}

/// A sentence, the images that a model finds for it, and its own.
package struct SentenceExample: Sendable, Equatable {
  package var text: String
  /// The 0-based rank of its image among all images of the split.
  package var rank: Int
  /// What was found, the best first.
  package var retrieved: [RetrievedPhoto]
  /// Its image, where that is not among what was found.
  package var missed: GalleryPhoto?

  package init(text: String, rank: Int, retrieved: [RetrievedPhoto], missed: GalleryPhoto?) {
    self.text = text
    self.rank = rank
    self.retrieved = retrieved
    self.missed = missed
  }

  package struct RetrievedPhoto: Sendable, Equatable {
    package var photo: GalleryPhoto
    package var score: Float
    /// Whether the sentence is a caption of it.
    package var isOwn: Bool

    package init(photo: GalleryPhoto, score: Float, isOwn: Bool) {
      self.photo = photo
      self.score = score
      self.isOwn = isOwn
    }
  }
}

/// A photo as a page shows it.
package struct GalleryPhoto: Sendable, Equatable {
  /// Which photo it is, among those of a page: however often it is shown, it is embedded once.
  package var number: Int
  /// What lists call it.
  package var name: String
  package var picture: Picture

  package init(number: Int, name: String, picture: Picture) {
    self.number = number
    self.name = name
    self.picture = picture
  }

  package enum Picture: Sendable, Equatable {
    case thumbnail(Thumbnail)
    /// Why there is nothing to be seen, in a few words.
    case missing(String)
  }
}
