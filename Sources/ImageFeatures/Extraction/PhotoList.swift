/// Photos in an order that is kept: their names, for lists, and where they are.
public struct PhotoList: Sendable {
  /// One photo.
  public struct Entry: Sendable, Hashable {
    /// What lists call it.
    public let name: String
    /// Its file.
    public let path: String

    public init(name: String, path: String) {
      self.name = name
      self.path = path
    }
  }

  /// The photos; names are distinct and of one line.
  public let entries: [Entry]

  /// Throws when two photos have the same name, or when a name has a line break, which no list could hold.
  public init(_ entries: [Entry]) throws(PhotoListError) {
    var seen: Set<String> = []
    for entry in entries {
      guard !entry.name.utf8.contains(0x0A), !entry.name.utf8.contains(0x0D) else {
        throw .nameOfSeveralLines(name: entry.name)
      }
      guard seen.insert(entry.name).inserted else { throw .namedTwice(name: entry.name) }
    }
    guard !entries.isEmpty else { throw .nothing }
    self.entries = entries
  }

  public var count: Int { entries.count }
}
