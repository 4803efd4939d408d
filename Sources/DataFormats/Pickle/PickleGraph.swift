/// What a pickle has made so far: nodes that refer to each other, and the tables that they stand in.
///
/// Every opcode adds at most one node, so that the graph is bounded by the size of the pickle.
struct PickleGraph {
  /// The bytes that the pickle stands in, among others.
  let source: ByteString
  let path: String
  /// Where the pickle begins, and from the end of its interpretation on how long it is.
  let start: Int
  var byteCount = 0
  private(set) var nodes: [PickleNode] = []
  /// Where the opcode of each node stands.
  private(set) var offsets: [Int] = []
  /// What the nodes hold that can grow, or is not small.
  var sequences: [[PickleNodeID]] = []
  var dictionaries: [PickleDictionaryNode] = []
  var instances: [PickleInstanceNode] = []
  var integers: [PickleInteger] = []
  var decodedBytes: [ByteString] = []
  var decodedText: [String] = []
  var globals: [PickleGlobalNode] = []
  var elementTypes: [PickleElementTypeNode] = []
  var arrays: [PickleArrayNode] = []
  var storageParts: [PickleStorageNode] = []
  var tensors: [PickleTensorNode] = []
  /// PyTorch's storages in the order of their first use, and their places by their keys.
  private(set) var storages: [PickleStorage] = []
  private var storagePlaces: [String: Int] = [:]
  /// How many elements have been taken over from lists that remain as well.
  private var sharedElements = 0

  /// The nodes that every graph begins with, of values that cannot change.
  static let none = PickleNodeID(index: 0)
  static let yes = PickleNodeID(index: 1)
  static let no = PickleNodeID(index: 2)
  static let emptyTuple = PickleNodeID(index: 3)

  init(source: ByteString, path: String, start: Int) {
    self.source = source
    self.path = path
    self.start = start
    sequences = [[]]
    nodes = [.none, .boolean(true), .boolean(false), .tuple(0)]
    offsets = [0, 0, 0, 0]
  }

  subscript(id: PickleNodeID) -> PickleNode { nodes[Int(id.index)] }

  /// Where the opcode that made a node stands.
  func offset(of id: PickleNodeID) -> Int { offsets[Int(id.index)] }

  /// The error for a fault at `offset`.
  func error(_ fault: PickleFault, at offset: Int) -> PickleError {
    .invalid(path: path, offset: offset, fault: fault)
  }

  mutating func add(_ node: PickleNode, at offset: Int) throws(PickleError) -> PickleNodeID {
    guard let index = UInt32(exactly: nodes.count) else { throw error(.tooManyValues, at: offset) }
    nodes.append(node)
    offsets.append(offset)
    return PickleNodeID(index: index)
  }

  /// Counts elements that are taken over from a list that may be used again.
  ///
  /// In an honest pickle each list is used once, and each of its elements took at least a byte.
  mutating func share(_ count: Int, at offset: Int) throws(PickleError) {
    sharedElements += count
    guard sharedElements <= 2 * (offset - start) + 1024 else { throw error(.excessiveSharing, at: offset) }
  }

  /// The place of a storage in `storages`, to which it is added when its key is new; nil when the key is known
  /// with another type or size.
  mutating func place(of storage: PickleStorage) -> Int? {
    if let place = storagePlaces[storage.key] { return storages[place] == storage ? place : nil }
    storages.append(storage)
    storagePlaces[storage.key] = storages.count - 1
    return storages.count - 1
  }
}

extension PickleGraph {
  /// The elements of a list or tuple.
  func elements(_ id: PickleNodeID) -> [PickleNodeID]? {
    switch self[id] {
    case .tuple(let index), .list(let index): sequences[index]
    default: nil
    }
  }

  /// The elements of a tuple.
  func tuple(_ id: PickleNodeID) -> [PickleNodeID]? {
    if case .tuple(let index) = self[id] { sequences[index] } else { nil }
  }

  /// A whole number, or a truth value, that Python takes for one.
  func int(_ id: PickleNodeID) -> Int? {
    switch self[id] {
    case .integer(let value): Int(exactly: value)
    case .boolean(let value): value ? 1 : 0
    default: nil
    }
  }

  /// A tuple of whole numbers, as a shape is; at most 64, as every use of it costs their number.
  func ints(_ id: PickleNodeID) -> [Int]? {
    guard let elements = elements(id), elements.count <= StridedLayout.dimensionLimit else { return nil }
    var numbers: [Int] = []
    for element in elements {
      guard let number = int(element) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// The bytes of a byte string, or of text as UTF-8.
  func bytes(_ id: PickleNodeID) -> ByteString? {
    switch self[id] {
    case .bytes(let start, let count), .text(let start, let count): source[start..<start + count]
    case .decodedBytes(let index): decodedBytes[index]
    case .decodedText(let index): ByteString(Array(decodedText[index].utf8))
    default: nil
    }
  }

  /// Names are copied each time they are used, so they must not be long.
  static let nameLimit = 255

  /// A short name that an opcode or a function takes: a byte string in Python 2, text in Python 3.
  func name(_ id: PickleNodeID) -> String? {
    guard let bytes = bytes(id), bytes.count <= Self.nameLimit else { return nil }
    return bytes.withUnsafeBytes { String(validating: $0, as: UTF8.self) }
  }

  /// The meaning of a name of Python's.
  func global(_ id: PickleNodeID) -> PickleGlobalNode? {
    if case .global(let index) = self[id] { globals[index] } else { nil }
  }
}

/// A name of Python's while its pickle is interpreted.
struct PickleGlobalNode {
  let name: PickleName
  let meaning: PickleGlobal
  let offset: Int
  /// Whether it was the class of an instance.
  var isClass = false
}
