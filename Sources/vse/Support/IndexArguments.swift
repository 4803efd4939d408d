import ArgumentParser
import DataFormats
import Foundation
import Retrieval
import VisualSemanticEmbedding

/// Which items of an index a command is about.
struct FilterArguments: ParsableArguments {
  @Option(help: "Only photos, or only captions.")
  var kind: IndexItem.Kind?

  @Option(help: ArgumentHelp("Only items of this group.", valueName: "name"))
  var group: String?

  @Option(
    name: .customLong("where"), parsing: .singleValue,
    help: ArgumentHelp(
      "Only items whose metadata has this value; may be given again.", valueName: "key=value"))
  var conditions: [String] = []

  func validate() throws {
    for condition in conditions where Self.parts(condition) == nil {
      throw ValidationError("--where \(condition) should be KEY=VALUE, such as --where year=2014")
    }
    let keys = conditions.compactMap { Self.parts($0)?.0 }
    if let twice = keys.first(where: { key in keys.count { $0 == key } > 1 }) {
      throw ValidationError(
        "--where \(twice)=… is given twice, and an item has one value; search once for each")
    }
  }

  var filter: ItemFilter {
    let parts = conditions.compactMap(Self.parts)
    return ItemFilter(kind: kind, group: group, metadata: Dictionary(parts) { _, last in last })
  }

  var isEmpty: Bool { filter == ItemFilter() }

  private static func parts(_ condition: String) -> (String, String)? {
    guard let place = condition.firstIndex(of: "="), place > condition.startIndex else { return nil }
    return (String(condition[..<place]), String(condition[condition.index(after: place)...]))
  }
}

/// Text files that say something of each item, a line for each.
enum ItemLines {
  /// The lines of a file, their ends left out; UTF-8.
  static func lines(of path: String) throws -> [String] {
    let bytes = try MappedFile(path: path).withBytes { Array($0) }
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return try lines.enumerated().map { place, line in
      // Repaired, two lines could become one; and the catalogue's texts end at a zero.
      guard !line.contains(0),
        let text = String(validating: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
      else { throw IndexError.notText(file: path, line: place + 1) }
      return text
    }
  }

  /// A name for each of `count` items.
  static func names(of path: String, count: Int, itemFile: String) throws -> [String] {
    let lines = try checked(lines(of: path), of: path, count: count, itemFile: itemFile)
    if let blank = lines.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) {
      throw IndexError.blankName(file: path, line: blank + 1)
    }
    return lines
  }

  /// A JSON object for each of `count` items; blank lines are empty objects.
  static func metadata(of path: String, count: Int, itemFile: String) throws -> [String] {
    try checked(lines(of: path), of: path, count: count, itemFile: itemFile).enumerated().map { index, line in
      if line.allSatisfy(\.isWhitespace) { return "{}" }
      guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let data = try? JSONSerialization.data(
          withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
      else { throw IndexError.badMetadata(file: path, line: index + 1) }
      return String(decoding: data, as: UTF8.self)
    }
  }

  static func checked(_ lines: [String], of path: String, count: Int, itemFile: String) throws -> [String] {
    guard lines.count == count else {
      throw IndexError.countsDiffer(file: path, lines: lines.count, items: count, itemFile: itemFile)
    }
    return lines
  }
}
