internal import DataFormats
internal import GRDB

/// An item as it is to be added: all but its number and its row.
struct NewItem: Equatable {
  var kind: IndexItem.Kind
  var name: String
  var group: String
  /// A JSON object.
  var metadata: String
  /// Whether the name is the path of a file that the vector was made from.
  var isFile: Bool
  /// A checksum of what the vector is made from: the caption's bytes, the photo's file or its features.
  var content: Int64

  /// A checksum of all that the catalogue keeps of the item, to find damage that SQLite does not see.
  func seal(row: Int, checksum: Int64) -> Int64 {
    let fields = [
      "\(kind.number)", name, group, metadata, "\(isFile)", "\(content)", "\(row)", "\(checksum)",
    ]
    return Checksum.of(Array(fields.map { "\($0.utf8.count):\($0)" }.joined().utf8))
  }
}

extension IndexItem.Kind {
  /// The kind as the catalogue keeps it.
  var number: Int { self == .photo ? 0 : 1 }

  init(number: Int) { self = number == 0 ? .photo : .caption }
}

extension IndexItem {
  init(_ row: Row) throws {
    self.init(
      id: try row.value("id"), kind: try Kind(number: row.value("kind")), name: try row.value("name"),
      group: try row.value("group"),
      metadata: try row.value("metadata"), row: try row.value("vector_row"))
  }
}

extension NewItem {
  init(_ row: Row) throws {
    self.init(
      kind: try IndexItem.Kind(number: row.value("kind")), name: try row.value("name"),
      group: try row.value("group"), metadata: try row.value("metadata"), isFile: try row.value("is_file"),
      content: try row.value("content"))
  }
}

extension Row {
  /// Whether the item that it holds is as it was written.
  func isSealed() throws -> Bool {
    try NewItem(self).seal(row: value("vector_row"), checksum: value("checksum")) == value("seal") as Int64
  }
}

extension ItemFilter {
  /// The condition and its arguments.
  var sql: (condition: String, arguments: StatementArguments) {
    var conditions: [String] = []
    var arguments = StatementArguments()
    if let kind {
      conditions.append("kind = ?")
      arguments += [kind.number]
    }
    if let group {
      conditions.append("\"group\" = ?")
      arguments += [group]
    }
    if let groupName {
      conditions.append(
        """
        CASE WHEN substr("group", 1, 1) = '/' THEN substr("group", -1 - length(?)) = '/' || ? AND instr(?, '/') = 0
          ELSE "group" = ? END
        """)
      arguments += [groupName, groupName, groupName, groupName]
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      conditions.append(
        """
        EXISTS (SELECT 1 FROM json_each(items.metadata) AS entry WHERE entry.key = ? AND (CASE entry.type
          WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null'
          ELSE CAST(entry.value AS TEXT) END = ?
          OR typeof(entry.value) = 'real' AND entry.value = ?))
        """)
      // A number that is no 64-bit integer has many spellings.
      arguments += [key, value, Double(value)]
    }
    return (conditions.isEmpty ? "1" : conditions.joined(separator: " AND "), arguments)
  }

  /// Whether it asks for more than a kind.
  var isNarrow: Bool { group != nil || groupName != nil || !metadata.isEmpty }
}

extension Catalogue {
  /// What is in the catalogue under an item's name.
  struct Known {
    var id: Int64
    var content: Int64
    var metadata: String
    var group: String
    var row: Int
    var checksum: Int64
  }

  /// Looks up an item by what makes it one: a photo's name, a caption's text and group.
  func find(_ item: NewItem, _ database: Database) throws -> Known? {
    let statement = try database.cachedStatement(
      sql: item.kind == .photo
        ? "SELECT * FROM items WHERE kind = 0 AND name = ?"
        : "SELECT * FROM items WHERE kind = 1 AND name = ? AND \"group\" = ?")
    let arguments: StatementArguments = item.kind == .photo ? [item.name] : [item.name, item.group]
    return try Row.fetchOne(statement, arguments: arguments).map {
      Known(
        id: try $0.value("id"), content: try $0.value("content"), metadata: try $0.value("metadata"),
        group: try $0.value("group"), row: try $0.value("vector_row"),
        checksum: try $0.value("checksum"))
    }
  }

