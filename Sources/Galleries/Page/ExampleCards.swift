internal import Foundation

/// An image with the captions found for it and its own.
struct ImageCard {
  let example: ImageExample
  /// What stands above the found captions.
  let heading: HTML
  /// Captions of the split.
  let captions: Int

  var html: HTML {
    .element(
      "article", class: "card",
      [
        example.photo.html(),
        .element(
          "div",
          [.element("h4", [heading]), .element("ul", example.retrieved.map(Self.item))]
            + [
              .element(
                "h4", ["True captions ", .rank(example.rank, of: captions, name: "best rank ")]),
              .element("ul", example.own.map(item)),
            ]),
      ])
  }

  static func item(_ caption: ImageExample.RetrievedCaption) -> HTML {
    .element(
      "li",
      [
        .score(caption.score), " ",
        .element(
          "span",
          [.foreign(caption.text)]
            + (caption.isOwn ? [" ", .element("span", class: "hit", ["✓ a true caption"])] : [])),
      ])
  }

  private func item(_ caption: ImageExample.RankedCaption) -> HTML {
    .element("li", [.rank(caption.rank, of: nil, name: ""), " ", .foreign(caption.text)])
  }
}

/// A sentence with the images found for it.
struct SentenceCard {
  let example: SentenceExample
  /// Images of the split.
  let images: Int

  var html: HTML {
    .element(
      "article", class: "row",
      [
        .element(
          "h4", [.foreign(example.text), " ", .rank(example.rank, of: images, name: "its image has rank ")]),
        .element("div", class: "strip", example.retrieved.map(tile) + missed),
      ])
  }

  private func tile(_ found: SentenceExample.RetrievedPhoto) -> HTML {
    found.photo.html(
      note: [.score(found.score)] + (found.isOwn ? [" ", .element("span", class: "hit", ["✓"])] : []),
      isOwn: found.isOwn)
  }

  private var missed: [HTML] {
    example.missed.map {
      [$0.html(note: [.element("span", class: "miss", ["✗ rank \(example.rank + 1)"])], isOwn: true)]
    } ?? []
  }
}

extension GalleryPhoto {
  private var identifier: String { "photo-\(number)" }

  /// The thumbnails of photos, each once, for the places that show them.
  static func symbols(_ photos: [GalleryPhoto]) -> HTML {
    var seen: Set<Int> = []
    return .element(
      "svg", [.init("class", "symbols"), .init("aria-hidden", "true")],
      photos.compactMap { photo in
        guard case .thumbnail(let thumbnail) = photo.picture, seen.insert(photo.number).inserted else {
          return nil
        }
        return .symbol(
          photo.identifier, jpeg: thumbnail.jpeg, width: thumbnail.width, height: thumbnail.height)
      })
  }

  /// The thumbnail, or a grey tile that says why there is none, and the name.
  func html(note: [HTML] = [], isOwn: Bool = false) -> HTML {
    let picture: HTML =
      switch picture {
      case .thumbnail(let thumbnail):
        .picture(identifier, width: thumbnail.width, height: thumbnail.height, description: name)
      case .missing(let reason): .element("div", class: "missing", [.text(reason)])
      }
    return .element(
      "figure", class: isOwn ? "photo own" : "photo",
      [picture, .element("figcaption", note + (note.isEmpty ? [] : [" "]) + [.foreign(name)])])
  }
}

extension HTML {
  /// A 0-based rank for people, and whether it counts as found: within the first 10.
  fileprivate static func rank(_ rank: Int, of count: Int?, name: StaticString) -> HTML {
    let isFound = rank < 10
    return .element(
      "span", class: isFound ? "hit" : "miss",
      [.text("\(isFound ? "✓" : "✗") \(name)\(rank + 1)" + (count.map { " of \($0)" } ?? ""))])
  }

  static func score(_ score: Float) -> HTML {
    .element("span", class: "score", [.text(String(format: "%.2f", Double(score)))])
  }
}
