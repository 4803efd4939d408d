package import VisualSemanticEmbedding

/// How much a gallery shows.
package struct GalleryOptions: Sendable, Equatable {
  /// How many images and how many sentences are drawn; all where there are fewer.
  package var images = 50
  package var sentences = 25
  /// How many of the hardest images, and of the hardest sentences, are shown.
  package var hardest = 10
  /// How many captions are shown for an image, and how many images for a sentence.
  package var answers = 5
  /// The seed of what is drawn.
  package var seed: UInt64 = 1234
  package var bootstrap = Bootstrap()

  package init() {}
}