  /// Adds an item at a row, or puts it in the place of the one with the number `id`.
  func put(_ item: NewItem, id: Int64?, row: Int, checksum: Int64, _ database: Database) throws {
    let seal = item.seal(row: row, checksum: checksum)
    if let id {
      try database.cachedStatement(
        sql: """
          UPDATE items SET "group" = ?, metadata = ?, is_file = ?, content = ?, vector_row = ?, checksum = ?,
            seal = ? WHERE id = ?
          """
      ).execute(arguments: [item.group, item.metadata, item.isFile, item.content, row, checksum, seal, id])
    } else {
      try database.cachedStatement(
        sql: """
          INSERT INTO items (kind, name, "group", metadata, is_file, content, vector_row, checksum, seal)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        item.kind.number, item.name, item.group, item.metadata, item.isFile, item.content, row, checksum,
        seal,
      ])
    }
  }

  /// The items that a filter lets through, by number, from an offset on.
  func items(_ filter: ItemFilter, offset: Int = 0, limit: Int? = nil) throws -> [IndexItem] {
    let (condition, arguments) = filter.sql
    return try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM items WHERE \(condition) ORDER BY id LIMIT ? OFFSET ?",
        arguments: arguments + [limit ?? -1, offset]
      ).map { try IndexItem($0) }
    }
  }

  /// How many items there are of each kind that a filter lets through.
  func counts(_ filter: ItemFilter = ItemFilter()) throws -> [IndexItem.Kind: Int] {
    let (condition, arguments) = filter.sql
    return try read { database in
      var counts: [IndexItem.Kind: Int] = [:]
      for row in try Row.fetchAll(
        database, sql: "SELECT kind, count(*) AS number FROM items WHERE \(condition) GROUP BY kind",
        arguments: arguments)
      {
        counts[try IndexItem.Kind(number: row.value("kind"))] = try row.value("number")
      }
      return counts
    }
  }

  /// The items named `text`: by number where it is "#12", else by name; else the photo at that path.
  func items(named text: String) throws -> [IndexItem] {
    try read { database in
      if text.hasPrefix("#"), let id = Int64(text.dropFirst()) {
        return try Self.items(numbered: [id], database)
      }
      let found = try Self.items(exactlyNamed: text, database)
      return found.isEmpty ? try Self.items(exactlyNamed: FilePath.absolute(text), database) : found
    }
  }

  /// The items with these numbers, in their order; none for a number that no item has.
  func items(numbered ids: [Int64]) throws -> [IndexItem] {
    try read { try Self.items(numbered: ids, $0) }
  }

  private static func items(numbered ids: [Int64], _ database: Database) throws -> [IndexItem] {
    let statement = try database.cachedStatement(sql: "SELECT * FROM items WHERE id = ?")
    return try ids.compactMap { id in
      try Row.fetchOne(statement, arguments: [id]).map { try IndexItem($0) }
    }
  }

  /// The items with this very name, by their numbers.
  func items(exactlyNamed name: String) throws -> [IndexItem] {
    try read { try Self.items(exactlyNamed: name, $0) }
  }

  private static func items(exactlyNamed name: String, _ database: Database) throws -> [IndexItem] {
    try Row.fetchAll(database, sql: "SELECT * FROM items WHERE name = ? ORDER BY id", arguments: [name])
      .map { try IndexItem($0) }
  }

  /// Whether a photo's path has this last part.
  /// - Complexity: O(items).
  func hasPhoto(inFileNamed name: String) throws -> Bool {
    try read { database in
      try Bool.fetchOne(
        database,
        sql: "SELECT EXISTS (SELECT 1 FROM items WHERE kind = ? AND substr(name, -length(?)) = ?)",
        arguments: [IndexItem.Kind.photo.number, "/" + name, "/" + name]) ?? false
    }
  }

  /// How many groups there are, and the largest; items of no group are in none.
  func groups(limit: Int) throws -> (count: Int, largest: [(name: String, items: Int)]) {
    try read { database in
      let count = try Int.fetchOne(
        database, sql: "SELECT count(DISTINCT \"group\") FROM items WHERE \"group\" <> ''")
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT "group" AS name, count(*) AS items FROM items WHERE "group" <> '' GROUP BY "group"
          ORDER BY items DESC, name LIMIT ?
          """, arguments: [limit])
      return (count ?? 0, try rows.map { (try $0.value("name"), try $0.value("items")) })
    }
  }

  /// The items of some rows; those that are not as they were written are left out.
  func items(atRows rows: [Int], _ database: Database) throws -> [Int: IndexItem] {
    let statement = try database.cachedStatement(sql: "SELECT * FROM items WHERE vector_row = ?")
    var items: [Int: IndexItem] = [:]
    for row in rows {
      if let found = try Row.fetchOne(statement, arguments: [row]), try found.isSealed() {
        items[row] = try IndexItem(found)
      }
    }
    return items
  }

  /// Removes items, and returns how many there were.
  func remove(ids: [Int64]) throws -> Int {
    try write { database in
      var removed = 0
      for id in ids {
        try database.execute(sql: "DELETE FROM items WHERE id = ?", arguments: [id])
        removed += database.changesCount
      }
      try database.execute(sql: "UPDATE state SET changes = changes + 1")
      return removed
    }
  }
}
