internal import DataFormats
internal import VisualSemanticEmbedding

/// A gallery as one page that needs nothing else: no script, no other file, no address.
package struct GalleryPage {
  let gallery: Gallery

  package init(_ gallery: Gallery) { self.gallery = gallery }

  /// The bytes of the file, UTF-8.
  package var bytes: [UInt8] { html.page }

  private var html: HTML {
    PageFrame(
      title: "\(gallery.model) on \(gallery.dataset), \(gallery.split.rawValue)", header: header,
      sections: [
        .init("scores", "Scores", title: "Scores", scores),
        .init("images", "Images", title: "Images and the captions found for them", images),
        .init("sentences", "Sentences", title: "Sentences and the images found for them", sentences),
        .init("errors", "Errors", title: "The hardest errors", errors),
      ], photos: photos
    ).html
  }

  /// All photos that are shown, some more than once.
  private var photos: [GalleryPhoto] {
    let sentences = gallery.sentences + gallery.hardestSentences
    return (gallery.images + gallery.hardestImages).map(\.photo)
      + sentences.flatMap { $0.retrieved.map(\.photo) + ($0.missed.map { [$0] } ?? []) }
  }

  private var header: [HTML] {
    [
      .element("h1", [.foreign(gallery.model)]),
      .element(
        "p",
        [
          .foreign(gallery.dataset),
          .text(
            ", \(gallery.split.rawValue) split: \(counted(gallery.scores.images, "image")), "
              + counted(gallery.scores.captions, "caption")),
        ]),
    ]
  }

  // MARK: - Sections

  private var images: [HTML] {
    guard !gallery.images.isEmpty else { return [.note("No image was chosen.")] }
    let source =
      switch gallery.captionSource {
      case .train(let count): "of the \(counted(count, "caption")) of the train split"
      case .split: "of the split's own captions, as there is no train split"
      }
    return [
      .note(
        chosen(gallery.images.count, of: gallery.annotationRanks.count, "image") + " Found: the best "
          + "\(source), with their cosines. Ranks are those among all captions of this split, without the image's "
          + "others; ✓ marks those within the first 10."),
      .element(
        "div", class: "cards",
        gallery.images.map {
          ImageCard(example: $0, heading: "Found", captions: gallery.scores.captions).html
        }),
    ]
  }

  private var sentences: [HTML] {
    guard !gallery.sentences.isEmpty else { return [.note("No sentence was chosen.")] }
    return [
      .note(
        chosen(gallery.sentences.count, of: gallery.searchRanks.count, "caption")
          + " Below each: the best of the "
          + "split's \(counted(gallery.scores.images, "image")), with their cosines. The sentence's own image has a frame."
      ),
      .element(
        "div", class: "rows",
        gallery.sentences.map { SentenceCard(example: $0, images: gallery.scores.images).html }),
    ]
  }

  private func chosen(_ count: Int, of total: Int, _ name: String) -> String {
    count == total ? "All \(counted(total, name))." : "\(count) of \(counted(total, name)), drawn at random."
  }

  private var errors: [HTML] {
    guard !gallery.hardestImages.isEmpty || !gallery.hardestSentences.isEmpty else {
      return [.note("None: every right answer comes first.")]
    }
    return [
      .note(
        "What ranks last of all: first images, with the captions of this split that came before their own,"
          + " then sentences."),
      .element("h3", ["Images"]),
      .element(
        "div", class: "cards",
        gallery.hardestImages.map {
          ImageCard(example: $0, heading: "Came first", captions: gallery.scores.captions).html
        }), .element("h3", ["Sentences"]),
      .element(
        "div", class: "rows",
        gallery.hardestSentences.map { SentenceCard(example: $0, images: gallery.scores.images).html }),
    ]
  }
}
