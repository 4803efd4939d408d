import ArgumentParser
import DataFormats
import Retrieval

/// A command of the demo: shown as one would type it, and run as if one had.
struct DemoStep {
  /// The command's words, without `vse`.
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  /// Shows the command and runs it.
  func run() throws {
    var command = try parsed()
    show()
    try command.run()
  }

  /// Shows a search, runs it, and returns what it has found.
  func search() throws -> SearchResult {
    guard let search = try parsed() as? Search else { preconditionFailure("\(words[0]) is no search") }
    show()
    return try search.search()
  }

  /// The command as one would type it.
  var text: String { (["vse"] + words).map(shellWord).joined(separator: " ") }

  private func parsed() throws -> any ParsableCommand { try VSE.parseAsRoot(words) }

  private func show() { print("$ \(text)") }
}
