internal import Foundation

/// A part of a page, escaped by construction: text from outside can be text or the value of an attribute, and never
/// becomes markup; names of elements and attributes and the style sheet are literals of this program.
///
/// What is rendered is well-formed XML as well as HTML, so that any strict parser can check it.
package enum HTML: Sendable {
  case text(String)
  /// An element; its name is one of HTML's or SVG's.
  case element(StaticString, [Attribute], [HTML])
  /// A style sheet, which must have neither `<` nor `&`.
  case style(StaticString)

  /// A name and a value.
  package struct Attribute: Sendable {
    let name: StaticString
    let value: String

    package init(_ name: StaticString, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// An element around others.
  package static func element(_ name: StaticString, _ children: [HTML]) -> HTML {
    .element(name, [], children)
  }

  /// An element of a class of the style sheet.
  package static func element(_ name: StaticString, class: StaticString, _ children: [HTML]) -> HTML {
    .element(name, [Attribute("class", "\(`class`)")], children)
  }

  /// Text from outside, which reads in its own direction and cannot turn round what stands beside it.
  package static func foreign(_ text: String) -> HTML {
    .element("bdi", [Attribute("dir", "auto")], [.text(text)])
  }

  /// A JPEG within the page, to be shown by `picture`; what is never shown otherwise needs no description.
  package static func symbol(_ identifier: String, jpeg: [UInt8], width: Int, height: Int) -> HTML {
    .element(
      "symbol", [Attribute("id", identifier), Attribute("viewBox", "0 0 \(width) \(height)")],
      [
        .element(
          "image",
          [
            Attribute("href", "data:image/jpeg;base64," + Data(jpeg).base64EncodedString()),
            Attribute("width", "\(width)"), Attribute("height", "\(height)"),
          ], [])
      ])
  }

  /// The picture of a symbol, which fills its place; `description` is what those who do not see it are told.
  package static func picture(_ identifier: String, width: Int, height: Int, description: String) -> HTML {
    .element(
      "svg",
      [
        Attribute("class", "picture"), Attribute("role", "img"), Attribute("aria-label", description),
        Attribute("viewBox", "0 0 \(width) \(height)"), Attribute("width", "\(width)"),
        Attribute("height", "\(height)"), Attribute("preserveAspectRatio", "xMidYMid slice"),
      ],
      [
        .element(
          "use",
          [
            Attribute("href", "#" + identifier), Attribute("width", "\(width)"),
            Attribute("height", "\(height)"),
          ], [])
      ])
  }
}

extension HTML: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self = .text(text) }
}
