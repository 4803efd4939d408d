internal import DataFormats
internal import Foundation
internal import Retrieval
internal import Tensors

/// A page about an index, under the same rules as `GalleryPage`.
package struct IndexPage {
  private let gallery: IndexGallery

  package init(_ gallery: IndexGallery) { self.gallery = gallery }

  /// The bytes of the file, UTF-8.
  package var bytes: [UInt8] {
    PageFrame(title: gallery.name, header: header, sections: sections, photos: gallery.photos).html.page
  }

  private var header: [HTML] {
    let summary = gallery.summary
    return [
      .element("h1", [.foreign(gallery.name)]),
      .element(
        "p",
        [
          .text("\(counted(summary.photos, "photo")), \(counted(summary.captions, "caption")); model "),
          .foreign(gallery.model),
        ]),
    ]
  }

  private var sections: [PageFrame.Section] {
    [
      .init("contents", "Contents", title: "What is in it", contents),
      .init("items", "Items", title: "Items and what is near to them", examples),
      .init("scores", "Scores", title: "Distribution of scores", scores),
      .init("hubs", "Hubs", title: "Hubs: what is near to very many", gallery.hubs.flatMap(hubs)),
      .init(
        "lookalikes", "Look-alikes", title: "What looks like the same",
        gallery.lookalikes.flatMap(lookalikes)),
    ].filter { !$0.content.isEmpty }
  }

  // MARK: - Contents

  private var contents: [HTML] {
    let summary = gallery.summary
    let rows: [(HTML, String)] = [
      ("Photos", "\(summary.photos)"), ("Captions", "\(summary.captions)"),
      ("Groups", "\(gallery.groups.count)"),
      ("Vectors", "\(summary.dim) numbers in \(summary.precision.rawValue)"),
      ("Size of the vectors", String(format: "%.1f MB", Double(summary.vectorBytes) / 1e6)),
      ("Rows of removed items", "\(summary.unusedRows)"),
      ("Search", "exact below \(summary.approximateFrom) items of a kind"),
    ]
    let damage =
      gallery.damagedItems > 0
      ? [
        HTML.note(
          "Items that are left out, as their vectors are damaged: \(gallery.damagedItems); see vse index verify."
        )
      ] : []
    return [table(rows)] + damage + groups
  }

  private var groups: [HTML] {
    guard !gallery.groups.largest.isEmpty else { return [] }
    let shown = gallery.groups.largest
    return [
      .element("h3", ["Groups"]),
      .note(
        shown.count < gallery.groups.count
          ? "The largest \(shown.count) of \(gallery.groups.count)." : "All, by their items."),
      table(shown.map { (.foreign(IndexGalleryBuilder.title($0.name)), counted($0.items, "item")) }),
    ]
  }

  private func table(_ rows: [(HTML, String)]) -> HTML {
    .element(
      "table",
      rows.map { name, value in
        .element("tr", [.element("th", [name]), .element("td", [.text(value)])])
      })
  }

  // MARK: - Items

  private var examples: [HTML] {
    guard !gallery.examples.isEmpty else { return [.note("There is nothing in the index.")] }
    let isOfPhotos = gallery.summary.photos > 0
    let total = isOfPhotos ? gallery.summary.photos : gallery.summary.captions
    let noun = isOfPhotos ? "photo" : "caption"
    let chosen =
      gallery.examples.count == total
      ? "All \(counted(total, noun))."
      : "\(gallery.examples.count) of \(counted(total, noun)), drawn at random."
    let captions =
      isOfPhotos && gallery.summary.captions > 0
      ? " Beside each: the captions of the index that are nearest to it; ✓ marks those of its group." : ""
    return [
      .note("\(chosen)\(captions) Below: the nearest \(noun)s. Numbers are cosines."),
      .element("div", class: "rows", gallery.examples.map { IndexCard(example: $0).html }),
    ]
  }

  // MARK: - Scores

  private var scores: [HTML] {
    let used = (0..<20).filter { bin in gallery.scores.contains { $0.counts[bin] > 0 } }
    guard let first = used.first, let last = used.last else { return [] }
    let chart = BarChart(
      title: "Cosines of pairs of items, % of pairs",
      groups: (first...last).map { String(format: "%.1f", Double($0 - 10) / 10) }, unit: "%",
      series: gallery.scores.map { scores in
        .init(
          name: scores.name,
          values: (first...last).map { 100 * Double(scores.counts[$0]) / Double(scores.total) })
      })
    return [
      .note(
        "Of items that were drawn evenly. A bar is about scores from its number on, a tenth wide. Most pairs have "
          + "nothing to do with each other, so a score means something by how far it stands beyond them."),
      .element("div", class: "plots", [chart.html].compactMap(\.self)),
    ]
  }

  // MARK: - Hubs and look-alikes

  private func hubs(_ report: HubReport) -> [HTML] {
    let kind = report.kind.rawValue
    let asked =
      "Each of \(counted(report.queries, report.queryKind.rawValue)) was asked for its \(report.depth) nearest \(kind)s: were "
      + String(format: "all found equally often, each would be found %.1f times. ", report.even)
      + "\(report.neverFound) of \(counted(report.items, kind)) never were"
    let tail =
      report.hubs.isEmpty
      ? ", and none more than twice as often." : ". Those that were found most often:"
    return [
      .element("h3", [.text("\(kind.capitalized)s")]), .note(asked + tail),
      items(report.hubs.map { ($0.item, "\(counted($0.queries, "time"))") }, kind: report.kind),
    ]
  }

  private func lookalikes(_ report: LookalikeReport) -> [HTML] {
    let kind = report.kind.rawValue
    let limit = String(format: "%.2f", IndexGalleryBuilder.likeness)
    let note =
      "Of \(counted(report.examined, kind)), with the nearest other \(kind) of each: "
      + (report.total == 0
        ? "no pair scores \(limit) or more."
        : "\(counted(report.total, "pair")) with \(limit) or more"
          + (report.pairs.count < report.total ? ", the nearest \(report.pairs.count) of them:" : ":"))
    return [.element("h3", [.text("\(kind.capitalized)s")]), .note(note)]
      + (report.pairs.isEmpty
        ? []
        : [
          .element(
            "div", class: "pairs",
            report.pairs.map { pair in
              .element(
                "article", class: "row",
                [
                  items(
                    [(pair.first, String(format: "%.4f", pair.score)), (pair.second, "")], kind: report.kind)
                ])
            })
        ])
  }

  /// Items with what is to be said of each: tiles of photos, or a list of captions.
  private func items(_ items: [(item: ShownItem, note: String)], kind: IndexItem.Kind) -> HTML {
    kind == .photo
      ? .element("div", class: "strip", items.map { $0.item.tile(note: $0.note) })
      : .element("ul", items.map { $0.item.line(note: $0.note) })
  }
}

