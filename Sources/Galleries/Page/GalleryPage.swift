internal import VisualSemanticEmbedding

/// A gallery as one page that needs nothing else: no script, no other file, no address.
package struct GalleryPage {
  let gallery: Gallery

  package init(_ gallery: Gallery) { self.gallery = gallery }

  /// The bytes of the file, UTF-8.
  package var bytes: [UInt8] { html.page }

  /// What every such page begins with, by which one is told from other files.
  package static let beginning = Array(
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta name=\"generator\" content=\"vse gallery\"/>".utf8)

  private var title: String { "\(gallery.model) on \(gallery.dataset), \(gallery.split.rawValue)" }

  private var html: HTML {
    .element(
      "html", [.init("lang", "en")],
      [
        .element(
          "head",
          [
            .meta("generator", "vse gallery"),
            .element("meta", [.init("charset", "utf-8")], []),
            .meta("viewport", "width=device-width, initial-scale=1"),
            .meta("color-scheme", "light dark"),
            // Whatever a caption may hold, the page loads nothing and runs nothing.
            .element(
              "meta",
              [
                .init("http-equiv", "Content-Security-Policy"),
                .init("content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'"),
              ], []),
            .element("title", [.text(title)]), .style(GalleryStyle.sheet),
          ]), .element("body", [header, .element("main", sections)]),
      ])
  }

  private var header: HTML {
    .element(
      "header",
      [
        .element("h1", [.foreign(gallery.model)]),
        .element(
          "p",
          [
            .foreign(gallery.dataset),
            ", \(gallery.split.rawValue) split: \(gallery.scores.images) images, \(gallery.scores.captions) captions",
          ]), navigation,
      ])
  }

  private var navigation: HTML {
    .element(
      "nav",
      [
        ("#scores", "Scores"), ("#images", "Images"), ("#sentences", "Sentences"), ("#errors", "Errors"),
      ].map { target, name in .element("a", [.init("href", target)], [.text(name)]) })
  }

  private var sections: [HTML] {
    [
      .section("scores", "Scores", scores),
      .section("images", "Images and the captions found for them", images),
      .section("sentences", "Sentences and the images found for them", sentences),
      .section("errors", "The hardest errors", errors),
    ]
  }

  // MARK: - Sections

  private var images: [HTML] {
    guard !gallery.images.isEmpty else { return [.note("No image was chosen.")] }
    let source =
      switch gallery.captionSource {
      case .train(let count): "of the \(count) captions of the train split"
      case .split: "of the split's own captions, as there is no train split"
      }
    return [
      .note(
        chosen(gallery.images.count, of: gallery.annotationRanks.count, "images") + " Found: the best "
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
        chosen(gallery.sentences.count, of: gallery.searchRanks.count, "captions")
          + " Below each: the best of the "
          + "split's \(gallery.scores.images) images, with their cosines. The sentence's own image has a frame."
      ),
      .element(
        "div", class: "rows",
        gallery.sentences.map { SentenceCard(example: $0, images: gallery.scores.images).html }),
    ]
  }

  private func chosen(_ count: Int, of total: Int, _ name: String) -> String {
    count == total ? "All \(total) \(name)." : "\(count) of \(total) \(name), drawn at random."
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

extension HTML {
  static func meta(_ name: StaticString, _ content: StaticString) -> HTML {
    .element("meta", [Attribute("name", "\(name)"), Attribute("content", "\(content)")], [])
  }

  static func section(_ identifier: StaticString, _ heading: StaticString, _ content: [HTML]) -> HTML {
    .element(
      "section", [Attribute("id", "\(identifier)")], [.element("h2", [.text("\(heading)")])] + content)
  }

  /// A remark in a paragraph of its own.
  static func note(_ text: String) -> HTML { .element("p", class: "note", [.text(text)]) }
}
