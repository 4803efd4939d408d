internal import DataFormats
internal import GRDB
internal import Tensors

/// What a catalogue says of its index as a whole.
struct IndexState: Equatable {
  /// The identity of the model that the vectors are from, and where it was.
  var modelIdentity: String
  var modelPath: String
  /// D.
  var dim: Int
  var precision: Precision
  /// Which vector file is the one.
  var generation = 1
  /// How many of its rows count.
  var committedRows = 0
  var approximateFrom: Int
  /// Counted up by every change, so that a reader knows whether what it has is still so.
  var changes = 0

  var header: VectorFileHeader {
    VectorFileHeader(precision: precision, columns: dim, generation: generation)
  }
}

/// The SQLite database that says what the rows of the vector file are.
///
/// A row counts when the catalogue says so: vectors are appended and flushed to disk first, then one transaction
/// raises the committed length and adds the items. A crash before it leaves bytes behind the committed length, which
/// the next writer cuts off; a crash after it loses nothing.
final class Catalogue {
  /// The folder of the index, for messages.
  let index: String
  private let queue: DatabaseQueue

  static let version = 1
  /// "vseI", by which SQLite's own tools, and this one, know the file; those of before it have 0.
  private static let applicationID = 0x7673_6549

  /// Opens the database of an index, or makes an empty one.
  init(_ folder: IndexFolder) throws {
    index = folder.path
    guard FileKind(path: folder.catalogue) != .folder else {
      throw IndexError.catalogue(path: folder.path, reason: "catalogue.sqlite is a folder")
    }
    var configuration = Configuration()
    // Another process's transaction takes milliseconds, unless its disk is slow.
    configuration.busyMode = .timeout(30)
    configuration.prepareDatabase { database in try database.execute(sql: "PRAGMA synchronous = FULL") }
    do {
      queue = try DatabaseQueue(path: folder.catalogue, configuration: configuration)
    } catch let error as DatabaseError where error.isReadOnly {
      configuration.readonly = true
      queue = try Self.translating(index) {
        try DatabaseQueue(path: folder.catalogue, configuration: configuration)
      }
    } catch let error as DatabaseError {
      throw Self.translated(error, index: folder.path)
    }
  }