/// An item with the captions and the items of its kind that are near to it.
private struct IndexCard {
  let example: IndexExample

  var html: HTML {
    let near = example.neighbours.map { ($0.item, String(format: "%.2f", Double($0.score))) }
    switch example.item {
    case .photo(let photo):
      return .element(
        "article", class: "row",
        [
          .element(
            "div", class: "pair",
            [photo.html(), .element("ul", example.captions.map(ImageCard.item))]),
          .element("div", class: "strip", near.map { $0.0.tile(note: $0.1) }),
        ])
    case .caption(let text, let group):
      return .element(
        "article", class: "row",
        [
          .element("h4", [.foreign(text), " ", .element("small", [.foreign(group)])]),
          .element("ul", near.map { $0.0.line(note: $0.1) }),
        ])
    }
  }
}

extension ShownItem {
  /// A photo with a remark; of a caption its text.
  fileprivate func tile(note: String) -> HTML {
    switch self {
    case .photo(let photo):
      photo.html(note: note.isEmpty ? [] : [.element("span", class: "score", [.text(note)])])
    case .caption(let text, _): .element("p", [.foreign(text)])
    }
  }

  /// A caption with a remark before it and its group behind; of a photo its name.
  fileprivate func line(note: String) -> HTML {
    let content: [HTML] =
      switch self {
      case .photo(let photo): [.foreign(photo.name)]
      case .caption(let text, let group):
        [.foreign(text)] + (group.isEmpty ? [] : [" ", .element("small", [.foreign(group)])])
      }
    return .element(
      "li", [.element("span", class: "score", [.text(note)]), " ", .element("span", content)])
  }
}
