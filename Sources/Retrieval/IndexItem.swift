internal import DataFormats
public import Tensors

/// What a row of an index stands for: a photo or a caption.
public struct IndexItem: Sendable, Equatable, Identifiable {
  /// What an item is.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A photo.
    case photo
    /// A caption.
    case caption

    /// The other one.
    package var other: Kind { self == .photo ? .caption : .photo }
  }

  /// The number that the index gave it; it keeps it for as long as it is in the index.
  public var id: Int64
  /// What it is.
  public var kind: Kind
  /// A photo's path or name, or a caption's text.
  public var name: String
  /// What it belongs to, such as the photo that a caption describes; empty where nothing was said.
  public var group: String
  /// More about it: a JSON object.
  public var metadata: String
  /// The row of its vector, which compaction may change.
  public var row: Int

  /// An item, as the catalogue has it.
  public init(id: Int64, kind: Kind, name: String, group: String, metadata: String, row: Int) {
    self.id = id
    self.kind = kind
    self.name = name
    self.group = group
    self.metadata = metadata
    self.row = row
  }
}

extension IndexItem {
  /// What the group is called where paths of this machine are nobody's business: the last part of a group that is a path,
  /// such as that of the photo which a caption describes, and any other group as it is.
  package var groupName: String {
    group.utf8.first == UInt8(ascii: "/") ? FilePath.name(of: group) : group
  }
}

/// Which items a search or a list is about; all conditions must hold.
public struct ItemFilter: Sendable, Hashable {
  /// Only of this kind.
  public var kind: IndexItem.Kind?
  /// Only of this group.
  public var group: String?
  /// Only of groups that are called so; see `IndexItem.groupName`.
  package var groupName: String?
  /// Only items whose metadata has all of these values; numbers and truth values as JSON writes them.
  public var metadata: [String: String]

  /// All items, unless told otherwise.
  public init(kind: IndexItem.Kind? = nil, group: String? = nil, metadata: [String: String] = [:]) {
    self.kind = kind
    self.group = group
    self.metadata = metadata
  }
}

/// How an index keeps vectors; fixed when it is made.
public struct IndexOptions: Sendable, Equatable {
  /// The number format of the vectors; bfloat16 takes half the room and changes scores by about 0.001.
  public var precision: Precision
  /// From how many items of a kind on searches are approximate, unless told otherwise.
  public var approximateFrom: Int

  /// Float32 and approximate from 200,000 items on, unless told otherwise.
  public init(precision: Precision = .float32, approximateFrom: Int = 200_000) {
    self.precision = precision
    self.approximateFrom = approximateFrom
  }
}
