/// What all pages have in common: a head, a heading with links to the sections, and the photos, embedded once each.
package struct PageFrame {
  /// A part of the page.
  struct Section {
    let identifier, link, title: StaticString
    let content: [HTML]

    /// - Parameter link: what it is called at the top of the page, in a word.
    init(_ identifier: StaticString, _ link: StaticString, title: StaticString, _ content: [HTML]) {
      self.identifier = identifier
      self.link = link
      self.title = title
      self.content = content
    }
  }

  let title: String
  let header: [HTML]
  let sections: [Section]
  /// The photos that the sections show.
  let photos: [GalleryPhoto]

  /// What every such page begins with, by which one is told from other files.
  package static let beginning = Array(
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta name=\"generator\" content=\"vse gallery\"/>".utf8)

  var html: HTML {
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
          ]),
        .element(
          "body",
          [
            .element("header", header + [navigation]), .element("main", sections.map(section)),
            // At the end, as they are large, and what is to be read comes first.
            GalleryPhoto.symbols(photos),
          ]),
      ])
  }

  private var navigation: HTML {
    .element(
      "nav", sections.map { .element("a", [.init("href", "#\($0.identifier)")], [.text("\($0.link)")]) })
  }

  private func section(_ section: Section) -> HTML {
    .element(
      "section", [.init("id", "\(section.identifier)")],
      [.element("h2", [.text("\(section.title)")])] + section.content)
  }
}

extension HTML {
  fileprivate static func meta(_ name: StaticString, _ content: StaticString) -> HTML {
    .element("meta", [Attribute("name", "\(name)"), Attribute("content", "\(content)")], [])
  }

  /// A remark in a paragraph of its own.
  static func note(_ text: String) -> HTML { .element("p", class: "note", [.text(text)]) }
}
