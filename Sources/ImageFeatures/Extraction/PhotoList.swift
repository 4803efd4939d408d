/// Photos in an order that is kept: their names, for lists, and where they are.
public struct PhotoList: Sendable {
  /// One photo.
  public struct Entry: Sendable, Hashable {
    /// What lists call it.
    public let name: String
    /// Its file.
    public let path: String

    /// A photo with a name, at a path.
    public init(name: String, path: String) {
      self.name = name
      self.path = path
    }
  }

  /// The photos; names are distinct and of one line.
  public let entries: [Entry]
  /// Files of folders with a line break in their names, which no list can hold, so that they are left out.
  public let unlistable: [String]
  /// The file that names them, where there is one.
  let listPath: String?

  /// Throws when two photos have the same name, or when a name has a line break, which no list could hold.
  public init(_ entries: [Entry]) throws(PhotoListError) { try self.init(entries, unlistable: []) }

  init(_ entries: [Entry], unlistable: [String], listPath: String? = nil) throws(PhotoListError) {
    // By their bytes: names that only look the same are those of different files.
    var seen: Set<[UInt8]> = []
    for entry in entries {
      guard !Self.hasLineBreak(entry.name) else {
        throw .nameOfSeveralLines(name: entry.name)
      }
      guard seen.insert(Array(entry.name.utf8)).inserted else { throw .namedTwice(name: entry.name) }
    }
    guard !entries.isEmpty else {
      throw unlistable.first.map(PhotoListError.nameOfSeveralLines) ?? .nothing
    }
    self.entries = entries
    self.unlistable = unlistable
    self.listPath = listPath
  }

  /// The number of photos.
  public var count: Int { entries.count }

  static func hasLineBreak(_ name: String) -> Bool {
    name.utf8.contains { $0 == 0x0A || $0 == 0x0D }
  }
}