  /// Calls `body` in a transaction that sees one state of the catalogue.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.translating(index) { try queue.read(body) }
  }

  /// Calls `body` in a transaction that is committed, and flushed to disk, when it returns.
  func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.translating(index) { try queue.write(body) }
  }

  private static func translating<Result>(_ index: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as DatabaseError { throw translated(error, index: index) }
  }

  /// SQLite's errors as ours, so that no caller needs to know GRDB.
  private static func translated(_ error: DatabaseError, index: String) -> IndexError {
    if error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_WRITE {
      return .diskFull(path: index)
    }
    return .catalogue(path: index, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
  }

  /// Makes the tables and the state of a new index; both or, after a crash, neither.
  func create(_ state: IndexState) throws {
    try write { database in
      try database.execute(sql: Self.schema)
      try state.insert(database)
      try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
      try database.execute(sql: "PRAGMA user_version = \(Self.version)")
    }
  }

  /// What the catalogue says of the index; nil in a database in which no index was made yet.
  func state() throws -> IndexState? { try read { try self.state($0) } }

  func state(_ database: Database) throws -> IndexState? {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version == Self.version else {
      try refuseForeign(database, version: version)
      return nil
    }
    guard let row = try Row.fetchOne(database, sql: "SELECT * FROM state") else { return nil }
    guard let state = try IndexState(row) else {
      throw IndexError.catalogue(path: index, reason: "it states impossible sizes, so it is damaged")
    }
    return state
  }

  /// Throws for a database of another version, or of another program; an empty one is nobody's.
  private func refuseForeign(_ database: Database, version: Int) throws {
    if try Int.fetchOne(database, sql: "PRAGMA application_id") == Self.applicationID, version != 0 {
      throw IndexError.newerVersion(path: index, version: version)
    }
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    guard version == 0, tables == 0 else { throw IndexError.folderIsTaken(path: index) }
  }

  private static let schema = """
    CREATE TABLE state (
      id INTEGER PRIMARY KEY CHECK (id = 1), model_identity TEXT NOT NULL, model_path TEXT NOT NULL,
      dim INTEGER NOT NULL, precision TEXT NOT NULL, generation INTEGER NOT NULL,
      committed_rows INTEGER NOT NULL, approximate_from INTEGER NOT NULL, changes INTEGER NOT NULL
    );
    CREATE TABLE items (
      id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, name TEXT NOT NULL, "group" TEXT NOT NULL,
      metadata TEXT NOT NULL, is_file INTEGER NOT NULL, content INTEGER NOT NULL, vector_row INTEGER NOT NULL,
      checksum INTEGER NOT NULL, seal INTEGER NOT NULL
    );
    -- A photo is one by its path; a caption of several photos is one for each.
    CREATE UNIQUE INDEX photos ON items (name) WHERE kind = 0;
    CREATE UNIQUE INDEX captions ON items (name, "group") WHERE kind = 1;
    -- Holds all that a search needs to know of the rows.
    CREATE INDEX vectors ON items (vector_row, kind, checksum);
    \(graphsTable)
    """
  static let graphsTable = """
    CREATE TABLE graphs (
      kind INTEGER PRIMARY KEY, generation INTEGER NOT NULL, covered_rows INTEGER NOT NULL,
      items INTEGER NOT NULL, byte_count INTEGER NOT NULL, checksum INTEGER NOT NULL, links INTEGER NOT NULL,
      construction INTEGER NOT NULL, breadth INTEGER NOT NULL, recall REAL, queries INTEGER NOT NULL
    );
    """
}

extension DatabaseError {
  fileprivate var isReadOnly: Bool {
    resultCode == .SQLITE_CANTOPEN || resultCode == .SQLITE_READONLY || resultCode == .SQLITE_PERM
  }
}

extension Row {
  /// The value of a column; throws where it is of another type, as only damage makes it.
  ///
  /// GRDB's own subscripts end the process then.
  func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    let found: DatabaseValue = self[column]
    guard let value = Value.fromDatabaseValue(found) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\(column) has an impossible value")
    }
    return value
  }

  /// The same for a column by its place.
  func value<Value: DatabaseValueConvertible>(at place: Int) throws -> Value {
    let found: DatabaseValue = self[place]
    guard let value = Value.fromDatabaseValue(found) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "column \(place) has an impossible value")
    }
    return value
  }
}

extension IndexState {
  /// Nil when there can be no such index.
  fileprivate init?(_ row: Row) throws {
    let dim: Int = try row.value("dim")
    let rows: Int = try row.value("committed_rows")
    let generation: Int = try row.value("generation")
    guard let precision = Precision(rawValue: try row.value("precision")), (1...1 << 28).contains(dim),
      (0..<Int(Int32.max)).contains(rows), (1...Int(Int32.max)).contains(generation)
    else { return nil }
    self.init(
      modelIdentity: try row.value("model_identity"), modelPath: try row.value("model_path"), dim: dim,
      precision: precision, generation: generation, committedRows: rows,
      approximateFrom: try row.value("approximate_from"), changes: try row.value("changes"))
  }

  fileprivate func insert(_ database: Database) throws {
    try database.execute(
      sql: "INSERT INTO state VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        modelIdentity, modelPath, dim, precision.rawValue, generation, committedRows, approximateFrom,
        changes,
      ])
  }

  /// Overwrites what may change.
  func update(_ database: Database) throws {
    try database.execute(
      sql: """
        UPDATE state SET generation = ?, committed_rows = ?, approximate_from = ?, model_path = ?,
          changes = changes + 1
        """, arguments: [generation, committedRows, approximateFrom, modelPath])
  }
}
