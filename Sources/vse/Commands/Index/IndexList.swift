import ArgumentParser
import Retrieval

struct IndexList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the items of an index.",
    discussion: """
      An item a line: its number, its kind, its name and what is known of it. For example:
        vse index list photos.index --kind caption --group beach.jpg
        vse index list photos.index --where year=2014 --json
      """)

  @Argument(help: "The index, a folder.", completion: .directory)
  var index: String

  @OptionGroup var items: FilterArguments

  @Option(help: ArgumentHelp("List so many at most.", valueName: "count"))
  var limit: Int?

  @Option(help: ArgumentHelp("Leave out the first so many.", valueName: "count"))
  var offset = 0

  @Flag(help: "Print JSON, an object a line.")
  var json = false

  func validate() throws {
    if offset < 0 || limit.map({ $0 < 0 }) == true {
      throw ValidationError("--limit and --offset must be 0 or more")
    }
  }

  func run() throws {
    let index = try EmbeddingIndex(path: index)
    for item in try index.items(items.filter, offset: offset, limit: limit) {
      if json { try printJSONLine(ItemOutput(item)) } else { print(item.line) }
    }
  }
}

struct IndexRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove items from an index.",
    discussion: """
      Items are named by their numbers in quotes, as 'vse index list' shows them, or by their names; or all items of \
      a kind, a group or with some metadata. Their vectors stay in the file until 'vse index compact'. For example:
        vse index remove photos.index '#12' beach.jpg
        vse index remove photos.index --group beach.jpg
      """)

  @Argument(help: "The index, a folder.", completion: .directory)
  var index: String

  @Argument(help: "Items: #NUMBER, or a name.")
  var names: [String] = []

  @OptionGroup var items: FilterArguments

  func validate() throws {
    if names.isEmpty == items.isEmpty {
      throw ValidationError(
        "name the items to remove, or say which: --group NAME, --kind KIND, --where KEY=VALUE")
    }
  }

  func run() throws {
    let index = try EmbeddingIndex(path: index)
    let found = try names.isEmpty ? index.items(items.filter) : names.map { try index.item(named: $0) }
    let removed = try index.remove(ids: found.map(\.id), waiting: Index.noteWaiting)
    print("\(self.index.shown()): removed \(removed)")
  }
}
