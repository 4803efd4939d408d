import Foundation
import Galleries
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as a strict parser reads it.
final class WellFormedPage: NSObject, XMLParserDelegate {
  /// The text of the page, that of the style sheet left out.
  private(set) var text = ""
  /// How many elements there are of each name.
  private(set) var elements: [String: Int] = [:]
  /// All values of each attribute, by its name.
  private(set) var attributes: [String: [String]] = [:]
  private var isInStyle = false

  struct NotWellFormed: Error, CustomStringConvertible {
    let description: String
  }

  init(_ bytes: [UInt8]) throws {
    super.init()
    let parser = XMLParser(data: Data(bytes))
    parser.delegate = self
    guard parser.parse() else {
      throw NotWellFormed(
        description:
          "line \(parser.lineNumber), column \(parser.columnNumber): \(String(describing: parser.parserError))"
      )
    }
  }

  convenience init(_ part: HTML) throws { try self.init(part.rendered) }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
    for (name, value) in attributes { self.attributes[name, default: []].append(value) }
    if name == "style" { isInStyle = true }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "style" { isInStyle = false }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if !isInStyle { text += string }
  }
}
